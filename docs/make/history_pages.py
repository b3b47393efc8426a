"""The pages about history: pictures and tables from ``experiments/history/results``, in Dutch and English."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from docs.make import DOCS
from docs.make.blocks import markdown, refresh
from docs.make.history_pictures import picture
from docs.make.history_results import kept_of, label_with_unit, likenesses, marks_in, number
from experiments.history import replay

from ketensim.analysis.resemblance import NOT_COMPARABLE, RESEMBLES, Likeness
from ketensim.texts import languages, t
from ketensim.views.report import evidence

FOLDERS = {"en": DOCS / "en" / "history", "nl": DOCS / "nl" / "geschiedenis"}
SHORT = 12  # letters of a fingerprint that are shown


def pages() -> Mapping[Path, str]:
    """Every page and picture as it would be written now."""
    cases = [(name, language) for name in replay.cases() for language in languages()]
    return {page_of(*case): fresh(*case) for case in cases} | {picture_of(*case): picture(*case) for case in cases}


def page_of(name: str, language: str) -> Path:
    """The page of a case."""
    return FOLDERS[language] / f"{replay.cases()[name].page.in_language(language)}.md"


def picture_of(name: str, language: str) -> Path:
    """The file of the picture of a case."""
    return FOLDERS[language] / "pictures" / f"{page_of(name, language).stem}.svg"


def fresh(name: str, language: str) -> str:
    """The page of a case with every marked place filled."""
    made = {kind: partial(make, name, language) for kind, make in BLOCKS.items()}
    return refresh(page_of(name, language).read_text("utf-8"), made)


def _picture(name: str, language: str) -> str:
    title = page_of(name, language).read_text("utf-8").partition("\n")[0].removeprefix("# ")
    happened = [
        f"{mark.sign}. {t('report.date', language, date=mark.date)}: {'; '.join(mark.lines)}"
        for mark in marks_in(replay.cases()[name], language)
    ]
    picture = f"![{t('history_page.alternative', language, title=title)}](pictures/{picture_of(name, language).name})"
    return "\n\n".join((picture, t("history_page.marks", language), "\n".join(happened))) if happened else picture


def _shows(name: str, language: str) -> str:
    """Each measure with and without, with how sure the difference is."""
    case, kept = replay.cases()[name], kept_of(name)
    rows = [
        _difference_in_words(measure, variant, kept["differences"][variant.id][measure.id], language)
        for measure in case.measures
        for variant in case.variants
    ]
    headings = _headings(language, "measure", "with", "variant", "without", "difference", "interval", "runs")
    shows = t("history_page.shows", language, since=case.since, until=case.until)
    command = f"`uv run python experiments/history/replay.py {name}`"
    facts = {"runs": kept["made"]["runs"], "seed": kept["made"]["seed"], "model": kept["made"]["model_sha256"][:SHORT]}
    made = t("history_page.made", language, command=command, **facts)
    return "\n\n".join((shows, markdown(headings, rows), made))


def _difference_in_words(
    measure: replay.Measure, variant: replay.Variant, difference: Mapping[str, float], language: str
) -> tuple[str, ...]:
    """A row: a measure as it went and in a variant."""
    signed = {end: _signed(difference[end], measure, language) for end in ("difference", "low", "high")}
    return (
        label_with_unit(measure, language),
        number(difference["b"], measure.unit, language),
        variant.label.in_language(language),
        number(difference["a"], measure.unit, language),
        signed["difference"],
        t("report.span", language, low=signed["low"], high=signed["high"]),
        t("report.percent", language, value=difference["b_higher"]),
    )


def _reported(name: str, language: str) -> str:
    """Published figures beside the chain as it went and beside the first variant."""
    case = replay.cases()[name]
    scenario, variant = replay.scenario_of(case), case.variants[0]
    went, without = likenesses(name, replay.WITH), likenesses(name, variant.id)
    rows = [
        (
            evidence.indicator_label(likeness.indicator, language),
            evidence.published_in_words(likeness.indicator, language),
            *_simulated_in_words(likeness, language),
            *_simulated_in_words(other, language),
            evidence.source_number(scenario, likeness.indicator.source),
        )
        for likeness, other in zip(went, without, strict=True)
    ]
    label = variant.label.in_language(language)
    headings = _headings(language, "indicator", "published", "with", "verdict")
    headings += [label[0].upper() + label[1:], *_headings(language, "verdict", "source")]
    judged = sum(likeness.verdict != NOT_COMPARABLE for likeness in went)
    alike = {
        key: sum(part.verdict == RESEMBLES for part in side) for key, side in (("with", went), ("without", without))
    }
    used = {likeness.indicator.source for likeness in went}
    sources = [
        f"- {evidence.source_number(scenario, key)} {line}"
        for key, line in zip(scenario.sources, evidence.listed_sources(scenario, language), strict=True)
        if key in used
    ]
    counted = t("history_page.counted", language, judged=judged, variant=label, **alike)
    whole = (markdown(headings, rows), counted, t("history_page.sources", language), "\n".join(sources))
    return "\n\n".join(whole)


def _simulated_in_words(likeness: Likeness, language: str) -> tuple[str, str]:
    figure = evidence.figure_in_words(likeness.simulated, likeness.indicator, language)
    return figure, evidence.likeness_in_words(likeness, language)


def _headings(language: str, *names: str) -> list[str]:
    return [t(f"history_page.column.{name}", language) for name in names]


def _signed(value: float, measure: replay.Measure, language: str) -> str:
    """A difference with its sign; of a share in percentage points."""
    if measure.unit == "share":
        return t("report.points", language, value=value)
    size = abs(value)
    return t(f"report.change_{2 if size < 10 else 1 if size < 100 else 0}", language, value=value)


BLOCKS: dict[str, Callable[[str, str], str]] = {"picture": _picture, "shows": _shows, "reported": _reported}
