"""Claims about the pages Own chain and Experiments, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.conftest import AppServer, Watch, app_process

from ketensim.app.experiments.jobs import FIRST, offered_experiments
from ketensim.scenario import files

pytestmark = [pytest.mark.browser, pytest.mark.jit]
LONG = 120_000  # milliseconds, for what is computed


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppServer]:
    """The app with a folder for results of its own."""
    folder = tmp_path_factory.mktemp("lab")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KETENSIM_RESULTS", str(folder / "results"))
        with app_process(folder) as started:
            yield started


@pytest.fixture
def page(browser: Browser, watch: Watch) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1366, "height": 768}, accept_downloads=True)
    context.set_default_timeout(30_000)
    yield watch.page(context.new_page())
    context.close()


def opened(page: Page, server: AppServer, path: str, language: str = "nl") -> Page:
    page.goto(f"{server.url}{path}{'&' if '?' in path else '?'}lang={language}")
    page.locator("main, .ketensim h1").first.wait_for()
    return page


def test_a_mistake_is_told_beside_its_field_and_keeps_what_was_typed_until_it_is_mended(
    page: Page, server: AppServer
) -> None:
    opened(page, server, "/keten")
    staff = page.locator('[id="cell-organisations[0].fte"]')
    staff.fill("veel")
    told = page.locator('[id="cell-organisations[0].fte-told"]')
    expect(told).to_contain_text("veel")
    expect(staff).to_have_value("veel")
    expect(staff).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_role("button", name="Doorrekenen")).to_be_disabled()
    staff.fill("11,5")
    expect(told).not_to_contain_text("veel")
    expect(page.get_by_role("button", name="Doorrekenen")).to_be_enabled()
    page.get_by_role("button", name="Stap terug", exact=True).last.click()
    expect(staff).to_have_value("10")


def test_a_chain_that_was_built_is_computed_and_travels_in_the_link(page: Page, server: AppServer) -> None:
    opened(page, server, "/keten")
    page.get_by_role("button", name="Organisatie toevoegen").click()
    name = page.locator('[id="cell-organisations[3].label.nl"]')
    name.fill("Wijkteam Zuid")
    expect(page.locator(".ks-draw svg")).to_contain_text("Wijkteam Zuid")
    page.get_by_role("button", name="Doorrekenen").click()
    expect(page.get_by_role("heading", name="Weer naar school")).to_be_visible(timeout=LONG)
    page.wait_for_url("**k=own**")
    link = page.url
    page.goto(link)
    expect(page.get_by_role("heading", name="Weer naar school")).to_be_visible(timeout=LONG)


def drag(page: Page, place: int, x: float, y: float) -> None:
    """From an organisation in the drawing to a point."""
    box = page.locator(".ks-draw-box rect").nth(place).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 30, box["y"] + 15)
    page.mouse.down()
    page.mouse.move(x, y, steps=4)
    page.mouse.up()


def test_organisations_and_links_are_drawn_by_mouse_and_every_act_is_one_step_back(
    page: Page, server: AppServer
) -> None:
    opened(page, server, "/keten")
    boxes, links = page.locator(".ks-draw-box"), page.locator(".ks-draw-link")
    expect(boxes).to_have_count(3)
    last = page.locator(".ks-draw-box rect").nth(2).bounding_box()
    assert last is not None
    drag(page, 0, last["x"] + 30, last["y"] + 15)
    expect(links).to_have_count(3)
    expect(page.locator('[id="drawn-links[2].share"]')).to_be_focused()
    # it is drawn anew, and boxes may have moved
    expect(page.locator(".ks-own-notes")).to_contain_text("Er loopt nu een verbinding")
    last = page.locator(".ks-draw-box rect").nth(2).bounding_box()
    assert last is not None
    drag(page, 0, last["x"] + 30, last["y"] + 15)
    expect(page.locator(".ks-own-notes")).to_contain_text("Er is al een verbinding van Scholen naar Jongerenteam")
    expect(links).to_have_count(3)
    first = page.locator(".ks-draw-box rect").first.bounding_box()
    assert first is not None
    drag(page, 0, first["x"] + 300, first["y"] + 20)
    expect(page.locator('[id="drawn-organisations[3].label.nl"]')).to_be_focused()
    page.keyboard.type("Huisarts")
    expect(boxes.nth(3)).to_contain_text("Huisarts")
    back = page.get_by_role("button", name="Stap terug", exact=True).last
    back.click()
    expect(page.locator(".ks-draw")).not_to_contain_text("Huisarts")
    back.click()
    expect(boxes).to_have_count(3)
    back.click()
    expect(links).to_have_count(2)


def test_the_drawing_is_made_by_keyboard_alone(page: Page, server: AppServer) -> None:
    opened(page, server, "/keten")
    boxes = page.locator(".ks-draw-box")
    boxes.first.focus()
    page.keyboard.press("ArrowDown")
    expect(boxes.nth(1)).to_be_focused()
    page.keyboard.press("+")
    expect(page.locator('[id="drawn-organisations[3].label.nl"]')).to_be_focused()
    page.keyboard.type("Wijkteam")
    expect(boxes.nth(3)).to_contain_text("Wijkteam")
    page.get_by_label("Verbinden met").select_option(label="Scholen")
    expect(page.locator('[id="drawn-links[3].share"]')).to_be_focused()
    boxes.nth(3).focus()
    page.keyboard.press("Delete")
    expect(boxes).to_have_count(3)
    page.keyboard.press("Control+z")
    expect(boxes).to_have_count(4)


def test_an_added_organisation_waits_for_its_name_and_one_that_is_there_is_refused(
    page: Page, server: AppServer
) -> None:
    opened(page, server, "/keten")
    page.get_by_role("button", name="Organisatie toevoegen").click()
    name = page.locator('[id="cell-organisations[3].label.nl"]')
    expect(name).to_be_focused()
    page.keyboard.type("Scholen")
    expect(page.locator('[id="cell-organisations[3].label.nl-told"]')).to_contain_text(
        "Er is er al een die Scholen heet"
    )
    expect(page.get_by_role("button", name="Doorrekenen")).to_be_disabled()


def test_what_is_built_is_what_is_scanned_and_what_the_menu_shows(page: Page, server: AppServer) -> None:
    opened(page, server, "/keten")
    page.get_by_role("button", name="Leeg beginnen").click()
    expect(page.locator(".ks-draw")).to_contain_text("nog geen organisatie")
    page.get_by_role("button", name="Organisatie toevoegen").last.click()
    page.get_by_role("button", name="Soort zaak toevoegen").click()
    expect(page.get_by_role("button", name="Doorrekenen")).to_be_enabled()
    page.locator('[id="cell-title.nl"]').fill("")
    page.keyboard.type("Zorg in de wijk")
    page.get_by_role(
        "button", name="Ketenscan"
    ).click()  # sooner than the pause after which what is typed goes to the server
    expect(page.get_by_text("U scant: Zorg in de wijk.")).to_be_visible()
    page.get_by_role("link", name="Verkennen").click()
    expect(page.get_by_role("heading", name="Zorg in de wijk")).to_be_visible(timeout=LONG)
    expect(page.locator("body")).not_to_contain_text("school")


def test_the_last_letter_is_kept_when_one_goes_back_in_the_browser_at_once(page: Page, server: AppServer) -> None:
    opened(page, server, "/leer")
    page.get_by_role("link", name="Eigen keten").click()
    page.locator('[id="cell-title.nl"]').fill("")
    page.keyboard.type("Zorg in de wijk")
    page.evaluate("history.back()")  # no field is left by that, and no click is made
    expect(page.locator(".ks-own")).to_have_count(0, timeout=LONG)
    page.get_by_role("link", name="Eigen keten").click()
    expect(page.locator('[id="cell-title.nl"]')).to_have_value("Zorg in de wijk", timeout=LONG)


def test_an_answer_to_an_earlier_letter_does_not_take_back_a_later_one(page: Page, server: AppServer) -> None:
    opened(page, server, "/keten")
    page.locator(".ks-draw-box").first.click()
    name = page.locator(".ks-draw-part input").first
    name.fill("")
    for letter in "Wijkteam Oost en West":  # slower than the pause, so that answers come while one types
        page.keyboard.type(letter)
        page.wait_for_timeout(320)
    expect(name).to_have_value("Wijkteam Oost en West")
    expect(page.locator(".ks-draw svg")).to_contain_text("Wijkteam Oost")


def test_a_chain_is_saved_as_a_file_and_opened_again(page: Page, server: AppServer, tmp_path: Path) -> None:
    opened(page, server, "/keten", "en")
    page.locator('[id="cell-organisations[0].fte"]').fill("17")
    expect(page.locator(".ks-draw svg")).to_contain_text("17")
    with page.expect_download() as saving:
        page.get_by_role("button", name="Save as a file").click()
    path = tmp_path / "saved.yaml"
    saving.value.save_as(path)
    assert files.load(path).organisations[0].fte.value == 17
    page.get_by_role("button", name="Small example").click()
    expect(page.locator('[id="cell-organisations[0].fte"]')).to_have_value("10")
    page.locator('input[type="file"]').set_input_files(path)
    expect(page.locator('[id="cell-organisations[0].fte"]')).to_have_value("17")


def test_a_file_that_is_no_chain_is_refused_with_its_line_and_nothing_changes(
    page: Page, server: AppServer, tmp_path: Path
) -> None:
    opened(page, server, "/keten")
    page.locator('[id="cell-organisations[0].fte"]').fill("17")
    expect(page.locator(".ks-draw svg")).to_contain_text("17")
    path = tmp_path / "broken.yaml"
    path.write_text("title: x\nweeks: [1, 2\n")
    page.locator('input[type="file"]').set_input_files(path)
    expect(page.locator(".ks-own-notes")).to_contain_text("Er is niets veranderd")
    expect(page.locator(".ks-own-notes")).to_contain_text("Regel")
    expect(page.locator('[id="cell-organisations[0].fte"]')).to_have_value("17")


def test_what_was_typed_is_still_there_after_another_page_and_after_loading_again(
    page: Page, server: AppServer
) -> None:
    opened(page, server, "/keten")
    page.locator('[id="cell-organisations[0].fte"]').fill("veel")
    expect(page.locator('[id="cell-organisations[0].fte-told"]')).to_contain_text("veel")
    page.get_by_role("link", name="Experimenten").click()
    expect(page.get_by_role("heading", name="Zelf beginnen")).to_be_visible()
    page.get_by_role("link", name="Eigen keten").click()
    expect(page.locator('[id="cell-organisations[0].fte"]')).to_have_value("veel")
    page.reload()
    expect(page.locator('[id="cell-organisations[0].fte"]')).to_have_value("veel")


def test_the_scan_becomes_levers_in_words_and_a_setting_to_explore(page: Page, server: AppServer) -> None:
    opened(page, server, "/keten?k=reference", "en")
    page.get_by_role("button", name="Chain scan").click()
    page.get_by_text("The professional does what this case needs, and feels supported.").click()
    expect(page.get_by_role("status").filter(has_text="1 of the 12")).to_be_visible()
    expect(page.locator(".ks-standing")).to_contain_text("Room")
    page.reload()
    page.get_by_role("button", name="Chain scan").click()
    expect(page.get_by_role("status").filter(has_text="1 of the 12")).to_be_visible()
    page.get_by_role("button", name="Explore with this").click()
    page.wait_for_url("**k=own**")  # so it has always been; what is moved from here on is a decision
    expect(page.locator("#lever-room")).to_have_value("90")
    page.get_by_role("button", name="Step back").first.click()
    expect(page.locator("#lever-room")).not_to_have_value("90")


def test_an_experiment_starts_stops_goes_on_and_opens_as_a_report(page: Page, server: AppServer) -> None:
    opened(page, server, "/experimenten?k=reference")
    page.locator("#lab-runs").select_option("10")
    page.get_by_role("button", name="Beginnen").click()
    expect(page.get_by_role("status").filter(has_text="per seconde")).to_be_visible(timeout=LONG)
    page.get_by_role("link", name="Leren").click()
    page.get_by_role("link", name="Experimenten").click()
    expect(page.get_by_text("Nog niet af")).to_be_visible()
    expect(page.get_by_role("button", name="Beginnen")).to_be_enabled()
    page.get_by_role("button", name="Verdergaan").click()
    expect(page.get_by_role("link", name="Het hele rapport")).to_be_visible(timeout=LONG)
    expect(page.locator(".ks-bar-row")).to_have_count(len(offered_experiments()[FIRST].levers))
    with page.context.expect_page() as opening:
        page.get_by_role("link", name="Het hele rapport").click()
    expect(opening.value.get_by_role("heading", level=1)).to_contain_text("Welke conditie eerst?", timeout=LONG)
    page.reload()
    expect(page.locator(".ks-results")).to_contain_text("van u", timeout=LONG)


def test_a_visitor_does_not_see_what_another_one_made(
    page: Page, browser: Browser, server: AppServer, watch: Watch
) -> None:
    opened(page, server, "/keten")
    page.locator('[id="cell-organisations[0].fte"]').fill("99")
    expect(page.locator(".ks-draw svg")).to_contain_text("99")
    context = browser.new_context()
    other = watch.page(context.new_page())
    opened(other, server, "/keten")
    expect(other.locator('[id="cell-organisations[0].fte"]')).to_have_value("10")
    opened(other, server, "/experimenten")
    expect(other.get_by_text("Er zijn nog geen resultaten.")).to_be_visible(timeout=LONG)
    context.close()
