"""Claims about the first page of a report: what it concludes follows from the results, and it is one page."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.views.fake import fake_results, fake_scenario
from tests.views.test_report import COMMAND, Page, comparison

from ketensim.foundation.outcome_table import HOUR_GROUPS, ORGANISATION_OUTCOME_NAMES
from ketensim.texts import catalogue, languages, t
from ketensim.views.drawing.reading import Reading
from ketensim.views.report import against, bottleneck, certainty, conclusions, front
from ketensim.views.report.document import report_html
from ketensim.views.report.page import ReportPage

VIEWS = Path(front.__file__).parent
BOARD = 1  # where most work waits in the invented results


def changed(runs: int = 40, **values: Any) -> Reading:
    """Invented results with other values for some outcomes of the organisation where most work waits."""
    results = fake_results(runs=runs)
    assert results.organisation_values is not None
    results.organisation_values[..., ORGANISATION_OUTCOME_NAMES.index("blocked")] = 0.0
    for name, value in values.items():
        results.organisation_values[:, :, BOARD, ORGANISATION_OUTCOME_NAMES.index(name)] = value
    return Reading(results)


def found(reading: Reading) -> bottleneck.Bottleneck:
    result = bottleneck.bottleneck_of(reading)
    assert result is not None
    return result


def test_the_lost_posts_are_counted_in_full_time_staff() -> None:
    """25 posts, 20 people, a tenth of their hours to rework: 5 and 2 posts."""
    hours = dict.fromkeys((name for name in ORGANISATION_OUTCOME_NAMES if name.startswith("hours_")), 0.0)
    reading = changed(staff=20.0, **hours | {"hours_case_work": 540.0, "hours_rework": 72.0, "hours_own_work": 108.0})
    lost = found(reading).losses
    assert lost["posts"] == pytest.approx(5.0)
    assert lost["rework"] == pytest.approx(2.0)
    assert list(lost) == sorted(lost, key=lambda cause: -lost[cause])


def test_fewer_people_where_the_queue_is_long_are_told() -> None:
    runs, few = 40, np.arange(40)[:, np.newaxis] / 4
    reading = changed(runs, staff=25.0 - few, weeks_of_work=3.0 + few)
    keys = [reason.key for reason in found(reading).reasons]
    assert "report.contrast.staff" in keys
    assert "report.reason.chance" not in keys


def test_a_difference_in_staff_that_has_nothing_to_do_with_the_queue_is_not_told() -> None:
    luck = np.random.default_rng(1)
    reading = changed(staff=25.0 - luck.random((40, 1)) * 9, weeks_of_work=3.0 + luck.random((40, 1)))
    assert not [reason for reason in found(reading).reasons if "contrast" in reason.key]


def test_the_share_of_runs_with_this_bottleneck_is_told() -> None:
    weeks = np.where(np.arange(40)[:, np.newaxis] < 30, 9.0, 0.1)
    assert found(changed(weeks_of_work=weeks)).often == pytest.approx(0.75)


def test_an_organisation_with_too_little_staff_on_paper_is_called_that() -> None:
    results = fake_results(fake_scenario().with_context(capacity=0.6))
    assert results.organisation_values is not None
    results.organisation_values[..., ORGANISATION_OUTCOME_NAMES.index("blocked")] = 0.0
    assert found(Reading(results)).reasons[0].key == "report.reason.too_few"


def test_the_headline_says_the_number_of_the_results() -> None:
    reading = Reading(fake_results())
    share = reading.of_runs("goal_realisation").mean
    page = Page(report_html(reading, "nl", COMMAND))
    assert t("report.headline.alone", "nl", share=share) in page.text
    compared = comparison(0.05)
    told = Page(report_html(reading, "en", COMMAND, compared)).text
    assert "Of every 100 cases 45 ended well and in time, against 40 in the comparison." in told


def test_how_sure_it_is_names_luck_published_figures_and_assumptions() -> None:
    keys = [part.key for part in certainty.certainty_conclusions(Reading(fake_results()))]
    wanted = ["mean", "luck_only", "published", "sourced"]
    assert [key for key in keys if key.startswith("report.sure.")] == [f"report.sure.{name}" for name in wanted]
    assert keys[0].startswith("report.spread.")
    assert [part.key for part in certainty.spread_conclusions(Reading(fake_results(runs=1)))] == [
        "report.spread.one_run"
    ]


def test_a_comparison_tells_what_was_set_and_where_the_bottleneck_went() -> None:
    compared, reading = comparison(0.05), Reading(fake_results())
    here = found(reading)
    told = list(against.comparison_conclusions(reading, compared, here, None, "nl"))
    assert told[0].key == "report.compare.higher"
    assert told[1].key == "report.compare.bottleneck_new"
    gone = list(against.comparison_conclusions(reading, compared, None, here, "nl"))
    assert gone[1].key == "report.compare.bottleneck_gone"


def test_a_hundred_hours_and_a_hundred_cases_are_all_shown() -> None:
    reading = Reading(fake_results())
    uses = [name for names in HOUR_GROUPS.values() for name in names]
    assert sorted(uses) == sorted(reading.hours)
    body = str(front.front_section(ReportPage(reading, "en", COMMAND, None)))
    bars = [re.findall(r"width:([\d.]+)%", bar) for bar in body.split('class="bar"')[1:]]
    assert [sum(map(float, widths)) for widths in bars] == pytest.approx([100, 100], abs=0.1)


def test_every_finding_has_a_sentence_in_both_languages() -> None:
    text = "".join(
        (VIEWS / f"{name}.py").read_text("utf-8")
        for name in ("bottleneck", "certainty", "against", "front", "conclusions", "hundred_cases", "costs")
    )
    keys = set(re.findall(r'"(report\.[a-z_]+\.[a-z_]+)"', text))
    keys |= {f"report.contrast.{cause}" for cause in bottleneck.CAUSES}
    keys |= {f"report.loss.{cause}" for cause in (bottleneck.POSTS, *bottleneck.HELD, "drift")}
    keys |= {f"report.bar.{use}" for use in HOUR_GROUPS}
    for language in languages():
        texts = catalogue(language)["report"]
        assert all(key.split(".")[2] in texts[key.split(".")[1]] for key in keys)
        assert {f"bottleneck_{kind}" for kind in ("stayed", "went_to", "gone", "new")} <= set(texts["compare"])


def test_a_short_run_still_has_a_first_page() -> None:
    reading = Reading(fake_results(fake_scenario(weeks=10), runs=1))
    told = Page(report_html(reading, "nl", COMMAND)).text
    assert t("report.headline.unknown", "nl") in told
    assert next(iter(conclusions.goal_conclusions(reading))).key == "report.goal.unknown"


@pytest.mark.browser
@pytest.mark.skipif(not shutil.which("chromium") or not shutil.which("pdftotext"), reason="needs chromium and poppler")
@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("compared", [True, False])
def test_the_conclusions_are_exactly_the_first_printed_page(language: str, compared: bool, tmp_path: Path) -> None:
    text = report_html(Reading(fake_results(runs=40)), language, COMMAND, comparison(0.05) if compared else None)
    (tmp_path / "report.html").write_text(text, encoding="utf-8")
    words = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}"]
    words += ["--virtual-time-budget=5000", f"--print-to-pdf={tmp_path / 'a4.pdf'}", str(tmp_path / "report.html")]
    subprocess.run(words, check=True, capture_output=True, timeout=120)
    pages = subprocess.run(["pdftotext", str(tmp_path / "a4.pdf"), "-"], check=True, capture_output=True).stdout
    first, second, *_ = (" ".join(page.split()) for page in pages.decode().split("\f"))
    last = t("report.caveat", language).split(". ")[-1]
    assert last in first
    assert t("report.head.chain", language) in second[:200]
