"""Claims about what comes in and what goes out: strange input, headers, cookies, and what is really gone."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Callable

import httpx
import pytest
from tests.workshop.web.served import Facilitator, Fields, Person, Phone, Server

New = Callable[..., Person]
NewPhone = Callable[..., Phone]


# --- what comes in ----------------------------------------------------------------------------------------------------
STRANGE = [
    b"", b"[]", b"7", b'"x"', b"{", b'{"do": []}', b'{"do": "predict", "round": 0, "share": NaN}',
    b'{"do": "predict", "round": 0, "share": 1e999}', b'{"do": "predict", "round": 0, "share": "50"}',
    b'{"do": "predict", "round": 0, "share": true}', b'{"do": "predict", "round": 0, "share": -1}',
    b'{"do": "predict", "round": 0, "share": 101}', b'{"do": "predict", "share": 5}', b'{"do": "predict", "round": 1e400}',
    b'{"do": "name", "nickname": 7}', b'{"do": "name", "nickname": "' + b"x" * 1000 + b'"}', b"[" * 5000,
    b'{"do": "choose", "round": 0, "steps": [1]}', b'{"do": "choose", "round": 0, "steps": {"room": 99}}', b"\xff\xfe",
    b'{"do": "choose", "round": 0, "steps": {"room": 1.5}}', b'{"do": "go_on"}', b'{"do": "close"}',
    b'{"do": "predict", "round": 0, "share": ' + b"9" * 400 + b"}", b'{"do": "change", "round": 0, "decision": 3, "step": 1}',
    b'{"do": "propose", "partner": "Judge", "round": 0, "frame": "x", "time": 1}', b'{"do": "hold", "partner": 5}',
]  # fmt: skip


@pytest.fixture(scope="module")
def victim(server: Server):
    """A participant in the predict phase who is sent strange things."""
    lead, one = Facilitator(server.base, "10.8.0.1"), Phone(server.base, "10.8.0.2")
    lead.enter(server.key).make()
    one.join(lead.code, "Anna")
    lead.go_on()
    return one


@pytest.mark.parametrize("body", STRANGE, ids=lambda body: body[:30].decode("ascii", "replace"))
def test_strange_input_is_refused_and_breaks_nothing(victim: Phone, body: bytes):
    headers = {"origin": victim.base, "content-type": "application/json"}
    answer = victim.web.post(f"/m/{victim.code}/act", content=body, headers=headers)
    assert 400 <= answer.status_code < 500
    assert answer.json()["problem"]
    assert victim.state()["prediction"] is None and victim.state()["me"]["nickname"] == "Anna"


def test_a_body_that_is_too_large_is_refused_whether_it_says_so_or_not(server: Server, victim: Phone):
    headers = {"origin": victim.base, "content-type": "application/json"}
    large = json.dumps({"do": "name", "nickname": "x" * 20_000}).encode()
    assert victim.web.post(f"/m/{victim.code}/act", content=large, headers=headers).status_code == 413
    pieces = (large[place : place + 1000] for place in range(0, len(large), 1000))
    assert victim.web.post(f"/m/{victim.code}/act", content=pieces, headers=headers).status_code == 413


def test_what_people_type_is_never_markup(leader: Facilitator, person: New):
    sent = "<script>x</script>"
    page = person().get(f"/m/{sent}")
    assert sent not in page.text
    one = person()
    fields = Fields(one.get(f"/m/{leader.code}").text).found
    page = one.post(f"/m/{leader.code}", {**fields, "nickname": '"><b>x', "place": "9|team|Nobody"})
    assert page.status_code == 409 and '"><b>' not in page.text


def test_a_form_names_no_file_of_this_machine(server: Server, leader: Facilitator):
    found = Fields(leader.get("/?plan=minutes_20").text).found
    for chain in ("/etc/passwd", "../scenarios/reference.yaml", ""):
        answer = leader.post("/rooms", {**found, "chain": chain})
        assert answer.status_code == 409 and answer.url.path == "/rooms"
    for name, value in {"tables": "99", "team_size": "0", "rounds": "1", "days": "9999", "minutes_lobby": "x"}.items():
        assert leader.post("/rooms", {**found, name: value}).status_code == 409


# --- what goes out ----------------------------------------------------------------------------------------------------
def test_every_page_is_strict_about_what_it_loads(leader: Facilitator, phone: NewPhone):
    one = phone()
    pages = [
        one.get(path) for path in ("/m", f"/m/{one.code}", f"/m/{one.code}/back", f"/m/{one.code}/seat", "/nowhere")
    ]
    pages += [leader.get(path) for path in ("/", "/key", f"/room/{leader.code}", f"/room/{leader.code}/screen")]
    for page in pages:
        rules = page.headers["content-security-policy"]
        assert "default-src 'none'" in rules and "frame-ancestors 'none'" in rules and "unsafe" not in rules
        assert page.headers["x-content-type-options"] == "nosniff"
        assert page.headers["referrer-policy"] == "same-origin"
        assert page.headers["cache-control"] == "no-store"
        assert "server" not in page.headers
        assert not re.search(r"<script(?![^>]*(src=|application/json))|\son\w+=|style=|https?://(?!127)", page.text)


def test_cookies_are_out_of_reach_of_scripts_and_bound_to_tls_where_there_is_tls(server: Server, leader: Facilitator):
    for scheme in ("http", "https"):
        web = httpx.Client(base_url=server.base, headers={"x-forwarded-proto": scheme, "x-forwarded-for": "10.7.0.1"})
        origin = server.base.replace("http", scheme, 1)
        fields = Fields(web.get(f"/m/{leader.code}").text).found
        seat = web.post(f"/m/{leader.code}", data=fields, headers={"origin": origin}).headers["set-cookie"]
        key = web.post("/key", data={"key": server.key}, headers={"origin": origin}).headers["set-cookie"]
        assert "HttpOnly" in seat and "SameSite=lax" in seat and f"Path=/m/{leader.code}" in seat
        assert "HttpOnly" in key and "SameSite=strict" in key
        assert ("Secure" in seat) == ("Secure" in key) == (scheme == "https")
        web.close()


def test_a_fourth_stream_of_a_seat_closes_its_oldest(phone: NewPhone):
    one = phone()
    streams = [one.events(f"/m/{one.code}") for _ in range(4)]
    first = streams[0]
    for stream in streams:
        assert next(stream)["phase"] == "lobby"
    assert list(first) == []


def test_a_room_that_is_deleted_is_really_gone(server: Server, leader: Facilitator, phone: NewPhone):
    one = phone("Onvergetelijk")
    assert leader.act(do="delete", code="XXXX").status_code == 409
    stream = one.events(f"/m/{one.code}")
    next(stream)
    assert leader.act(do="delete", code=leader.code).json() == {"deleted": True}
    assert list(stream) == []
    assert one.get(f"/m/{one.code}/state").status_code == 410
    assert leader.get(f"/room/{leader.code}/state").status_code == 410
    assert one.get(f"/m/{one.code}").status_code == 404
    kept = b"".join(file.read_bytes() for file in server.folder.glob("workshops.sqlite*"))
    assert kept and b"Onvergetelijk" not in kept and leader.code.encode() not in kept


def test_a_connection_that_says_nothing_holds_up_nobody(server: Server, person: New):
    quiet = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(30)]
    for one in quiet:
        one.sendall(b"GET /m HTTP/1.1\r\nHost: 127.0.0.1\r\n")
    assert person().get("/m", timeout=5).status_code == 200
    for one in quiet:
        one.close()
