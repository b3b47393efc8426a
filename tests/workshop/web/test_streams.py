"""Claims about how pages stay up to date: one slot per reader, the newest wins, and who stops reading holds up nobody."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable

from tests.conftest import awaited
from tests.workshop.web.served import Facilitator, Person, Phone, Server

from ketensim.workshop.web.settings import Limits
from ketensim.workshop.web.stream import Readers, event_stream

New = Callable[..., Person]
NewPhone = Callable[..., Phone]


def test_a_reader_that_was_asleep_gets_the_newest_and_nothing_in_between():
    async def told() -> list[int]:
        readers = Readers(Limits())
        number = 0
        reader = readers.open("ABCD", "seat", "address")
        assert reader is not None
        answer = event_stream(readers, "ABCD", reader, lambda: {"number": number})
        parts = answer.body_iterator.__aiter__()
        found = []
        for _ in range(2):
            await anext(parts)  # the time to come back, then the first snapshot
        while number < 1000:
            number += 1
            readers.wake("ABCD")
        found.append(json.loads(str(await anext(parts)).removeprefix("data: "))["number"])
        reader.close()
        assert [part async for part in parts] == []
        assert len(readers) == 0
        return found

    assert awaited(told()) == [1000]


def test_streams_are_capped_per_seat_per_address_and_in_all():
    limits = Limits(streams_per_seat=2, streams_per_address=3, streams=5)
    readers = Readers(limits)
    mine = [readers.open("ABCD", "one", "x") for _ in range(3)]
    assert [reader.closed for reader in mine if reader is not None] == [True, False, False]
    assert readers.open("ABCD", "two", "x") is None
    others = [readers.open("ABCD", f"seat {number}", "y") for number in range(3)]
    assert others[1] is not None and others[2] is None
    for reader in [*mine, *others]:
        if reader is not None:
            readers.leave("ABCD", reader)
    assert len(readers) == 0 and readers.open("ABCD", "two", "x") is not None


def test_a_change_reaches_every_phone_at_once_and_polling_says_the_same(leader: Facilitator, phone: NewPhone):
    phones = [phone() for _ in range(3)]
    streams = [one.events(f"/m/{one.code}") for one in phones]
    for stream in streams:
        assert next(stream)["phase"] == "lobby"
    begun = time.monotonic()
    leader.go_on()
    streamed = [next(one for one in stream if one["phase"] == "predict") for stream in streams]
    assert time.monotonic() - begun < 5
    for one, found in zip(phones, streamed, strict=True):
        polled = one.state()
        assert polled["server"] == found["server"] and polled["serial"] > found["serial"], "which one is the newer"
        assert {**polled, "now": 0, "serial": 0} == {**found, "now": 0, "serial": 0}


def test_twenty_phones_that_do_not_read_hold_up_nobody(server: Server, leader: Facilitator, phone: NewPhone):
    one = phone()
    cookie = "; ".join(f"{found.name}={found.value}" for found in one.web.cookies.jar)
    deaf = []
    for number in range(20):
        stuck = socket.socket()
        stuck.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        stuck.connect(("127.0.0.1", server.port))
        request = f"GET /m/{one.code}/stream HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\nX-Forwarded-For: 10.6.0.{number}\r\n\r\n"
        stuck.sendall(request.encode())
        deaf.append(stuck)
    took = []
    for number in range(20):
        begun = time.monotonic()
        leader.act(do="tell", message=f"message {number}")
        one.state()
        took.append(time.monotonic() - begun)
    assert sorted(took)[10] < 1.0
    for stuck in deaf:
        stuck.close()


def test_presence_is_seen_by_the_facilitator(leader: Facilitator, phone: NewPhone):
    one = phone("Anna")
    stream = one.events(f"/m/{one.code}")
    next(stream)
    assert leader.state()["people"][0]["here"] is True


def test_a_phone_that_sends_without_end_is_slowed_and_others_are_not(leader: Facilitator, phone: NewPhone):
    one, other = phone(), phone()
    leader.go_on()
    answers = [200]
    while answers[-1] == 200 and len(answers) < 2000:
        answers.append(one.act(do="predict", share=1, round=0).status_code)
    assert answers[-1] == 429 and len(answers) > Limits().actions
    assert other.act(do="predict", share=1, round=0).status_code == 200
