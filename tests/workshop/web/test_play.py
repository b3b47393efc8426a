"""Whole workshops over HTTP, with people that are scripts, and a server that is killed on the way."""

from __future__ import annotations

import csv
import io
import time
from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.workshop.web.served import PLAN, Facilitator, Phone, Server

ORGANISATIONS = ("Intake", "Inquiry", "Judge", "Guidance", "Provider", "Aftercare")


def people(server: Server, code: str) -> list[Phone]:
    """Six people: teams at both tables, an adviser and an observer."""
    places = ["0|team|Intake", "0|team|Intake", "0|team|Judge", "1|team|Intake", "1|mirror|Judge", "1|observer|"]
    return [Phone(server.base).join(code, f"P{number}", place) for number, place in enumerate(places)]


def deal(phones: list[Phone]) -> None:
    """The first phone agrees on something with a partner that nobody plays, and asks one that somebody plays."""
    first = phones[0].state()
    for partner in first["decide"]["partners"]:
        proposed = phones[0].act(do="propose", partner=partner["id"], frame=3, time=3, round=first["round"])
        assert proposed.status_code == 200
    after = {one["id"]: one for one in phones[0].state()["decide"]["partners"]}
    assert all((one["terms"] is None) == bool(one["people"]) for one in after.values() if one["id"] != "Judge")


def play_round(leader: Facilitator, phones: list[Phone]) -> None:
    """Predict, decide, run, reveal, as far as the reveal."""
    assert leader.go_on()["phase"] == "predict"
    for number, phone in enumerate(phones):
        assert phone.predict(40 + 5 * number).status_code == 200
    assert leader.state()["not_predicted"] == []
    assert leader.go_on()["phase"] == "decide"
    deal(phones)
    for phone in phones:
        here = phone.state()
        steps = {one["name"]: len(one["steps"]) - 1 for one in here["decide"]["open"]}
        expected = 200 if here["me"]["role"] != "observer" else 409
        assert phone.choose(final=phone is not phones[0], **steps).status_code in (expected, 409)
    assert leader.go_on()["phase"] == "run"
    assert leader.until("computed")["phase"] == "run"
    assert leader.go_on()["phase"] == "moment"
    in_the_middle(phones)
    assert leader.go_on()["phase"] == "second"
    assert leader.until("computed")["phase"] == "second"
    assert leader.go_on()["phase"] == "reveal"


def in_the_middle(phones: list[Phone]) -> None:
    """The first of the phones changes one thing and breaks what it has agreed on."""
    first, number = phones[0], phones[0].state()["round"]
    moment = first.state()["moment"]
    steps = moment["steps"][moment["open"][0]["name"]]
    changed = first.act(do="change", decision=moment["open"][0]["name"], step=steps - 1, round=number)
    assert changed.status_code == 200
    for partner in moment["partners"]:
        assert first.act(do="hold", partner=partner["id"], held=False, round=number).status_code == 200
    assert len(first.state()["moment"]["changed"]) == 1
    assert len(first.state()["film"]["waiting"]) == 26


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory):
    """A workshop that has been played to its end, with what was seen on the way."""
    server = Server(tmp_path_factory.mktemp("played"), plan=PLAN).start()
    leader = Facilitator(server.base).enter(server.key)
    leader.lead(server.code)
    phones = people(server, leader.code)
    reveals = []
    for number in range(2):
        if number == 1:  # somebody comes late
            phones.append(Phone(server.base).join(leader.code, "late"))
        play_round(leader, phones)
        reveals.append(([phone.state() for phone in phones], leader.screen()))
    assert leader.go_on()["phase"] == "debrief"
    leader.until("debriefed")
    yield server, leader, phones, reveals
    server.stop()


def test_robots_play_a_whole_workshop_over_http(played):
    _, leader, phones, reveals = played
    assert leader.state()["phase"] == "debrief" and leader.state()["played"] == 2
    for number, (states, screen) in enumerate(reveals):
        assert [state["last"]["round"] for state in states] == [number] * len(states)
        assert all(0 <= state["last"]["goal"]["mean"] <= 100 for state in states)
        assert states[0]["last"]["prediction"] == 40
        assert {one["state"] for one in states[0]["last"]["agreements"]} == {"broken"}
        assert [table["table"] for table in screen["result"]] == [0, 1]
        first, second = screen["result"]
        assert first["goal"]["against"]["mean"] == -second["goal"]["against"]["mean"]
        assert first["cost"]["mean"] > 0 and sum(first["lost"].values()) == pytest.approx(100, abs=0.5)
        assert screen["slide"] == "story" and screen["agreements"]
        assert sum(map(sum, (table["histogram"] for table in screen["result"]))) == len(states)
        assert all(abs(sum(table["hours"].values()) - 1) < 0.01 for table in screen["result"])
    assert len(phones) == 7


def test_each_page_of_the_debriefing_has_something_to_show(played):
    _, leader, *_ = played
    for slide, part in (
        ("journey", "tables"),
        ("styles", "rows"),
        ("kinds", "rows"),
        ("decision", "rows"),
        ("what_if", "rows"),
        ("questions", "questions"),
    ):
        assert leader.act(do="slide", slide=slide).status_code == 200
        assert leader.screen()["debrief"][part]
    assert leader.act(do="slide", slide="lobby").status_code == 400


def test_the_room_asks_what_if_and_gets_an_answer_on_equal_luck(played):
    _, leader, *_ = played
    assert leader.act(do="replay", table=0, round=1, organisation="Judge", other="firm").status_code == 200
    first = leader.until("replays")["replays"][0]
    assert "Rechter" in first and "€" in first
    for wrong in ({"table": 7}, {"round": 3}, {"organisation": "Nobody"}, {"other": "x"}, {"table": True}):
        assert (
            leader.act(
                **{"do": "replay", "table": 0, "round": 0, "organisation": "", "other": "firm", **wrong}
            ).status_code
            == 400
        )


def test_everybody_takes_a_page_along_and_the_client_a_report(played):
    _, leader, phones, _ = played
    for phone in phones:
        page = phone.get(f"/m/{leader.code}/takeaway")
        assert page.status_code == 200 and "<script" not in page.text
    report = leader.get(f"/room/{leader.code}/report?lang=en")
    assert report.status_code == 200 and not {"P0", "P1", "late"} & set(report.text.split())
    assert leader.get(f"/room/{leader.code}/handout").status_code == 200
    assert "<table" in leader.get("/guide").text
    decisions = list(
        csv.DictReader(io.StringIO(leader.get(f"/room/{leader.code}/decisions.csv").content.decode("utf-8-sig")))
    )
    assert len(decisions) == 2 * 2 * len(ORGANISATIONS)
    agreements = leader.get(f"/room/{leader.code}/agreements.csv").content.decode("utf-8-sig")
    assert {row["broken_by"] for row in csv.DictReader(io.StringIO(agreements))} == {"Intake"}
    outcomes = list(
        csv.DictReader(io.StringIO(leader.get(f"/room/{leader.code}/outcomes.csv").content.decode("utf-8-sig")))
    )
    assert len(outcomes) == 2 * 2
    book = load_workbook(io.BytesIO(leader.get(f"/room/{leader.code}/tables.xlsx").content))
    assert book.sheetnames == ["Toelichting", "Besluiten", "Uitkomsten", "Afspraken"]
    assert [book[name].max_row - 1 for name in ("Besluiten", "Uitkomsten")] == [len(decisions), len(outcomes)]
    assert leader.code in str([cell.value for row in book["Toelichting"].iter_rows() for cell in row])
    assert [cell.value for cell in book["Uitkomsten"][1]][:3] == ["Ronde", "Tafel", "Doelrealisatie (aandeel, 0 tot 1)"]
    texts = {cell.value for sheet in book.worksheets[1:] for cell in sheet[1]} | {
        row[4].value for row in book["Besluiten"].iter_rows()
    }
    assert not {text for text in texts if "_" in text}
    assert book["Uitkomsten"]["C2"].value == pytest.approx(float(outcomes[0]["goal_realisation"]))
    dutch = leader.get(f"/room/{leader.code}/outcomes-nl.csv").content.decode()
    assert dutch.startswith("\ufeffround;table;") and outcomes[0]["goal_realisation"].replace(".", ",") in dutch


def test_a_rehearsal_plays_itself_but_for_the_facilitator(played):
    server, *_ = played
    leader = Facilitator(server.base).enter(server.key)
    leader.make("minutes_20", rehearse="1")
    people_ = leader.state()["people"]
    assert len(people_) == len(ORGANISATIONS) and all(one["robot"] for one in people_)
    leader.go_on()
    leader.until_empty("not_predicted")
    leader.go_on()
    leader.until_empty("waiting")


def test_after_a_kill_in_the_middle_of_a_round_nothing_is_lost_and_nobody_falls_out(tmp_path: Path):
    server = Server(tmp_path, plan=PLAN).start()
    leader = Facilitator(server.base).enter(server.key)
    code = leader.lead(server.code)
    phones = people(server, code)
    play_round(leader, phones)
    leader.go_on()
    for number, phone in enumerate(phones):
        phone.predict(20 + number)
    leader.go_on()
    assert phones[0].choose(room=4, steering=0).status_code == 200
    assert phones[2].choose(final=False, room=3).status_code == 200
    before = leader.state(), [phone.state() for phone in phones]
    shown = [phone.state()["last"] for phone in phones]
    server.kill()
    server.start(with_plan=False)
    after = leader.state(), [phone.state() for phone in phones]
    for one, other in zip((before[0], *before[1]), (after[0], *after[1]), strict=True):
        for volatile in ("now", "server", "serial", "people", "screens", "last"):
            one.pop(volatile, None), other.pop(volatile, None)
        assert one == other
    until = time.monotonic() + 90
    while phones[0].state()["last"] is None and time.monotonic() < until:  # computed again, to the same numbers
        time.sleep(0.2)
    assert [phone.state()["last"] for phone in phones] == shown
    assert leader.go_on()["phase"] == "run"
    for _ in range(3):
        leader.until("computed")
        leader.go_on()
    assert phones[0].state()["last"]["prediction"] == 20
    assert Facilitator(server.base).enter(server.key).lead(code) == code
    server.stop()
