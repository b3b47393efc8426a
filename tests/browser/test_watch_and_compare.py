"""Claims about the pages Watch and Compare, seen in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.app.served import AppServer
from tests.browser.conftest import PATIENCE, Visitor, in_view, tab_to
from tests.conftest import organisation, scenario_of, small

from ketensim.app.setting import Setting
from ketensim.scenario import files

pytestmark = pytest.mark.browser
expect.set_options(timeout=PATIENCE)
Opener = Callable[..., Page]


@pytest.fixture
def opened(visitor: Visitor, app_server: AppServer) -> Opener:
    """Opens a page of the app as somebody who was never there before."""
    return lambda path, **options: visitor(app_server.url + path, **options)


def playing(opened: Opener, query: str = "k=reference", **options: Any) -> Page:
    page = opened(f"/kijk?{query}", **options)
    page.locator("#ks-play").wait_for()
    return page


def week_of(page: Page) -> int:
    return int(page.locator("#ks-scrub").input_value())


def test_a_run_plays_pauses_and_steps_with_the_keyboard(opened: Opener) -> None:
    page = playing(opened)
    page.keyboard.press("Space")
    page.wait_for_function("() => Number(document.querySelector('#ks-scrub').value) >= 3")
    page.locator(".dots path").first.wait_for(state="attached")
    page.keyboard.press("Space")
    expect(page.locator("#ks-play")).to_have_text("Afspelen")
    at = week_of(page)
    page.wait_for_timeout(700)
    assert week_of(page) == at, "a film that is stopped stands still"
    page.keyboard.press("ArrowRight")
    assert week_of(page) == at + 1
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert week_of(page) == at - 1


def test_the_buttons_that_play_come_before_the_organisations_and_stage_and_time_share_a_screen(opened: Opener) -> None:
    page = playing(opened, "k=jeugdbescherming")
    page.locator("#main").focus()
    tab_to(page, "ks-play", 8, "more than eight stops before the button that plays")
    page.evaluate("scrollTo(0, 0)")
    for part in (".ks-stage", "#ks-scrub", "#ks-play"):
        box = page.locator(part).bounding_box()
        assert box is not None and box["y"] >= 0 and box["y"] + box["height"] <= 768, part


def test_thirty_organisations_can_be_read(opened: Opener) -> None:
    chain = small(
        organisations=[organisation(f"Org{number}") for number in range(30)],
        links=[{"from": f"Org{number}", "to": f"Org{number + 1}", "share": 0.8} for number in range(29)],
    )
    chain["case_types"][0]["entry"] = "Org0"
    page = playing(opened, Setting().with_own(files.dump(scenario_of(chain))).query)
    name = page.locator(".ks-stage .node .name").first.bounding_box()
    assert name is not None and name["height"] >= 9
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    page.locator(".ks-stage .node").last.focus()
    last = page.locator(".ks-stage .node").last.bounding_box()
    assert last is not None and last["x"] + last["width"] <= 1366, "who goes there with Tab sees it"


def test_one_can_go_to_any_week_and_to_the_next_event(opened: Opener) -> None:
    page = playing(opened, "k=jeugdbescherming")
    page.locator("#ks-scrub").fill("100")
    assert week_of(page) == 100
    date = page.locator("#ks-week").inner_text()
    page.get_by_role("button", name="Volgende gebeurtenis").click()
    assert week_of(page) > 100 and page.locator("#ks-week").inner_text() != date
    page.get_by_role("button", name="Naar het begin").click()
    assert week_of(page) == 0
    page.locator(".ks-strip").click()
    assert week_of(page) > 50, "a click in the curve goes to that week"


def test_an_organisation_tells_why_it_changed_in_the_week_that_is_seen(opened: Opener) -> None:
    page = playing(opened)
    page.locator("#ks-scrub").fill("30")
    node = page.locator(".node").nth(1)
    node.focus()
    page.keyboard.press("Enter")
    reasons = page.locator(".ks-reasons li")
    reasons.first.wait_for()
    first = page.locator(".ks-reasons").inner_text()
    expect(node).to_have_attribute("aria-pressed", "true")
    page.locator("#ks-scrub").fill("31")
    expect(page.locator(".ks-reasons")).not_to_have_text(first)
    page.get_by_role("button", name="EN", exact=True).click()
    expect(page.locator("#ks-reasoning")).to_have_text("Why did this change?")
    expect(page.locator(".ks-reasons li").first).to_contain_text(re.compile("employee|case|child|agreement|queue"))


def test_trust_is_a_number_for_whoever_points_at_a_line_or_tabs_to_it(opened: Opener) -> None:
    page = playing(opened)
    line = page.locator(".link .feel").first
    line.focus()
    expect(page.locator(".label.told")).to_contain_text(re.compile(r"vertrouwen \d+ van 100"))
    assert re.search(r"Vertrouwen \d+ van 100", line.get_attribute("aria-label") or "")


def test_best_worst_and_another_run_can_be_chosen(opened: Opener) -> None:
    page = playing(opened)
    status = page.locator(".ks-watch-head [role=status]")
    page.get_by_role("button", name="De beste van 60").click()
    expect(status).to_contain_text("plaats 1 van 60")
    page.get_by_role("button", name="De slechtste van 60").click()
    expect(status).to_contain_text("plaats 60 van 60")
    number = status.inner_text()
    page.get_by_role("button", name="Een andere").click()
    expect(status).not_to_have_text(number)
    page.wait_for_function("() => /run=\\d/.test(location.search)")
    other = playing(opened, page.url[page.url.index("?") + 1 :])
    expect(other.locator(".ks-watch-head [role=status]")).to_have_text(status.inner_text())


def test_who_wants_little_motion_sees_numbers_instead_of_travelling_cases(opened: Opener) -> None:
    page = playing(opened, reduced_motion="reduce")
    page.keyboard.press("Space")
    page.wait_for_function("() => Number(document.querySelector('#ks-scrub').value) >= 3")
    assert page.locator(".dots path").count() == 0
    assert page.locator(".label:not(.told)").count() > 3


def test_the_table_of_the_week_says_what_the_picture_shows(opened: Opener) -> None:
    page = playing(opened)
    page.locator("#ks-scrub").fill("20")
    page.locator("summary", has_text="Deze week in cijfers").click()
    rows = page.locator("details[open] table").first.locator("tbody tr")
    shown = [text.strip() for text in page.locator(".node .number").all_text_contents()]
    assert [rows.nth(place).locator("td").first.inner_text() for place in range(rows.count())] == shown


def both(page: Page) -> Page:
    """Wait until two films stand beside each other."""
    expect(page.locator(".ks-stage")).to_have_count(2, timeout=2 * PATIENCE)
    return page


def test_two_settings_play_side_by_side_in_step_with_one_set_of_buttons_on_one_screen(opened: Opener) -> None:
    page = playing(opened, "k=jeugdbescherming&frame=0.9&room=0.9&run=12")
    page.locator("#ks-beside").select_option(label="zoals het was")
    both(page)
    page.evaluate("scrollTo(0, 0)")
    for part in (".ks-film >> nth=0", ".ks-film >> nth=1", "#ks-play", ".ks-strip", "#ks-scrub"):
        assert in_view(page, part), part
    first, last = (page.locator(".ks-stage").nth(place).bounding_box() for place in range(2))
    assert first and last and first["y"] == last["y"] and first["x"] + first["width"] <= last["x"]
    expect(page.locator(".ks-film-name")).to_have_text([re.compile("A.*Uw instelling nu.*13 van 60"), re.compile("B.*zoals het was.*13 van 60")])  # fmt: skip
    expect(page.locator(".ks-play")).to_have_count(1)
    expect(page.locator(".ks-strip .mean")).to_have_count(2)
    page.locator("#main").focus()
    page.keyboard.press("Space")
    page.wait_for_function("() => [...document.querySelectorAll('.dots')].every((dots) => dots.children.length > 0)")
    page.keyboard.press("Space")
    page.locator("#ks-scrub").fill("200")
    expect(page.locator(".ks-differs")).to_have_text(
        re.compile(
            r"Tot nu toe liep het bij A voor .+ bij B voor .+ kinderen .+ rij verschilt het meest bij .+: \d+ tegen \d+\."
        )
    )
    told = page.locator(".ks-differs").inner_text()
    queues = [page.locator(".ks-stage").nth(place).locator(".number").all_text_contents() for place in range(2)]
    apart = max(zip(*queues, strict=True), key=lambda pair: abs(int(pair[0]) - int(pair[1])))
    assert f"{apart[0]} tegen {apart[1]}" in told, "the sentence is about the queues that are seen"
    page.keyboard.press("ArrowRight")
    assert week_of(page) == 201
    page.locator(".node").nth(1).click()
    expect(page.locator(".ks-reasons")).to_have_count(2)


def test_the_link_lays_the_same_two_films_side_by_side_on_a_phone_beneath_each_other(opened: Opener) -> None:
    page = playing(opened)
    page.select_option("#ks-beside", "worst")
    both(page)
    page.wait_for_url(re.compile("beside=worst"))
    page.locator("#ks-beside").select_option(label="loslaten")
    page.wait_for_url(re.compile("beside=.*room%3D0.9"))
    other = both(playing(opened, page.url.partition("?")[2], width=390, height=844))
    expect(other.locator(".ks-film-name").last).to_contain_text("loslaten")
    first, last = (other.locator(".ks-stage").nth(place).bounding_box() for place in range(2))
    assert first and last and first["y"] + first["height"] <= last["y"] and last["x"] + last["width"] <= 390
    other.locator("#ks-beside").select_option(label="niets")
    expect(other.locator(".ks-stage")).to_have_count(1)
    other.wait_for_url(lambda url: "beside=" not in url)


def test_what_is_pinned_travels_in_the_link_of_explore_with_its_name(opened: Opener) -> None:
    page = opened("/?k=reference&room=0.9")
    page.get_by_role("button", name="Vasthouden").click(timeout=2 * PATIENCE)
    page.get_by_role("button", name=re.compile("Naam van vastgehouden 1")).click()
    page.keyboard.type("Veel ruimte")
    page.keyboard.press("Enter")
    expect(page.locator("ul.ks-legend")).to_contain_text("vastgehouden 1: Veel ruimte")
    page.locator("#lever-frame").fill("90")
    page.wait_for_url(re.compile("frame=0.9.*pin=room%3D0.9%26name%3DVeel"))
    other = opened(page.url.removeprefix(page.url.split("/?")[0]))
    expect(other.locator("ul.ks-legend")).to_contain_text("vastgehouden 1: Veel ruimte")
    other.get_by_role("link", name="Kijken").click()
    other.locator("#ks-beside").select_option(label="Veel ruimte")
    both(other)
    other.get_by_role("link", name="Verkennen").click()
    expect(other.locator("ul.ks-legend")).to_contain_text("vastgehouden 1: Veel ruimte")


def settled(opened: Opener, query: str = "k=reference", **options: Any) -> Page:
    page = opened(f"/vergelijk?{query}", **options)
    first_look(page)
    return page


def first_look(page: Page) -> None:
    """Wait until all columns are there, with some runs at least."""
    page.locator("#ks-verdict").wait_for()
    page.wait_for_function("() => !document.querySelector('.stale') && !document.querySelector('.coming')")


def ready(page: Page) -> None:
    """Wait until all runs are there."""
    first_look(page)
    page.wait_for_function("() => !document.querySelector('#ks-halt')")


def test_a_moved_lever_stands_beside_the_chain_as_it_is_and_words_say_which_is_better(opened: Opener) -> None:
    page = settled(opened, "k=reference&frame=0.05&room=0.95")
    expect(page.locator(".ks-side-card h2")).to_contain_text(["De keten zoals zij is", "Uw instelling nu"])
    expect(page.locator(".ks-changes")).to_contain_text("Ruimte")
    said = page.locator(".ks-said-of .first").inner_text()
    assert re.search(r"doet het (beter|slechter) dan A|kan toeval zijn", said)
    mark = page.locator("svg.ks-whiskers .mark").first.get_attribute("class") or ""
    assert ("cannot_be_told" in mark) == ("kan toeval zijn" in said), "dots and words agree"


def test_the_link_holds_what_stands_side_by_side(opened: Opener) -> None:
    page = settled(opened)
    page.select_option("#ks-policy", "let_go_when_trusted")
    page.locator("#ks-add").click()
    first_look(page)
    expect(page.locator(".ks-side-card")).to_have_count(4)
    ready(page)
    page.wait_for_function("() => location.search.includes('with=')")
    link = page.url[page.url.index("?") + 1 :]
    names = page.locator(".ks-side-card h2").all_inner_texts()
    verdict = page.locator("#ks-verdict").inner_text()
    other = settled(opened, link)
    ready(other)
    assert other.locator(".ks-side-card h2").all_inner_texts() == names
    expect(other.locator("#ks-verdict")).to_have_text(verdict)


def test_a_setting_has_the_name_that_somebody_gave_it_also_for_who_opens_the_link(opened: Opener) -> None:
    page = opened("/vergelijk?k=reference&room=0.9")
    page.get_by_role("button", name="Naam van A").click(timeout=2 * PATIENCE)
    page.keyboard.type("Weinig ruimte", delay=150)  # runs come in meanwhile, and take away no letter
    page.keyboard.press("Enter")
    expect(page.locator("section.ks-side-card").first).to_contain_text("Weinig ruimte")
    expect(page.locator("#ks-verdict")).to_contain_text("Weinig ruimte")
    page.wait_for_url(re.compile("name%3DWeinig"))
    again = opened(page.url.removeprefix(page.url.split("/vergelijk")[0]))
    expect(again.locator("section.ks-side-card").first).to_contain_text("Weinig ruimte", timeout=2 * PATIENCE)


def test_another_column_can_be_the_one_to_compare_with_and_one_can_be_taken_away(opened: Opener) -> None:
    page = settled(opened)
    second = page.locator(".ks-side-card").nth(1)
    name = second.locator("h2 span").inner_text()
    second.get_by_role("button", name="Vergelijk met deze").click()
    expect(page.locator(".ks-side-card").first.locator("h2")).to_contain_text(name)
    first_look(page)
    page.locator(".ks-side-card").first.get_by_role("button", name=re.compile("weghalen")).click()
    expect(page.locator(".ks-side-card")).to_have_count(2)


def test_a_kept_setting_stays_while_one_explores_on(opened: Opener) -> None:
    page = settled(opened, "k=reference&room=0.9")
    page.get_by_role("button", name="Houd uw instelling nu vast").click()
    page.get_by_role("link", name="Verkennen").click()
    page.locator("#lever-frame").focus()
    page.keyboard.press("ArrowRight")
    page.get_by_role("link", name="Vergelijken").click()
    first_look(page)
    expect(page.locator(".ks-side-card")).to_have_count(3)


def test_computing_can_be_stopped_and_shows_what_there_is(opened: Opener) -> None:
    page = settled(opened)
    page.get_by_label("Nauwkeurigheid").select_option("1000")
    page.locator("#ks-halt").click()
    expect(page.locator(".ks-compare-tools [role=status]")).to_contain_text("Gestopt")
    page.wait_for_timeout(1500)
    assert page.locator("#ks-resume").is_visible(), "it stays stopped"
    expect(page.locator(".ks-side-card")).to_have_count(3)


def test_figures_can_be_saved(opened: Opener) -> None:
    page = settled(opened)
    with page.expect_download() as table:
        page.get_by_role("button", name="CSV").click()
    text = table.value.path().read_text()
    assert text.splitlines()[0] == "outcome,setting,name,runs,mean,difference,low,high"
    assert len(text.splitlines()) == 1 + 7 * 3
    with page.expect_download() as picture:
        page.get_by_role("button", name="PNG").click()
    assert picture.value.path().read_bytes().startswith(b"\x89PNG")
    film = playing(opened)
    film.locator("summary", has_text="Bewaren").click()
    with film.expect_download() as weeks:
        film.get_by_role("button", name="CSV").click()
    assert weeks.value.path().read_text().startswith("week,date,organisation,waiting")


def test_what_is_pinned_on_explore_stands_in_compare_with_its_name_and_in_its_link(opened: Opener) -> None:
    page = opened("/?room=0.9")
    page.get_by_role("button", name="Vasthouden").click(timeout=PATIENCE)
    link = page.get_by_role("link", name="Vergelijk wat u vasthield")
    expect(link).to_have_attribute("href", re.compile("with=room%3D0.9%26name%3D"))
    page.locator("#lever-frame").fill("90")
    expect(link).to_have_attribute("href", re.compile("frame=0.9"))
    link.click()
    cards = page.locator(".ks-side-card")
    expect(cards).to_have_count(2)
    expect(cards.first).to_contain_text("Ruimte 90")
    expect(cards.last).to_contain_text("Uw instelling nu")


def test_a_slider_on_compare_moves_the_setting_of_now_and_leaves_the_others(opened: Opener) -> None:
    page = opened("/vergelijk?room=0.9")
    expect(page.locator(".ks-side-card")).to_have_count(2)
    page.locator("#compare-frame").fill("80")
    page.wait_for_url("**frame=0.8**")
    expect(page.locator(".ks-side-card").last).to_contain_text("Kader")
    expect(page.locator(".ks-side-card").first).to_contain_text("Hiermee worden de andere vergeleken")
    page.get_by_role("button", name="Stap terug").click()
    page.wait_for_url(lambda url: "frame" not in url)
