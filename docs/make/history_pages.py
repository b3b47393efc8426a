"""The pages about history: pictures and tables from ``experiments/history/results``, in Dutch and English."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from docs.make import DOCS
from docs.make.blocks import markdown, refresh
from docs.make.history_pictures import picture
from docs.make.history_results import kept_of, likenesses, marks_in, named, number
from experiments.history import replay

from ketensim.analysis.resemblance import NOT_COMPARABLE, RESEMBLES
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
    case = replay.cases()[name]
    title = page_of(name, language).read_text("utf-8").partition("\n")[0].removeprefix("# ")
    told = [
        f"{mark.sign}. {t('report.date', language, date=mark.date)}: {'; '.join(mark.told)}"
        for mark in marks_in(case, language)
    ]
    picture = f"![{t('history_page.alternative', language, title=title)}](pictures/{picture_of(name, language).name})"
    return "\n\n".join((picture, t("history_page.marks", language), "\n".join(told))) if told else picture


def _shows(name: str, language: str) -> str:
    """Each measure with and without, with how sure the difference is."""
    case, kept = replay.cases()[name], kept_of(name)
    rows = []
    for measure in case.measures:
        for variant in case.variants:
            found = kept["differences"][variant.id][measure.id]
            written = partial(number, unit=measure.unit, language=language)
            span = t(
                "report.span",
                language,
                low=_signed(found["low"], measure, language),
                high=_signed(found["high"], measure, language),
            )
            rows.append((
                named(measure, language), written(found["b"]), variant.label.in_language(language), written(found["a"]),
                _signed(found["difference"], measure, language), span, t("report.percent", language, value=found["b_higher"]),
            ))  # fmt: skip
    table = markdown(
        _headings(language, "measure", "with", "variant", "without", "difference", "interval", "runs"), rows
    )
    shows = t("history_page.shows", language, since=case.since, until=case.until)
    command = f"`uv run python experiments/history/replay.py {name}`"
    facts = {"runs": kept["made"]["runs"], "seed": kept["made"]["seed"], "model": kept["made"]["model_sha256"][:SHORT]}
    return f"{shows}\n\n{table}\n\n{t('history_page.made', language, command=command, **facts)}"


def _reported(name: str, language: str) -> str:
    """Published figures beside the chain as it went and beside the first variant."""
    case = replay.cases()[name]
    scenario, other = replay.scenario_of(case), case.variants[0]
    with_, without = likenesses(name, replay.WITH), likenesses(name, other.id)
    rows = [
        (
            evidence.figure_name(one.indicator, language), evidence.published(one.indicator, language),
            evidence.figure_told(one.simulated, one.indicator, language), evidence.verdict(one, language),
            evidence.figure_told(two.simulated, two.indicator, language), evidence.verdict(two, language),
            evidence.source_of(scenario, one.indicator.source),
        )
        for one, two in zip(with_, without, strict=True)
    ]  # fmt: skip
    label = other.label.in_language(language)
    heads = _headings(language, "indicator", "published", "with", "verdict")
    heads += [label[0].upper() + label[1:], *_headings(language, "verdict", "source")]
    judged = sum(one.verdict != NOT_COMPARABLE for one in with_)
    alike = {
        "with": sum(one.verdict == RESEMBLES for one in with_),
        "without": sum(one.verdict == RESEMBLES for one in without),
    }
    counted = t("history_page.counted", language, judged=judged, variant=label, **alike)
    used = [key for key in scenario.sources if key in {one.indicator.source for one in with_}]
    sources = [
        f"- {evidence.source_of(scenario, key)} {scenario.sources[key].text} ({t(f'report.tag.{tag}', language)})"
        for key in used
        for tag in [scenario.sources[key].tag]
    ]
    return "\n\n".join((markdown(heads, rows), counted, t("history_page.sources", language), "\n".join(sources)))


def _headings(language: str, *names: str) -> list[str]:
    return [t(f"history_page.column.{name}", language) for name in names]


def _signed(value: float, measure: replay.Measure, language: str) -> str:
    """A difference with its sign; of a share in percentage points."""
    if measure.unit == "share":
        return t("report.points", language, value=value)
    size = abs(value)
    return t(f"report.change_{2 if size < 10 else 1 if size < 100 else 0}", language, value=value)


BLOCKS: dict[str, Callable[[str, str], str]] = {"picture": _picture, "shows": _shows, "reported": _reported}
