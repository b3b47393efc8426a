"""Claims about the report: complete, closed, safe, in both languages, and right about the numbers."""

from __future__ import annotations

import base64
import datetime
import html as escapes
import itertools
import json
import re
import zlib
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest
from tests.views.fake import fake_results, fake_scenario

import ketensim as ks
from ketensim.analysis.resemblance import resemblance
from ketensim.run.results import Results
from ketensim.texts import languages, t
from ketensim.views.drawing.axes import apart
from ketensim.views.drawing.chain_picture import chain_picture
from ketensim.views.drawing.layers import rows_of
from ketensim.views.drawing.marks import marks_of
from ketensim.views.drawing.markup import VOID, Markup, element, embedded_json
from ketensim.views.drawing.reading import Reading
from ketensim.views.report import charts, conclusions, evidence, tables
from ketensim.views.report.bottleneck import bottleneck_of
from ketensim.views.report.conclusions import direction_of_change
from ketensim.views.report.document import report_html
from ketensim.views.report.page import Counterpart

COMMAND = "ketensim run jeugdbescherming --runs 20 --seed 1"
HOSTILE = "</script><img src=x onerror=alert(1)> & <b>\"'"
SVG = {"path", "rect", "marker"}


class Page(HTMLParser):
    """What stands in a page, and whether every element is closed."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in ("script", "style"):
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def comparison(better: float) -> Counterpart:
    row = {"outcome": "goal_realisation", "a": 0.4, "b": 0.4 + better, "difference": better}
    span = {"low": better - 0.01, "high": better + 0.01, "b_higher": 0.5 + 10 * better}
    columns = {name: [value] for name, value in (row | span).items()}
    weeks = np.arange(208)
    weekly = {"week": weeks, "p10": weeks * 0.0 - 0.01, "p90": weeks * 0.0 + 0.05, "mean": weeks * 0.0 + 0.02}
    return Counterpart(Reading(fake_results(better=-better)), columns, weekly, "de andere keten")


@pytest.fixture(scope="module")
def results() -> Results:
    return fake_results()


@pytest.fixture(scope="module", params=languages())
def written(request: pytest.FixtureRequest, results: Results) -> tuple[str, str, Page]:
    text = report_html(Reading(results), request.param, COMMAND, comparison(0.05))
    return request.param, text, Page(text)


def test_every_element_of_the_report_is_closed(written: tuple[str, str, Page]) -> None:
    _, text, page = written
    assert text.startswith("<!DOCTYPE html>")
    assert page.open == []


def test_the_report_says_its_language(written: tuple[str, str, Page]) -> None:
    language, _, page = written
    assert ("html", {"lang": language}) in page.elements


def test_nothing_in_the_report_comes_from_outside(written: tuple[str, str, Page]) -> None:
    _, text, page = written
    for tag, attributes in page.elements:
        assert tag not in ("link", "iframe", "img", "object", "embed", "base", "form")
        assert not set(attributes) & {"src", "srcset", "action", "formaction", "onload", "onerror"}
        link = attributes.get("href")
        assert link is None or link.startswith("#")
    styles = "".join(re.findall(r"<style>(.*?)</style>", text, re.DOTALL))
    assert "url(" not in styles and "@import" not in styles


def test_links_within_the_report_lead_somewhere(written: tuple[str, str, Page]) -> None:
    _, _, page = written
    names = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(names) == len(set(names))
    assert {attributes["href"][1:] for tag, attributes in page.elements if tag == "a" and attributes["href"]} <= set(
        names
    )


def test_every_section_of_the_report_is_there(written: tuple[str, str, Page]) -> None:
    language, _, page = written
    for name in (
        "conclusions",
        "chain",
        "goal",
        "energy",
        "queues",
        "trust",
        "levers",
        "indicators",
        "sources",
        "reproduce",
    ):
        assert t(f"report.head.{name}", language) in page.text


def test_every_figure_has_a_text_alternative(written: tuple[str, str, Page]) -> None:
    _, _, page = written
    figures = [attributes for _, attributes in page.elements if attributes.get("class") == "plot"]
    assert len(figures) == 11
    for attributes in [*figures, *(found for tag, found in page.elements if tag == "svg")]:
        assert attributes["role"] == "img"
        assert len(attributes["aria-label"] or "") > 30


def test_the_page_carries_its_figures_and_plotly_packed(written: tuple[str, str, Page]) -> None:
    _, text, page = written
    places = {attributes["id"] for _, attributes in page.elements if attributes.get("class") == "plot"}
    assert set(json.loads(script(text, "figures"))) == places
    assert b"Plotly" in zlib.decompress(base64.b64decode(script(text, "plotly")))


def test_the_report_can_be_reproduced_from_itself(written: tuple[str, str, Page], results: Results) -> None:
    from ketensim.scenario.files import read

    _, text, page = written
    assert COMMAND in page.text
    blocks = re.findall(r"<pre><code>(.*?)</code></pre>", text, re.DOTALL)
    assert read(escapes.unescape(blocks[-1])) == results.scenario


def test_the_censored_end_is_told(written: tuple[str, str, Page]) -> None:
    language, _, page = written
    assert t("report.figure.goal", language, censored=13) in page.text


def test_events_and_lever_changes_are_told_with_their_date(written: tuple[str, str, Page]) -> None:
    language, _, page = written
    words = ("29 januari 2015", "10% van het budget") if language == "nl" else ("29 January 2015", "10% of the budget")
    assert all(word in page.text for word in words)


def test_text_from_a_scenario_cannot_become_markup() -> None:
    hostile = fake_results(fake_scenario(label=HOSTILE), runs=3)
    text = report_html(Reading(hostile), "nl", f"ketensim run '{HOSTILE}'")
    page = Page(text)
    assert page.open == []
    assert not [tag for tag, attributes in page.elements if tag == "img" or "onerror" in attributes]
    assert HOSTILE in page.text
    for figure in json.loads(script(text, "figures")).values():
        told = json.dumps([figure["layout"]["annotations"], [trace["name"] for trace in figure["data"]]])
        assert "<" not in told


@pytest.mark.parametrize("language", languages())
def test_plotly_itself_accepts_every_figure(results: Results, language: str) -> None:
    from plotly.graph_objects import Figure

    for figure in drawn(results, language):
        Figure(figure)


def test_lines_differ_in_dash_and_surfaces_in_pattern_or_name(results: Results) -> None:
    for figure in drawn(results, "nl"):
        lines = [trace for trace in figure["data"] if "fillcolor" not in trace and trace["line"]["width"] > 0]
        styles = [(trace["line"]["color"], trace["line"]["dash"]) for trace in lines]
        assert len(styles) == len(set(styles))
        assert all(trace["name"] for trace in figure["data"])


def test_names_at_the_end_of_lines_do_not_overlap() -> None:
    places = apart([0.5, 0.5, 0.52, 0.1, 0.99], 0.06)
    ordered = sorted(places)
    assert all(upper - lower > 0.045 for lower, upper in itertools.pairwise(ordered))
    assert min(places) >= 0.0 and max(places) <= 1.0


def test_many_organisations_are_drawn_as_few_lines(results: Results) -> None:
    reading = Reading(results)
    assert len(charts.waiting_chart(reading, "nl", ())["data"]) == len(reading.names) <= charts.MOST_LINES


@pytest.mark.parametrize(("better", "verdict"), [(0.05, "higher"), (-0.05, "lower"), (0.005, "cannot_be_told")])
def test_a_comparison_is_told_by_its_interval(better: float, verdict: str) -> None:
    found = conclusions.conclusion_on_difference(comparison(better).differences, "x")
    assert found.key == f"report.compare.{verdict}"


def test_conclusions_are_told_from_the_numbers(results: Results) -> None:
    reading = Reading(results)
    whole, trend = conclusions.goal_conclusions(reading)
    assert whole.facts["share"] == pytest.approx(results.runs["goal_realisation"].mean())
    assert trend.key == "report.goal.fell"
    assert sum(reading.hour_shares().values()) == pytest.approx(1.0)


def test_the_fullest_organisation_is_the_bottleneck_when_cases_are_blocked(results: Results) -> None:
    found = bottleneck_of(Reading(results))
    assert found is not None
    assert (found.organisation, found.by_places) == ("Aanbieder", True)


def test_without_blocked_cases_the_longest_queue_is_the_bottleneck(results: Results) -> None:
    reading = Reading(results)
    reading._means["blocked"] = np.zeros((5, 208))
    found = bottleneck_of(reading)
    assert found is not None
    assert (found.organisation, found.by_places) == ("Raad", False)
    assert found.reasons


def test_a_chain_without_queues_has_no_bottleneck(results: Results) -> None:
    reading = Reading(results)
    reading._means |= {"blocked": np.zeros((5, 208)), "weeks_of_work": np.full((5, 208), 0.4)}
    assert bottleneck_of(reading) is None


def test_a_small_change_is_no_change() -> None:
    assert [direction_of_change(0.5, last, 0.03) for last in (0.52, 0.54, 0.46, np.nan)] == [
        "same",
        "rose",
        "fell",
        "same",
    ]


def test_a_run_shorter_than_the_norm_still_gives_a_report() -> None:
    short = fake_results(fake_scenario(weeks=10), runs=1)
    for language in languages():
        page = Page(report_html(Reading(short), language, COMMAND))
        assert t("report.goal.unknown", language) in page.text
        assert "nan" not in page.text.lower().split()


def test_published_figures_stand_beside_simulated_ones(results: Results) -> None:
    rows = {row[0]: row for row in evidence.indicator_table(results.scenario, resemblance(results), "nl").rows}
    assert rows["Tijd voor administratie"][1:3] == ("38% ± 8%", "32%")
    assert rows["Tijd voor administratie"][5:] == ("komt overeen", "[1]")
    assert rows["Zonder uitkomst (jaar)"][2:4] == ("–", "–")
    assert rows["Zonder uitkomst (jaar)"][5].startswith("niet te vergelijken: ")


def test_numbers_with_a_source_are_told_in_words(results: Results) -> None:
    table, counted = evidence.number_table(results.scenario, "nl")
    assert counted["sourced"] == len(table.rows) < counted["numbers"]
    assert ("Raad: verloop per jaar", "20%", "middel", "[1]", "Uit de jeugdmonitor") in table.rows


def test_a_table_of_years_names_the_years(results: Results) -> None:
    assert tables.year_table(Reading(results), "nl").headings == ["Uitkomst", "2015", "2016", "2017", "2018"]
    later = fake_results(fake_scenario(start="2015-07-01", weeks=104), runs=2)
    assert tables.year_table(Reading(later), "nl").headings == ["Uitkomst", "2015/16", "2016/17"]


def test_every_organisation_and_number_of_staff_is_in_the_picture(results: Results) -> None:
    page = Page(chain_picture(results.scenario, "nl", "Raad"))
    for organisation in results.scenario.organisations:
        assert organisation.label.nl in page.text
    assert "120 plaatsen" in page.text and "onafhankelijk" in page.text and "knelpunt" in page.text


def test_cases_flow_down_the_picture_unless_they_lead_back() -> None:
    flow = np.zeros((4, 4))
    flow[0, 1] = flow[0, 2] = flow[1, 3] = flow[2, 3] = 1.0
    flow[3, 0] = 0.5
    rows = rows_of(flow, np.array([2.0, 0, 0, 0]))
    assert [sorted(row) for row in rows] == [[0], [1, 2], [3]]


def test_marks_are_numbered_in_order_of_time(results: Results) -> None:
    marks = marks_of(results.scenario, "nl")
    assert [mark.sign for mark in marks] == ["1", "2", "3"]
    assert [mark.date for mark in marks] == sorted(mark.date for mark in marks)


def test_what_happened_is_told_with_its_own_date_and_not_with_the_start_of_the_week() -> None:
    chain = ks.load("schuldhulp")
    halved = next(mark for mark in marks_of(chain, "nl") if any("Looptijd gehalveerd" in line for line in mark.lines))
    assert halved.date == datetime.date(2023, 7, 1), "the act's own date; the week begins on 27 June"
    monday, thursday = chain.start + datetime.timedelta(days=7), chain.start + datetime.timedelta(days=10)
    incident = {"type": "incident", "size": 0.5, "label": {"nl": "Hier", "en": "Here"}}
    (mark,) = marks_of(chain.with_events(incident | {"date": thursday}, incident | {"date": monday}), "nl")
    assert mark.date == monday
    assert [line.startswith("op 11 januari 2019: Hier") for line in mark.lines] == [False, True]


def test_a_mark_says_what_became_more_and_what_became_less() -> None:
    """A size below zero is told as its opposite; a series once, with its lowest and its highest."""
    label, week = {"nl": "Hier", "en": "Here"}, {"week": 3, "weeks": 2}
    wave, loss = {**week, "type": "arrival_wave", "label": label}, {**week, "type": "capacity_loss", "label": label}
    events = [
        wave | {"size": -0.2},
        loss | {"size": -0.3},
        wave | {"size": 0.5, "then": [-0.1]},
        loss | {"size": 0.5, "then": [-0.1]},
    ]
    mark = marks_of(fake_scenario().with_events(*events), "nl")[0]
    assert mark.lines == (
        "Hier (20% minder zaken), 2 weken lang",
        "Hier (30% meer uren), 2 weken lang",
        "Hier (2 perioden van 2 weken; −10% tot +50% zaken)",
        "Hier (2 perioden van 2 weken; −50% tot +10% uren)",
    )


def test_plain_text_is_escaped_and_markup_is_not() -> None:
    assert element("p", "<b>", Markup("<i></i>"), title='"') == '<p title="&quot;">&lt;b&gt;<i></i></p>'
    assert "<" not in embedded_json({"x": "</script>"})
    assert json.loads(embedded_json({"x": "</script>\u2028"})) == {"x": "</script>\u2028"}


def drawn(results: Results, language: str) -> list[dict[str, Any]]:
    reading = Reading(results)
    marks = marks_of(results.scenario, language)
    week = np.linspace(-0.01, 0.05, len(reading.weeks))
    plain = (
        charts.ledger_chart,
        charts.energy_chart,
        charts.open_chart,
        charts.waiting_chart,
        charts.lead_time_chart,
        charts.trust_chart,
        charts.intervention_chart,
    )
    figures = [draw(reading, language, marks) for draw in plain]
    figures.append(charts.goal_chart(reading, language, marks, reading))
    figures.append(charts.difference_chart(reading, language, marks, week - 0.01, week + 0.01, week))
    return figures


def script(text: str, name: str) -> str:
    found = re.search(rf'<script type="[^"]*" id="{name}">(.*?)</script>', text, re.DOTALL)
    assert found is not None
    return found[1]
