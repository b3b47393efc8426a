"""Claims about a server in trouble: killed in every phase, with a clock that is set, flooded, without room on its disk."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.workshop.web.served import PLAN, Facilitator, Fields, Person, Phone, Server

from ketensim.texts import t
from ketensim.workshop.web.settings import Limits

SHORT = {**PLAN, "tables": 1, "runs": 20}
PHASES = ("lobby", "predict", "decide", "run", "moment", "second", "reveal", "debrief")
COMPUTED = ("run", "moment", "second", "reveal", "debrief")  # where there is something to compute anew
VOLATILE = ("now", "server", "serial", "people", "screens")
HOUR = 3_600.0
WITH_A_CLOCK = """\
import pathlib, runpy, sys, time
clock, real = pathlib.Path(sys.argv.pop(1)), time.time
time.time = lambda: real() + float(clock.read_text())
runpy.run_module("ketensim.cli", run_name="__main__")
"""
WITH_SMALL_FILES = """\
import pathlib, resource, runpy, sys, threading, time
full = pathlib.Path(sys.argv.pop(1))
def watch():
    while True:
        size = 100_000 if full.exists() else resource.RLIM_INFINITY
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
        time.sleep(0.05)
threading.Thread(target=watch, daemon=True).start()
runpy.run_module("ketensim.cli", run_name="__main__")
"""


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Server]:
    """A server of its own, to be killed."""
    server = Server(tmp_path / "own", plan=SHORT)
    yield server
    server.stop()


def seated(server: Server) -> tuple[Facilitator, Phone]:
    """Who leads, and the phone of a team."""
    leader = Facilitator(server.base).enter(server.key)
    return leader, Phone(server.base).join(leader.lead(server.code), "Noor", "0|team|Judge")


def test_a_server_that_is_killed_goes_on_where_it_was_in_every_phase(own: Server):
    leader, phone = seated(own.start())
    for place, phase in enumerate(PHASES):
        assert leader.state()["phase"] == phase
        if phase == "predict":
            assert phone.predict(40).status_code == 200
        if phase == "decide":
            partner = phone.state()["decide"]["partners"][0]["id"]
            assert phone.act(do="propose", partner=partner, frame=4, time=3, round=0).status_code == 200
            assert phone.choose(room=4, steering=0).status_code == 200
        if phase == "moment":
            assert phone.act(do="hold", partner=partner, held=False, round=0).status_code == 200
        before = what_is_shown(leader, phone)
        own.kill()
        own.start(with_plan=False)
        assert what_is_shown(leader, phone) == before, phase
        while phase != PHASES[-1] and leader.state()["phase"] != PHASES[place + 1]:
            if leader.state()["phase"] in COMPUTED:
                leader.until("computed")
            leader.go_on()  # after the first reveal through the second year


def what_is_shown(leader: Facilitator, phone: Phone) -> list[dict[str, object]]:
    """What stands on the screens, once all of it has been computed, but for the time and who is there."""
    if leader.state()["phase"] in COMPUTED:
        leader.until("computed")
    shown = [one.state() for one in (leader, phone)]
    return [{name: part for name, part in one.items() if name not in VOLATILE} for one in shown]


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_laptop_whose_clock_is_set_hurries_nobody_and_keeps_nobody_waiting(own: Server, tmp_path: Path, hours: int):
    clock = tmp_path / "clock"
    clock.write_text("0", "ascii")
    own.program = ("-c", WITH_A_CLOCK, str(clock))
    leader, phone = seated(own.start())
    leader.go_on()
    before = phone.state()
    clock.write_text(str(hours * HOUR), "ascii")
    after = phone.state()
    left = [one["deadline"] - one["now"] for one in (before, after)]
    assert 0 <= left[0] - left[1] < 10
    assert phone.predict(40).status_code == 200
    leader.go_on()
    assert phone.choose(room=4).status_code == 200
    assert 0 < phone.state()["deadline"] - phone.state()["now"] <= 60 * SHORT["rounds"][0]["minutes_decide"]  # type: ignore[index]


def test_what_is_sent_again_happens_once_and_what_comes_late_undoes_nothing(
    leader: Facilitator, phone: Callable[..., Phone]
):
    noor = phone("Noor", "0|team|Judge")
    for _ in range(2):
        leader.go_on()
    deadline = leader.state()["deadline"]
    again = {"do": "extend", "seconds": 60, "page": "abc", "number": 1}
    assert [leader.act(**again).status_code for _ in range(3)] == [200] * 3
    assert leader.state()["deadline"] == deadline + 60
    assert (
        leader.act(**again | {"number": 2}).status_code == leader.act(**again | {"page": "another"}).status_code == 200
    )
    assert leader.state()["deadline"] == deadline + 180

    def choose(number: int, step: int, **more: object) -> int:
        """A message with its number; the status of the answer."""
        parts = {"do": "choose", "steps": {"room": step}, "round": 0, "page": "abc", "number": number}
        return noor.act(**parts | more).status_code

    assert [choose(1, 4), choose(3, 2), choose(2, 0), choose(3, 1)] == [200] * 4
    assert noor.state()["decide"]["steps"]["room"] == 2
    assert choose(4, 99) == 409 and choose(4, 3) == 200, "what was refused did not happen, so it may be sent again"
    assert noor.state()["decide"]["steps"]["room"] == 3
    assert [choose(5, 1, page=7), choose(5, 1, page="a" * 500)] == [400, 400]


def test_who_floods_has_to_wait_and_nobody_else_has_to(leader: Facilitator, phone: Callable[..., Phone]):
    pest, honest = phone("pest", "0|team|Intake"), phone("Noor", "0|team|Judge")
    answers = [pest.act(do="name", nickname=f"x{number}") for number in range(3 * Limits().actions)]
    refused = [answer for answer in answers if answer.status_code != 200]
    assert refused and {answer.status_code for answer in refused} == {429}
    assert all("seconde" in answer.json()["problem"] for answer in refused)
    assert honest.act(do="name", nickname="Noor D.").status_code == 200


def test_who_joins_again_and_again_fills_no_room_whose_door_is_closed(
    leader: Facilitator, person: Callable[..., Person], phone: Callable[..., Phone]
):
    phone("Noor", "0|team|Judge")
    for _ in range(8):
        Phone.join(person(Phone), leader.code, "pest")  # type: ignore[arg-type]
    assert leader.act(do="door", door="closed").status_code == 200
    pests = [one["id"] for one in leader.state()["people"] if one["nickname"] == "pest"]
    for one in pests:
        leader.act(do="remove", seat=one)
    late = person()
    answer = late.post(f"/m/{leader.code}", Fields(late.get(f"/m/{leader.code}").text).found)
    assert answer.status_code == 409 and t("workshop.refused.door_closed", "nl") in answer.text
    assert [one["nickname"] for one in leader.state()["people"]] == ["Noor"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the size of a file")
def test_a_full_disk_is_said_on_the_phone_in_its_language_and_loses_nothing(own: Server, tmp_path: Path):
    full = tmp_path / "full"
    own.program = ("-c", WITH_SMALL_FILES, str(full))
    leader, phone = seated(own.start())
    leader.go_on()
    assert phone.predict(40).status_code == 200
    full.touch()
    answers = [phone.act(do="name", nickname=f"Noor {number}") for number in range(Limits().actions // 2)]
    refused = [answer for answer in answers if answer.status_code != 200]
    assert refused and refused[-1] is answers[-1]
    keys = ("workshop.refused.disk_full", "workshop.refused.not_written")
    assert {answer.json()["problem"] for answer in refused} <= {t(key, "nl") for key in keys}
    said = phone.send(f"/m/{phone.code}/act?lang=en", {"do": "name", "nickname": "Noor"})
    assert said.json()["problem"] in {t(key, "en") for key in keys}
    kept = phone.state()["me"]["nickname"]
    assert kept == f"Noor {len(answers) - len(refused) - 1}", "what was answered with yes, and nothing else"
    full.unlink()
    deadline = time.monotonic() + 5
    while phone.act(do="name", nickname="Noor").status_code != 200:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    own.kill()
    own.start(with_plan=False)
    assert (phone.state()["me"]["nickname"], phone.state()["prediction"]) == ("Noor", 40)
