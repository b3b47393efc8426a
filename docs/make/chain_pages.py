"""The pages about the real chains: pictures and tables from the scenario files and from ``experiments/resemblance``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, partial
from pathlib import Path
from typing import Final

from docs.make import DOCS
from docs.make.blocks import markdown, names_on, refresh
from docs.make.chain_pictures import picture_file
from docs.make.timeline import timeline
from experiments.resemblance import resemblance

from ketensim.analysis.resemblance import from_record
from ketensim.scenario.files import load
from ketensim.scenario.schema import Scenario
from ketensim.texts import t
from ketensim.views.report import evidence

PAGES: Final = {"en": DOCS / "en" / "chains.md", "nl": DOCS / "nl" / "ketens.md"}
PICTURES: Final = "pictures"
SHORT: Final = 12  # letters of a fingerprint that are shown


@cache
def scenario_of(name: str) -> Scenario:
    """A chain as its file describes it, read once."""
    return load(name)


# --- the pages -----------------------------------------------------------------------------------------------------
def pages() -> Mapping[Path, str]:
    """Every page and picture as it would be written now."""
    files: dict[Path, str] = {}
    for language, path in PAGES.items():
        text = path.read_text("utf-8")
        files[path] = filled(text, language)
        files |= {picture_of(name, language): picture_file(scenario_of(name), language) for name in chains_on(text)}
    return files


def filled(page: str, language: str) -> str:
    """A page with every marked place filled from the scenario files and the kept results."""
    makers: dict[str, Callable[[], str]] = {
        f"{kind}_{name}": partial(make, name, language) for name in chains_on(page) for kind, make in BLOCKS.items()
    }
    return refresh(page, makers)


def chains_on(page: str) -> list[str]:
    """The chains that a page has marked places for, in its order."""
    return list(dict.fromkeys(name.partition("_")[2] for name in names_on(page)))


def picture_of(name: str, language: str) -> Path:
    """The file of a chain's picture."""
    return PAGES[language].parent / PICTURES / f"chain_{name}.svg"


def _summary(name: str, language: str) -> str:
    return scenario_of(name).summary.in_language(language)


def _picture(name: str, language: str) -> str:
    scenario = scenario_of(name)
    alternative = t("chains_page.alternative", language, title=scenario.title.in_language(language))
    return f"![{alternative}]({PICTURES}/{picture_of(name, language).name})"


def _who(name: str, language: str) -> str:
    """The organisations, to whom they answer, and what makes each special."""
    scenario = scenario_of(name)
    principals = {principal.id: principal.label.in_language(language) for principal in scenario.principals}
    rows = [
        (
            part.label.in_language(language),
            f"`{part.id}`",
            principals.get(part.principal or "", "–"),
            t("report.number", language, value=float(part.fte)),
            t("report.percent", language, value=float(part.independence)),
            "–" if part.places is None else t("report.decimals_0", language, value=float(part.places)),
        )
        for part in scenario.organisations
    ]
    return markdown(_headings(language, "organisation", "short", "principal", "staff", "independence", "places"), rows)


def _shocks(name: str, language: str) -> str:
    """What happened, from the calendar, with the source of each."""
    rows = [
        (t("report.date", language, date=happening.date), happening.what, happening.source or "–", happening.note)
        for happening in timeline(scenario_of(name), language)
    ]
    return markdown(_headings(language, "date", "event", "source", "note"), rows)


def _facts(name: str, language: str) -> str:
    """Every number that has a source, and the list of sources."""
    scenario = scenario_of(name)
    table, counted = evidence.number_table(scenario, language)
    sources = [f"{place}. {line}" for place, line in enumerate(evidence.listed_sources(scenario, language), 1)]
    parts = (
        t("chains_page.counted", language, file=f"scenarios/{name}.yaml", **counted),
        markdown(table.headings, table.rows),
        f"**{t('chains_page.sources', language)}**",
        "\n".join(sources),
    )
    return "\n\n".join(parts)


def _resemblance(name: str, language: str) -> str:
    """Published beside simulated figures, the count, what the scenario notes, and how to get the same again."""
    scenario, record = scenario_of(name), resemblance.kept(name)
    likenesses = from_record(scenario.indicators, record)
    table = evidence.indicator_table(scenario, likenesses, language)
    notes = [
        f"- *{likeness.indicator.label.in_language(language)}*: {likeness.indicator.note.in_language(language)}"
        for likeness in likenesses
        if likeness.indicator.note is not None
    ]
    made = t(
        "chains_page.made", language, command=f"`ketensim resemble {name}`", runs=record["runs"],
        seed=record["seed"], model=record["model_sha256"][:SHORT],
    )  # fmt: skip
    whole, counted = markdown(table.headings, table.rows), " ".join(evidence.likenesses_counted(likenesses, language))
    return "\n\n".join((whole, counted, "\n".join(notes), made))


def _headings(language: str, *names: str) -> list[str]:
    return [t(f"chains_page.column.{name}", language) for name in names]


BLOCKS: Final[dict[str, Callable[[str, str], str]]] = {
    "summary": _summary,
    "picture": _picture,
    "who": _who,
    "shocks": _shocks,
    "facts": _facts,
    "resemblance": _resemblance,
}
