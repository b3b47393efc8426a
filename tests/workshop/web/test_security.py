"""Claims about who can do what, tried against a real server."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import httpx
import pytest
from tests.workshop.web.served import Facilitator, Fields, Person, Phone, Server

from ketensim.workshop.web.tasks import answers_task

New = Callable[..., Person]
NewPhone = Callable[..., Phone]


# --- the facilitator's secret -----------------------------------------------------------------------------------------
def test_the_join_code_does_not_lead_a_room(leader: Facilitator, person: New):
    stranger = person()
    for path in ("state", "screen/state"):
        assert stranger.get(f"/room/{leader.code}/{path}").status_code == 410
    assert stranger.get(f"/room/{leader.code}/stream").status_code == 204
    assert stranger.send(f"/room/{leader.code}/act", {"do": "on", "phase": "lobby", "round": 0}).status_code == 410
    for path in ("handout", "report", "decisions.csv", "outcomes.csv", "tables.xlsx", "outcomes-nl.csv", "qr.svg"):
        assert stranger.get(f"/room/{leader.code}/{path}").status_code == 404
    assert 'type="password"' in stranger.get(f"/room/{leader.code}").text
    assert leader.state()["phase"] == "lobby"


def test_a_participant_does_not_lead_a_room(leader: Facilitator, phone: NewPhone):
    one = phone()
    assert one.send(f"/room/{leader.code}/act", {"do": "close"}).status_code == 410
    assert one.get(f"/room/{leader.code}/state").status_code == 410


def test_without_the_key_nobody_makes_a_room_or_sees_which_there_are(server: Server, leader: Facilitator, person: New):
    stranger = person()
    assert leader.code not in stranger.get("/").text
    answer = stranger.post("/rooms", {"plan": "minutes_20"})
    assert answer.status_code == 403
    assert server.key not in stranger.get("/key").text


def test_the_key_of_one_room_does_not_lead_another(server: Server, leader: Facilitator, person: New):
    other = person(Facilitator)
    assert isinstance(other, Facilitator)
    other.enter(server.key).make()
    cookie = next(one for one in other.web.cookies.jar if one.name == "ketensim_facilitator")
    assert cookie.path == f"/room/{other.code}"
    thief = person()
    thief.web.cookies.set("ketensim_facilitator", cookie.value or "")
    assert thief.get(f"/room/{other.code}/state").status_code == 200
    assert thief.get(f"/room/{leader.code}/state").status_code == 410


def test_who_guesses_the_key_has_to_wait(person: New):
    guesser = person(address="10.9.0.1")
    answers = [guesser.post("/key", {"key": f"guess {number}"}).status_code for number in range(14)]
    assert answers[:12] == [403] * 12 and answers[-1] == 429


# --- the code of a room ---------------------------------------------------------------------------------------------
def worked(page: str) -> str:
    """What a browser hands in for the task on a page."""
    task, bits = (re.findall(rf'data-{name}="([^"]+)"', page)[0] for name in ("task", "bits"))
    number = next(one for one in map(str, range(10**7)) if answers_task(task, one, int(bits)))
    return f"{task}:{number}"


def test_who_guesses_codes_has_to_work_and_nobody_at_the_same_address_is_refused(leader: Facilitator, person: New):
    guesser, honest = (person(address="10.9.0.2") for _ in range(2))
    answers = [guesser.get(f"/m/B{number:03d}") for number in range(14)]
    assert [answer.status_code for answer in answers[:12]] == [404] * 12
    assert answers[-1].status_code == 429 and int(answers[-1].headers["retry-after"]) >= 1
    asked = honest.get(f"/m/{leader.code}")
    assert asked.status_code == 429, "the answer does not tell whether the code was right"
    done = worked(asked.text)
    assert honest.get(f"/m/{leader.code}", params={"work": done}).status_code == 200
    assert guesser.get("/m/B999", params={"work": done}).status_code == 429, "work counts once"
    form = honest.post("/m", {"code": leader.code})
    sent = Fields(form.text).found | {"work": [worked(form.text)]}
    assert sent["code"] == [leader.code]
    through = honest.web.post(
        "/m", data=sent, headers={"origin": honest.base, "sec-fetch-site": "same-origin"}, follow_redirects=False
    )
    assert through.headers["location"] == f"/m/{leader.code}"
    assert person(address="10.9.0.3").get(f"/m/{leader.code}").status_code == 200


def test_codes_of_seats_are_guessed_as_slowly(leader: Facilitator, person: New):
    guesser = person(address="10.9.0.4")
    fields = Fields(guesser.get(f"/m/{leader.code}/back").text).found
    answers = [guesser.post(f"/m/{leader.code}/back", {**fields, "own": f"BBB{number:02d}"}) for number in range(14)]
    assert answers[0].status_code == 404 and answers[-1].status_code == 429


def test_the_state_of_a_room_that_is_not_there_looks_like_one_that_is(leader: Facilitator, person: New):
    stranger = person()
    there, nowhere = (stranger.get(f"/m/{code}/state") for code in (leader.code, "ZZZZ"))
    assert (there.status_code, there.content) == (nowhere.status_code, nowhere.content) == (410, b"{}")


def test_opening_the_link_takes_no_seat(leader: Facilitator, person: New):
    preview = person()
    for method in ("GET", "HEAD"):
        assert preview.web.request(method, f"/m/{leader.code}").status_code == 200
    assert leader.state()["people"] == []


def test_a_button_that_is_pressed_twice_takes_one_seat(leader: Facilitator, person: New):
    one = person()
    fields = Fields(one.get(f"/m/{leader.code}").text).found
    seats = []
    for _ in range(2):
        answer = one.web.post(f"/m/{leader.code}", data=fields, headers={"origin": one.base}, follow_redirects=False)
        seats.append(re.search(r"ketensim_seat=([^;]+)", answer.headers["set-cookie"])[1])  # type: ignore[index]
        one.web.cookies.delete("ketensim_seat")
    assert seats[0] == seats[1]
    assert len(leader.state()["people"]) == 1


# --- pages of others --------------------------------------------------------------------------------------------------
ELSEWHERE = [
    {"origin": "http://evil.example", "sec-fetch-site": "cross-site"},
    {"origin": "http://evil.example"},  # over plain HTTP in a room no browser says the other
    {"origin": "http://127.0.0.1:1", "sec-fetch-site": "same-site"},
    {"origin": "null", "sec-fetch-site": "cross-site"},
    {},
]


@pytest.mark.parametrize("headers", ELSEWHERE, ids=str)
def test_a_page_elsewhere_changes_nothing(leader: Facilitator, phone: NewPhone, headers: dict[str, str]):
    one = phone("Anna")
    answer = one.web.post(f"/m/{leader.code}/act", json={"do": "name", "nickname": "x"}, headers=headers)
    assert answer.status_code == 403
    assert leader.web.post(f"/room/{leader.code}/act", json={"do": "close"}, headers=headers).status_code == 403
    assert (leader.state()["people"][0]["nickname"], leader.state()["phase"]) == ("Anna", "lobby")


@pytest.mark.parametrize("headers", ELSEWHERE, ids=str)
def test_a_form_elsewhere_takes_no_seat_opens_no_room_and_lets_nobody_in(
    server: Server, leader: Facilitator, person: New, headers: dict[str, str]
):
    victim = person()
    seat = Fields(victim.get(f"/m/{leader.code}").text).found
    opening = Fields(leader.get("/?plan=minutes_20").text).found
    rooms = leader.get("/").text.count("/room/")
    for one, path, form in (
        (victim, f"/m/{leader.code}", seat),
        (victim, "/key", {"key": server.key}),
        (victim, "/m", {"code": leader.code}),
        (leader, "/rooms", opening),
    ):
        assert one.web.post(path, data=form, headers=headers).status_code == 403, path
    assert leader.state()["people"] == [] and leader.get("/").text.count("/room/") == rooms
    assert not list(victim.web.cookies.jar)


def test_a_page_needs_no_hidden_field_but_the_one_that_tells_a_second_tap(leader: Facilitator, person: New):
    """What is in a page is no secret: who a browser is, its cookie says; whose page it was, the browser itself."""
    page = person().get(f"/m/{leader.code}").text
    assert re.findall(r'<input type="hidden" name="(\w+)"', page) == ["once"]
    stranger = person()
    assert stranger.post(f"/m/{leader.code}", {"nickname": "x", "place": "", "once": "short"}).status_code == 409


def test_a_foreign_name_for_this_server_is_refused(server: Server):
    assert httpx.get(f"{server.base}/m", headers={"host": "evil.example"}).status_code == 421
    assert httpx.get(f"{server.base}/m", headers={"host": "192.168.1.20:8765"}).status_code == 200


# --- one room, one seat -----------------------------------------------------------------------------------------------
def test_one_room_never_sees_another(server: Server, leader: Facilitator, phone: NewPhone, person: New):
    one = phone("Anna in the first")
    other = person(Facilitator)
    assert isinstance(other, Facilitator)
    other.enter(server.key).make()
    bo = person(Phone)
    assert isinstance(bo, Phone)
    bo.join(other.code, "Bo in the second")
    for page in (one.state(), leader.state(), leader.screen()):
        assert "second" not in json.dumps(page) and other.code not in json.dumps(page)
    seat = next(cookie.value for cookie in one.web.cookies.jar if cookie.name == "ketensim_seat")
    thief = person()
    thief.web.cookies.set("ketensim_seat", seat or "")
    assert thief.get(f"/m/{leader.code}/state").status_code == 200
    assert thief.get(f"/m/{other.code}/state").status_code == 410


@pytest.mark.parametrize(
    "change", [lambda seat: seat[:-1] + "0", lambda seat: seat.partition(".")[0] + ".", lambda _: ""]
)
def test_a_seat_is_not_taken_with_a_cookie_that_is_made_up(phone: NewPhone, person: New, change):
    one = phone()
    seat = next(cookie.value for cookie in one.web.cookies.jar if cookie.name == "ketensim_seat")
    made_up = change(seat)
    if made_up == seat:
        made_up = seat[:-1] + "1"
    thief = person()
    thief.web.cookies.set("ketensim_seat", made_up)
    assert thief.get(f"/m/{one.code}/state").status_code == 410


def test_nobody_acts_for_another_seat_or_team(leader: Facilitator, phone: NewPhone):
    anna, bo = phone("Anna", "0|team|Intake"), phone("Bo", "0|team|Judge")
    leader.go_on()
    bo_seat = next(one["id"] for one in leader.state()["people"] if one["nickname"] == "Bo")
    anna.act(do="predict", share=10, round=0, seat=bo_seat)
    assert bo.state()["prediction"] is None
    leader.go_on()
    action = {"do": "choose", "steps": {"room": 4}, "final": True, "round": 0}
    anna.act(**action, seat=bo_seat, organisation="Judge", table=0)
    chosen = {team["organisation"]: team for team in leader.state()["teams"] if team["table"] == 0}
    assert chosen["Intake"]["final"] and not chosen["Judge"]["final"]


def test_what_is_final_stays_and_the_same_answer_twice_is_no_mistake(leader: Facilitator, phone: NewPhone):
    one = phone(place="0|team|Intake")
    leader.go_on()
    leader.go_on()
    assert one.choose(room=4, steering=0).status_code == 200
    assert one.choose(room=4, steering=0).status_code == 200
    refused = one.choose(room=0)
    assert refused.status_code == 409 and refused.json()["problem"]
    assert leader.state()["teams"][0]["steps"]["room"] == 4


def test_nothing_is_taken_in_a_pause_in_another_phase_or_for_another_round(leader: Facilitator, phone: NewPhone):
    one = phone(place="0|team|Intake")
    assert one.predict(50).status_code == 409
    leader.go_on()
    leader.act(do="pause")
    assert one.predict(50).status_code == 409
    leader.act(do="resume")
    assert one.act(do="predict", share=50, round=1).status_code == 409
    assert one.choose(room=1).status_code == 409
    assert one.predict(50).status_code == 200


def test_at_a_door_where_is_asked_a_phone_waits_and_a_closed_door_lets_nobody_in(leader: Facilitator, person: New):
    leader.act(do="door", door="ask")
    one = person()
    fields = Fields(one.get(f"/m/{leader.code}").text).found
    assert one.post(f"/m/{leader.code}", fields).url.path == f"/m/{leader.code}/seat"
    assert one.state_of(f"/m/{leader.code}")["at_the_door"] is True
    assert one.send(f"/m/{leader.code}/act", {"do": "name", "nickname": "x"}).status_code == 409
    [waiting] = leader.state()["at_the_door"]
    assert leader.state()["people"] == [] and leader.act(do="admit", seat=waiting["id"]).status_code == 200
    assert one.state_of(f"/m/{leader.code}")["me"]["role"] == "team"
    leader.act(do="door", door="closed")
    late = person()
    fields = Fields(late.get(f"/m/{leader.code}").text).found
    assert late.post(f"/m/{leader.code}", fields).status_code == 409


def test_who_is_taken_out_is_out(leader: Facilitator, phone: NewPhone):
    one = phone("Anna")
    stream = one.events(f"/m/{one.code}")
    assert next(stream)["me"]["nickname"] == "Anna"
    leader.act(do="remove", seat=leader.state()["people"][0]["id"])
    assert list(stream) == []
    assert one.get(f"/m/{one.code}/state").status_code == 410
    assert one.get(f"/m/{one.code}/seat").url.path == f"/m/{one.code}"


def test_nobody_else_sees_a_name(leader: Facilitator, phone: NewPhone):
    phone("Anna", "0|team|Intake")
    mate, other = phone("Bo", "0|team|Intake"), phone("Cis", "0|team|Judge")
    assert mate.state()["me"]["team"] == ["Anna"]
    assert "Anna" not in json.dumps(other.state())
    for _ in range(3):
        assert not {"Anna", "Bo", "Cis"} & set(re.findall(r"\w+", json.dumps(leader.screen())))
        leader.go_on()
