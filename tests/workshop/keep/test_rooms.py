"""Claims about what survives: a killed process, a restart; and what is gone when it is deleted."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

import pytest
from tests.workshop.small import NOW, plan

from ketensim.foundation.errors import InputError
from ketensim.texts import languages, t
from ketensim.workshop.game import rounds
from ketensim.workshop.game.log_entries import KINDS, MessageSet, PhaseAdvanced, SeatTaken, entry_as_json
from ketensim.workshop.game.plans import WorkshopPlan
from ketensim.workshop.game.room import ALPHABET, Phase, Refused, Room
from ketensim.workshop.keep.rooms import Rooms
from ketensim.workshop.web.identity import pass_of, rejoin_code, seat_of_pass, seat_of_rejoin

WRITER = """
import sys
from ketensim.workshop.game.log_entries import MessageSet
from ketensim.workshop.keep.rooms import Rooms
from tests.workshop.small import NOW, plan
rooms = Rooms(sys.argv[1])
code = rooms.create(plan(), "nl", at=NOW).code
number = 0
while True:
    number += 1
    room = rooms.act(code, MessageSet(at=NOW + number, message=f"bericht {number}"))
    print(code, room.version, room.message, flush=True)
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "rooms.sqlite"


@pytest.mark.parametrize("acknowledged", [3, 60])
def test_nothing_that_was_acknowledged_is_lost_when_the_process_is_killed(file, acknowledged):
    root = Path(__file__).parents[3]
    with subprocess.Popen([sys.executable, "-c", WRITER, file], cwd=root, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        heard = [writer.stdout.readline() for _ in range(acknowledged)]
        os.kill(writer.pid, signal.SIGKILL)
        heard += writer.stdout.read().splitlines()[:-1]  # what it had said before it died, but for half a line
    code, version, message = heard[-1].split(" ", 2)
    rooms = Rooms(file)
    room = rooms.find(code)
    assert room.version >= int(version)
    assert int(room.message.split()[1]) >= int(message.split()[1])
    assert rooms.act(code, PhaseAdvanced(at=room.at)).phase == Phase.PREDICT, "and the workshop goes on"
    rooms.close()


def test_the_same_codes_seats_and_secrets_after_a_restart(file):
    rooms = Rooms(file)
    made = [rooms.create(plan(), "nl", at=NOW) for _ in range(3)]
    seat = rooms.join(made[0].code, at=NOW, nickname="Merel", table=1, organisation="Judge")
    cookie, code = (proof(rooms.find(made[0].code), seat) for proof in (pass_of, rejoin_code))
    before = {one.code: rooms.find(one.code) for one in made}
    rooms.close()
    again = Rooms(file)
    assert set(again.codes()) == set(before)
    assert {code: again.find(code) for code in before} == before
    room = again.find(made[0].code)
    assert seat_of_pass(room, cookie) == seat_of_rejoin(room, code) == seat
    assert again.is_facilitator(made[0].code, made[0].secret)
    again.close()


def test_one_room_does_not_open_with_the_keys_of_another(file):
    rooms = Rooms(file)
    one, two = (rooms.create(plan(), "nl", at=NOW) for _ in range(2))
    seat = rooms.join(one.code, at=NOW)
    cookie = pass_of(rooms.find(one.code), seat)
    rooms.act(two.code, SeatTaken(at=NOW, seat=seat.id, token_hash="the same seat, another secret"))
    assert seat_of_pass(rooms.find(two.code), cookie) is None
    assert not rooms.is_facilitator(two.code, one.secret)
    assert not rooms.is_facilitator(one.code, cookie)
    with pytest.raises(Refused):
        rooms.act(two.code, SeatTaken(at=NOW, seat="x", token_hash="y", table=9))
    assert rooms.find(two.code).version == 2
    rooms.close()


def test_a_deleted_room_is_nowhere_in_the_file(file):
    rooms = Rooms(file)
    gone, kept = (rooms.create(plan(), "nl", at=NOW, days=days) for days in (1, 30))
    for room, name in ((gone, "Zeldzaam"), (kept, "Blijvend")):
        for _ in range(20):
            rooms.join(room.code, at=NOW, nickname=name)
    everything = b"".join(part.read_bytes() for part in file.parent.iterdir())
    assert b"Zeldzaam" in everything and b"Blijvend" in everything
    assert rooms.delete_expired(at=NOW + 86_399) == 0
    assert rooms.delete_expired(at=NOW + 86_400) == 1
    everything = b"".join(part.read_bytes() for part in file.parent.iterdir())
    assert b"Zeldzaam" not in everything and gone.code.encode() not in everything
    assert b"Blijvend" in everything
    with pytest.raises(Refused):
        rooms.find(gone.code)
    rooms.delete(kept.code)
    assert b"Blijvend" not in b"".join(part.read_bytes() for part in file.parent.iterdir())
    rooms.close()


def test_the_file_holds_no_secret_and_only_its_owner_reads_it(file):
    rooms = Rooms(file)
    made = rooms.create(plan(), "nl", at=NOW)
    cookie = pass_of(rooms.find(made.code), rooms.join(made.code, at=NOW))
    everything = b"".join(part.read_bytes() for part in file.parent.iterdir())
    assert made.secret.encode() not in everything and cookie.encode() not in everything
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    rooms.close()


def test_sixty_joining_at_once_all_get_a_seat_of_their_own(file):
    rooms = Rooms(file)
    code = rooms.create(plan(team_size=5), "nl", at=NOW).code
    heard: list[Room] = []
    stop = rooms.listen(lambda _, room: heard.append(room))
    threads = [threading.Thread(target=rooms.join, args=(code,), kwargs={"at": NOW}) for _ in range(60)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    stop()
    rooms.act(code, MessageSet(at=NOW, message="allen binnen"))
    room = rooms.find(code)
    assert len(room.seats) == 60
    assert sorted(one.version for one in heard) == list(range(2, 62))
    assert rounds.room_from_log(rooms._logs.entries(code)) == room
    rooms.close()


def test_a_room_that_a_version_before_has_written_opens_as_it_was(file):
    """Everything that can stand in a log stands in this one; its names on the disk are not those of the code."""
    stored = json.loads((Path(__file__).parent / "stored_room.json").read_text("utf-8"))
    opening = stored["log"][0]
    with closing(sqlite3.connect(file)) as database, database:
        for statement in stored["tables"]:
            database.execute(statement)
        database.execute("INSERT INTO room VALUES (?, ?)", (opening["code"], opening["delete_at"]))
        for number, entry in enumerate(stored["log"], 1):
            database.execute("INSERT INTO event VALUES (?, ?, ?)", (opening["code"], number, json.dumps(entry)))
    assert {entry["kind"] for entry in stored["log"]} <= set(KINDS)
    rooms, before = Rooms(file), stored["room"]
    room = rooms.find(opening["code"])
    seats = [[seat.nickname, seat.table, seat.role, seat.organisation, seat.active] for seat in room.seats.values()]
    assert seats == before.pop("seats")
    assert list(room.predictions.values()) == before.pop("predictions")
    assert list(room.advice.values()) == before.pop("advice")
    choices = {
        "/".join(map(str, turn)): {name: asdict(choice)[name] for name in ("steps", "by", "final", "at")}
        for turn, choice in room.choices.items()
    }
    assert choices == before.pop("choices")
    assert {name: getattr(room, name) for name in before} == before
    written = [entry_as_json(entry) for entry in rooms._logs.entries(opening["code"])]
    assert written == stored["log"], "and it is written under the same names"
    rooms.close()


def test_a_room_that_cannot_be_read_keeps_no_other_room_closed(file, caplog):
    rooms = Rooms(file)
    broken, sound = (rooms.create(plan(), "nl", at=NOW).code for _ in range(2))
    rooms._logs._database.execute('UPDATE event SET event = \'{"kind": "Danced"}\' WHERE code = ?', (broken,))
    rooms.close()
    again = Rooms(file)
    assert again.codes() == (sound,)
    assert broken in caplog.text
    assert again.delete_expired(at=NOW + 31 * 86_400) == 2, "its date of deletion holds all the same"
    again.close()


def test_one_server_has_a_file_at_a_time(file):
    rooms = Rooms(file)
    rooms.create(plan(), "nl", at=NOW)
    with pytest.raises(InputError) as caught:
        Rooms(file)
    [problem] = caught.value.problems
    assert problem.key == "error.folder_in_use"
    assert all(t(problem.key, language, **problem.facts) for language in languages())
    rooms.close()
    again = Rooms(file)
    assert len(again.codes()) == 1
    again.close()


def test_a_full_disk_says_so_and_loses_nothing_and_goes_on_when_there_is_room(file):
    rooms = Rooms(file)
    code = rooms.create(plan(), "nl", at=NOW).code
    database = rooms._logs._database
    [[pages]] = database.execute("PRAGMA page_count")
    [[most]] = database.execute("PRAGMA max_page_count")
    database.execute(f"PRAGMA max_page_count = {pages}")  # as a disk without room for one page more
    before, refused = rooms.find(code), ""
    for number in range(200):
        try:
            before = rooms.act(code, MessageSet(at=NOW + number, message=f"bericht {number} " + "x" * 150))
        except Refused as error:
            refused = error.key
            break
    assert refused == "workshop.refused.disk_full" and rooms.find(code) is before
    database.execute(f"PRAGMA max_page_count = {most}")
    after = rooms.act(code, MessageSet(at=NOW + 300, message="er is weer plaats"))
    assert after.version == before.version + 1
    rooms.close()
    again = Rooms(file)
    assert again.find(code) == after
    again.close()


def test_a_listener_that_fails_takes_nobody_down(caplog):
    rooms = Rooms()
    code = rooms.create(plan(), "nl", at=NOW).code
    rooms.listen(lambda *_: 1 / 0)
    assert rooms.act(code, PhaseAdvanced(at=NOW)).phase == Phase.PREDICT
    assert "listener" in caplog.text


def test_codes_use_no_sign_that_is_read_as_another_and_spell_no_words():
    assert not set("01OILAEIUY") & set(ALPHABET)
    rooms = Rooms()
    codes = {rooms.create(plan(), "nl", at=NOW).code for _ in range(5)}
    assert len(codes) == 5 and all(len(code) == 4 and set(code) <= set(ALPHABET) for code in codes)


def test_a_file_that_cannot_be_used_is_one_clear_error(tmp_path):
    (tmp_path / "other").write_text("no database at all, but long enough to be looked at " * 40)
    for path in (tmp_path / "other", tmp_path / "no" / "such" / "folder", tmp_path):
        with pytest.raises(InputError):
            Rooms(path)


def test_a_room_that_is_not_there_or_is_one_too_many_is_refused_in_words(monkeypatch):
    monkeypatch.setattr("ketensim.workshop.keep.rooms.MOST_ROOMS", 1)
    rooms = Rooms()
    rooms.create(plan(), "nl", at=NOW)
    for attempt in (lambda: rooms.find("ZZZZ"), lambda: rooms.create(plan(), "nl", at=NOW)):
        with pytest.raises(Refused) as refused:
            attempt()
        assert all(t(refused.value.key, language, **refused.value.facts) for language in languages())


def test_a_plan_for_a_chain_that_is_not_there_opens_no_room():
    rooms = Rooms()
    with pytest.raises(InputError):
        rooms.create(WorkshopPlan.from_dict({**plan().as_dict(), "chain": "nergens"}), "nl", at=NOW)
    assert rooms.codes() == ()
