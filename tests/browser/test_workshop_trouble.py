"""Claims about what goes wrong in a room: a slow network, a clock that is set, somebody who means no good."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect
from tests.browser.conftest import Watch
from tests.browser.workshop_people import COMPUTED, NewRoom, Room
from tests.workshop.web.served import Facilitator, Server

pytestmark = pytest.mark.browser
SLOW = {"offline": False, "latency": 900, "downloadThroughput": 12_000, "uploadThroughput": 6_000}  # ms, bytes a second
HOUR = 3_600_000  # ms
CLOCK = "(() => { const now = Date.now; let ahead = 0; Date.now = () => now() + ahead; window.setClock = (by) => { ahead = by; }; })()"


@pytest.fixture
def code(workshop_server: Server) -> str:
    """A room of its own on the server of all."""
    return Facilitator(workshop_server.base).enter(workshop_server.key).make(tables="1", minutes_run_0="0.25")


def deciding(page: Page) -> None:
    """Go from the partners to the first question."""
    page.locator(".bar button.main").tap()
    expect(page.locator(".step").first).to_be_visible()


def judge_who_decides(room: NewRoom, code: str, script: str = "") -> tuple[Room, Page]:
    """A room, and the phone of its judge at the first question."""
    here = room(code=code)
    noor = here.join("Noor", "0|team|Judge", script=script)
    here.go_on()
    here.go_on()
    deciding(noor)
    return here, noor


def test_on_a_slow_network_the_last_tap_counts_and_no_late_answer_takes_a_phone_back(room: NewRoom, code: str):
    here = room(code=code)
    noor = here.join("Noor", "0|team|Judge")
    noor.context.new_cdp_session(noor).send("Network.emulateNetworkConditions", SLOW)
    here.go_on()
    here.go_on()
    deciding(noor)
    for number in (0, 1, 4):  # faster than an answer comes back
        noor.locator(".step").nth(number).tap()
    expect(noor.locator(".step input").last).to_be_checked()
    expect(here.facilitator.locator(".chosen tbody tr").nth(2)).to_contain_text("Tot in detail")
    with noor.expect_response(re.compile("/act")):  # the answer to this tap is overtaken by the year
        noor.locator(".step").nth(2).tap()
        here.go_on()
    expect(noor.locator(".body h1")).to_have_text("Het jaar loopt")
    expect(noor.locator("svg.queue-line")).to_be_visible(timeout=COMPUTED)
    expect(noor.locator(".body h1")).to_have_text("Het jaar loopt")


class Held:
    """The first message of a page is held on its way; the others go through."""

    def __init__(self, page: Page) -> None:
        self.first: list[Route] = []
        self.bodies: list[dict[str, Any]] = []
        page.route("**/act?*", self._meet)

    def _meet(self, route: Route) -> None:
        self.bodies.append(route.request.post_data_json)
        if len(self.bodies) == 1:
            self.first.append(route)
        else:
            route.fallback()


def test_a_tap_that_is_held_on_its_way_never_undoes_a_later_one_whenever_it_arrives(room: NewRoom, code: str):
    here, noor = judge_who_decides(room, code)
    held = Held(noor)
    chosen = here.facilitator.locator(".chosen tbody tr").nth(2)
    noor.locator(".step").first.tap()
    noor.wait_for_timeout(300)
    assert len(held.bodies) == 1
    noor.locator(".step").last.tap()
    expect(chosen).to_contain_text("Tot in detail")
    expect(noor.locator(".step input").last).to_be_checked()
    # what was given up arrives all the same, by another way than the page's
    late = noor.context.request.post(
        held.first[0].request.url, data=held.bodies[0], headers={"origin": here.server.base}
    )
    assert late.ok
    noor.reload()
    deciding(noor)
    expect(noor.locator(".step input").last).to_be_checked()
    expect(chosen).to_contain_text("Tot in detail")


def test_a_message_without_an_answer_is_sent_anew_when_the_network_is_back_and_holds_up_the_next_one_no_longer(
    room: NewRoom, code: str
):
    here, noor = judge_who_decides(room, code)
    held = Held(noor)
    chosen = here.facilitator.locator(".chosen tbody tr").nth(2)
    noor.locator(".step").last.tap()  # on a connection that is dead, which nobody says
    noor.locator(".bar button.main").tap()
    noor.locator(".step").last.tap()
    noor.wait_for_timeout(1_500)
    assert len(held.bodies) == 1
    noor.evaluate("dispatchEvent(new Event('online'))")
    expect(chosen).to_contain_text("Tot in detail", timeout=2_500)
    expect(chosen).to_contain_text("Alle ruimte", timeout=2_500)
    first, anew, second = held.bodies
    assert first == anew and second["number"] == first["number"] + 1


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_phone_whose_clock_is_set_keeps_its_countdown_and_can_decide(room: NewRoom, code: str, hours: int):
    here, noor = judge_who_decides(room, code, script=CLOCK)
    noor.evaluate(f"setClock({hours * HOUR})")
    noor.wait_for_timeout(700)  # the page draws its clock every half second
    expect(noor.locator(".clock")).to_have_text(re.compile(r"^[0-2]:\d\d$"))
    noor.locator(".step").last.tap()
    expect(noor.locator(".step input").last).to_be_checked()
    expect(here.facilitator.locator(".chosen tbody tr").nth(2)).to_contain_text("Tot in detail")
    here.go_on()
    expect(noor.locator("svg.queue-line")).to_be_visible(timeout=COMPUTED)


def test_a_stranger_in_a_team_does_not_decide_for_it(room: NewRoom, code: str, watch: Watch):
    watch.allowed = ("409",)
    here = room(code=code)
    noor, stranger = (here.join(name, "0|team|Judge") for name in ("Noor", "x"))
    here.go_on()
    here.go_on()
    for page in (noor, stranger):
        deciding(page)
    noor.locator(".step").last.tap()
    expect(stranger.locator(".step input").last).to_be_checked()
    stranger.locator(".step").first.tap()
    while stranger.locator(".bar button.large").count() == 0:
        stranger.locator(".bar button.main").tap()
    stranger.locator(".bar button.large").tap()
    expect(stranger.locator(".bar .waiting")).to_be_visible()
    noor.locator(".step").last.tap()  # which is to object
    expect(noor.locator(".step input").last).to_be_checked()
    expect(stranger.locator(".bar .waiting")).to_have_count(0)
    expect(here.facilitator.locator(".chosen tbody tr").nth(2)).to_contain_text("Tot in detail")
    here.facilitator.locator(".door button").nth(2).click()
    here.facilitator.locator(".person").nth(1).click()
    here.facilitator.locator(".opened button.danger").click()
    expect(stranger.locator("a[href='/m']")).to_be_visible()
    stranger.goto(f"{here.server.base}/m/{here.code}")
    stranger.locator("button.main").tap()
    expect(stranger.locator(".error")).to_be_visible()
    expect(noor.locator(".step input").last).to_be_checked()
