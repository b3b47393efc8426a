"""A workshop in real browsers: phones, a facilitator and a projector, and everything that makes people fall out."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.conftest import Watch
from tests.browser.workshop_people import COMPUTED, PHONE, NewRoom, Room
from tests.workshop.small import ROUND
from tests.workshop.small import room as started
from tests.workshop.web.served import PLAN, Server

from ketensim.run.ledger import LEDGER
from ketensim.texts import languages
from ketensim.views.drawing.html_file import html_file
from ketensim.views.drawing.markup import element
from ketensim.workshop.game.decisions import DECISIONS
from ketensim.workshop.game.plans import READY, ready_plan
from ketensim.workshop.paper.page_parts import PageParts
from ketensim.workshop.paper.workshop_report import handout
from ketensim.workshop.web.rendering import file_address
from ketensim.workshop.web.tasks import answers_task

pytestmark = pytest.mark.browser
FITS = """() => {
  const stage = document.querySelector(".stage");
  return stage.scrollWidth <= stage.clientWidth + 1 && stage.scrollHeight <= stage.clientHeight + 1;
}"""


@pytest.mark.long
@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_workshop_is_played_from_the_door_to_the_page_that_is_taken_home(
    room: NewRoom, workshop_server: Server, language: str
):
    here = room(
        language, workshop_server.code if language == "nl" else ""
    )  # two tables of few runs, and one as it stands ready
    noor = here.join("Noor", "0|team|Intake")
    observer = here.join("", "0|observer|")
    adviser = here.join("", "0|mirror|Intake")
    expect(here.screen.locator(".seating")).to_contain_text("3")
    for page, name in ((here.facilitator, "control-lobby"), (here.screen, "screen-lobby"), (noor, "phone-lobby")):
        here.look(page, name)

    here.go_on()
    noor.locator("#exact").fill("63")
    noor.locator("#exact").blur()
    expect(noor.locator(".big")).to_have_text("63")
    noor.locator("button.large").tap()
    expect(noor.locator(".saved")).to_be_visible()
    expect(here.screen.locator(".giant")).to_contain_text("1")
    for page, name in ((here.facilitator, "control-predict"), (here.screen, "screen-predict"), (noor, "phone-predict")):
        here.look(page, name)

    here.go_on()
    adviser.locator(".step").first.tap()
    here.look(noor, "phone-partners")
    noor.locator(".partner button").first.tap()
    here.look(noor, "phone-propose")
    noor.locator(".terms button.main").tap()
    expect(noor.locator(".partner .saved").first).to_be_visible()  # nobody plays that organisation, so it says yes
    expect(here.screen.locator(".agreements li.agreed")).to_be_visible()
    noor.locator(".bar button.main").tap()
    expect(noor.locator(".step .tag")).to_be_visible()
    here.look(noor, "phone-question")
    noor.locator(".bar button.main").tap()
    noor.locator(".step").last.tap()
    expect(noor.locator(".step input").last).to_be_checked()
    noor.locator(".bar button.main").tap()
    pages = [(noor, "phone-ready"), (observer, "phone-observer"), (adviser, "phone-adviser")]
    for page, name in (*pages, (here.facilitator, "control-decide"), (here.screen, "screen-decide")):
        here.look(page, name)
    noor.locator(".bar button.large").tap()
    expect(noor.locator(".notice")).to_be_visible()
    expect(here.screen.locator(".state.done")).to_be_visible()
    here.facilitator.locator(".chosen .quietly").nth(1).click()
    here.look(here.facilitator, "control-edit")
    here.facilitator.locator("#edit-room").select_option("4")
    here.facilitator.locator(".chosen form button.main").click()
    expect(here.facilitator.locator(".state.edited")).to_be_visible()

    here.go_on()
    expect(here.screen.locator("svg.film")).to_be_visible(timeout=COMPUTED)
    expect(noor.locator("svg.queue-line")).to_be_visible()
    for page, name in ((here.facilitator, "control-run"), (here.screen, "screen-run"), (noor, "phone-run")):
        here.look(page, name)

    here.go_on()
    noor.locator(".deal button").last.tap()
    expect(noor.locator(".deal .bad")).to_be_visible()
    expect(here.screen.locator(".agreements li.broken")).to_be_visible()
    noor.locator(".chips button").last.tap()
    noor.locator(".step").first.tap()
    expect(noor.locator(".saved")).to_be_visible()
    for page, name in ((here.facilitator, "control-moment"), (here.screen, "screen-moment"), (noor, "phone-moment")):
        here.look(page, name)
    here.go_on()
    here.go_on()
    expect(noor.locator(".ownstory")).to_be_visible(timeout=COMPUTED)
    for page, name in (
        (here.facilitator, "control-reveal"),
        (noor, "phone-reveal"),
        (observer, "phone-reveal-observer"),
    ):
        here.look(page, name)
    for number in range(here.facilitator.locator(".slides button").count()):
        here.turn(number)
        expect(here.screen.locator("h1")).to_be_visible()
        assert "Noor" not in here.screen.content()
        here.look(here.screen, f"screen-reveal-{number}")
    if language == "nl":
        the_end(here, noor)
    assert here.findings == []


def the_end(here: Room, noor: Page) -> None:
    """From the second round on to the page that is taken home."""
    for _ in range(ROUND + 1):
        here.go_on()
    here.turn(1)
    expect(here.screen.locator("svg.differences")).to_be_visible(timeout=COMPUTED)
    for number in range(here.facilitator.locator(".slides button").count()):
        here.turn(number)
        expect(here.screen.locator("h1")).to_be_visible()
        here.look(here.screen, f"screen-debrief-{number}")
    here.facilitator.locator("form.grid button.main").click()
    expect(here.facilitator.locator(".replayed")).to_be_visible(timeout=COMPUTED)
    for page, name in ((here.facilitator, "control-debrief"), (noor, "phone-debrief")):
        here.look(page, name)
    with noor.context.expect_page() as opened:
        noor.locator("a.main").tap()
    expect(opened.value.locator("h1")).to_be_visible()
    here.look(opened.value, "phone-takeaway")
    here.go_on()
    expect(here.screen.locator("h1")).to_be_visible()
    for page, name in ((here.screen, "screen-closed"), (noor, "phone-closed")):
        here.look(page, name)


def test_two_tables_with_every_question_open_stand_whole_on_the_projector(room: NewRoom, tmp_path: Path):
    rounds = [{"open": list(DECISIONS)}] * 2
    server = Server(tmp_path / "wide", plan={**PLAN, "rounds": rounds}).start()
    here = room("nl", server.code, server)
    here.screen.set_viewport_size({"width": 1920, "height": 1080})
    expect(here.screen.locator(".seating table")).to_be_visible()
    assert here.screen.evaluate(FITS), "the seats of the lobby"
    for _ in range(ROUND):
        here.go_on()
    here.turn([*here.facilitator.locator(".slides button").all_inner_texts()].index("5. Wie koos wat"))
    expect(here.screen.locator("table.choices")).to_have_count(2)
    assert here.screen.evaluate(FITS)
    one, other = (here.screen.locator("table.choices").nth(place).bounding_box() for place in range(2))
    assert one and other and one["y"] + one["height"] <= other["y"], "below each other, not over each other"
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= 1920 for box in (one, other))
    here.close()
    server.stop()


def test_applause_for_a_kept_agreement_leaves_the_letters_as_large_as_they_were(room: NewRoom):
    here = room()
    here.screen.emulate_media(reduced_motion="no-preference")  # who likes no motion sees no applause
    here.screen.reload()
    noor = here.join("Noor", "0|team|Intake")
    here.go_on()
    here.go_on()
    noor.locator(".partner button").first.tap()
    noor.locator(".terms button.main").tap()
    expect(here.screen.locator(".agreements li.agreed")).to_be_visible()
    for _ in range(4):
        here.go_on()
    here.turn([*here.facilitator.locator(".slides button").all_inner_texts()].index("4. Afspraken"))
    expect(here.screen.locator(".applause")).to_be_visible()
    here.screen.wait_for_timeout(1500)  # once larger and smaller again
    assert (
        here.screen.evaluate("() => getComputedStyle(document.documentElement).getPropertyValue('--fit').trim()") == "1"
    )


def test_a_phone_that_is_reloaded_offline_or_asleep_keeps_its_seat_and_catches_up(room: NewRoom, watch: Watch):
    watch.allowed = ("ERR_INTERNET_DISCONNECTED",)
    here = room()
    noor = here.join("Noor", "0|team|Judge")
    noor.reload()
    expect(noor.locator(".top strong")).to_have_text("Rechter")
    here.go_on()
    noor.locator("button.large").tap()
    expect(noor.locator(".saved")).to_be_visible()
    here.go_on()
    noor.locator(".bar button.main").tap()
    expect(noor.locator(".question").first).to_be_visible()
    noor.context.set_offline(True)
    noor.locator(".step").first.tap()
    expect(noor.locator(".away")).to_be_visible(timeout=30_000)
    expect(noor.locator(".error")).to_be_visible(timeout=30_000)
    noor.context.set_offline(False)
    expect(noor.locator(".away")).to_have_count(0, timeout=30_000)
    expect(noor.locator(".step input").first).to_be_checked()  # what was tapped meanwhile arrives by itself
    expect(here.facilitator.locator(".chosen tbody tr").nth(2)).to_contain_text("Nauwelijks")
    here.go_on()
    expect(noor.locator("svg.queue-line")).to_be_visible(timeout=COMPUTED)
    assert here.facilitator.locator(".people .person").count() == 1


def test_another_browser_with_the_own_code_has_the_same_seat(room: NewRoom):
    here = room()
    noor = here.join("Noor", "0|team|Judge")
    noor.locator(".place summary").tap()
    own = noor.locator(".place .code").inner_text()
    other = here.watched(here.context({"width": 820, "height": 1100}).new_page())
    other.goto(f"{here.server.base}/m/{here.code}")
    other.locator("a[href$='/back']").click()
    other.locator("#own").fill(own.lower())
    other.locator("button.main").click()
    expect(other.locator(".top strong")).to_have_text("Rechter")
    here.go_on()
    here.go_on()
    for page in (other, noor):
        page.locator(".bar button.main").click()
    other.locator(".step").first.click()
    expect(noor.locator(".step input").first).to_be_checked()
    assert here.facilitator.locator(".people .person").count() == 1


def test_where_event_streams_are_blocked_the_page_asks_by_itself(room: NewRoom, watch: Watch):
    watch.allowed = ("ERR_FAILED",)
    here = room()
    noor = here.join("Noor")
    noor.context.route("**/stream*", lambda route: route.abort())
    noor.reload()
    expect(noor.locator("main h1")).to_be_visible(timeout=15_000)
    here.go_on()
    expect(noor.locator("#share")).to_be_visible(timeout=20_000)


def test_after_a_kill_of_the_server_every_page_comes_back_by_itself(room: NewRoom, watch: Watch, tmp_path: Path):
    watch.allowed = (
        "ERR_CONNECTION_REFUSED",
        "ERR_CONNECTION_RESET",
        "ERR_INCOMPLETE_CHUNKED",
        "ERR_EMPTY_RESPONSE",
        "ERR_SOCKET",
    )
    own = Server(tmp_path / "killed", plan={**PLAN, "tables": 1}).start()
    here = room("nl", own.code, own)
    noor = here.join("Noor", "0|team|Judge")
    here.go_on()
    here.go_on()
    noor.locator(".bar button.main").tap()
    noor.locator(".step").first.tap()
    noor.wait_for_timeout(300)
    own.kill()
    expect(noor.locator(".away")).to_be_visible(timeout=30_000)
    own.start(with_plan=False)
    expect(noor.locator(".away")).to_have_count(0, timeout=30_000)
    expect(noor.locator(".step input").first).to_be_checked()
    here.go_on()
    expect(noor.locator("svg.queue-line")).to_be_visible(timeout=COMPUTED)
    expect(here.screen.locator("svg.film")).to_be_visible(timeout=COMPUTED)
    own.stop()


def test_what_somebody_types_is_shown_as_text(room: NewRoom):
    here = room()
    here.join("<img src=x>", "0|team|Judge")
    mate = here.join("Bo", "0|team|Judge")
    expect(here.facilitator.locator(".people")).to_contain_text("<img src=x>")
    mate.locator(".place summary").tap()
    expect(mate.locator(".place")).to_contain_text("<img src=x>")
    here.facilitator.locator("#message").fill("<b>Nog één minuut</b>")
    here.facilitator.locator("section:has(#message) button[type=submit]").click()
    expect(mate.locator(".message")).to_contain_text("<b>Nog één minuut</b>")
    expect(mate.locator(".message")).to_be_in_viewport()
    expect(here.screen.locator(".message")).to_contain_text("<b>Nog één minuut</b>")


def test_the_hash_of_the_page_that_works_is_that_of_the_server(browser: Browser, workshop_server: Server):
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{workshop_server.base}/m")
    number = page.evaluate(f"import({file_address('work.js')!r}).then((work) => work.answer('a task', 12))")
    assert answers_task("a task", str(number), 12)
    assert not any(answers_task("a task", str(before), 12) for before in range(number))
    context.close()


def test_dark_screens_can_be_read_too(room: NewRoom):
    here = room()
    noor = here.join("Noor", "0|team|Intake", color_scheme="dark")
    here.look(noor, "phone-dark-lobby")
    here.go_on()
    here.look(noor, "phone-dark-predict")
    here.go_on()
    here.look(noor, "phone-dark-partners")
    noor.locator(".bar button.main").tap()
    here.look(noor, "phone-dark-decide")
    assert here.findings == []


@pytest.mark.parametrize("language", languages())
def test_what_became_of_a_hundred_fits_a_phone_in_the_longest_workshop(browser: Browser, language: str):
    longest = max((ready_plan(name) for name in READY), key=lambda plan: len(plan.rounds))
    of_hundred = SimpleNamespace(lost=dict.fromkeys(LEDGER, 26.4))
    results: Any = [SimpleNamespace(round=number, tables=[of_hundred]) for number in range(len(longest.rounds))]
    page = browser.new_page(viewport=PHONE)
    page.set_content(
        html_file("", element("main", PageParts(started(longest), results, language).lost_by_round(0)), language)
    )
    assert page.locator(".scroll").evaluate("box => box.scrollWidth <= box.clientWidth"), "no figure behind the edge"
    page.close()


@pytest.mark.parametrize("language", languages())
def test_a_hand_out_is_one_page_on_paper(browser: Browser, language: str):
    context = browser.new_context()
    page = context.new_page()
    for name in READY:
        page.set_content(handout(ready_plan(name), language))
        printed = page.pdf(prefer_css_page_size=True)
        assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1, name
    context.close()
