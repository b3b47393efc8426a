"""The pages about the real chains, filled in from the scenario files and from kept results.

``python -m ketensim.views.chains_in_docs`` simulates every chain as its file describes it, keeps what came out under
``experiments/resemblance/``, draws the pictures, and fills every marked place on the pages. Names after it do only
those chains. What stands outside the marked places is written by people.
"""

from __future__ import annotations

import datetime
import json
import sys
from collections.abc import Callable, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any, Final, NamedTuple

from ketensim.analysis.resemblance import from_record, to_record
from ketensim.run.engine import simulate
from ketensim.scenario.files import load
from ketensim.scenario.parts import Timed
from ketensim.scenario.schema import Scenario
from ketensim.texts import t
from ketensim.views.drawing.marks import change_told, event_told
from ketensim.views.picture_file import picture_file
from ketensim.views.report import evidence
from ketensim.views.report.tables import Table, headings
from ketensim.views.tables_in_docs import BLOCK, markdown_table, refresh

ROOT: Final = Path(__file__).parents[3]
PAGES: Final = {"en": ROOT / "docs" / "en" / "chains.md", "nl": ROOT / "docs" / "nl" / "ketens.md"}
PICTURES: Final = "pictures"
KEPT: Final = ROOT / "experiments" / "resemblance"
RUNS: Final = 200
SEED: Final = 1
SHORT: Final = 12  # letters of a fingerprint that are shown


# --- what is kept --------------------------------------------------------------------------------------------------
def keep(name: str) -> None:
    """Simulate a chain as its file describes it and keep what its published figures are compared with."""
    record = to_record(simulate(name, runs=RUNS, seed=SEED, weekly=True))
    KEPT.mkdir(parents=True, exist_ok=True)
    kept_of(name).write_text(json.dumps(record, indent=1) + "\n", "utf-8")


def kept_of(name: str) -> Path:
    """The file in which the results of a chain are kept."""
    return KEPT / f"{name}.json"


def record_of(name: str) -> dict[str, Any]:
    """What was kept of a chain."""
    found: dict[str, Any] = json.loads(kept_of(name).read_text("utf-8"))
    return found


@cache
def scenario_of(name: str) -> Scenario:
    """A chain as its file describes it, read once."""
    return load(name)


# --- what happened -------------------------------------------------------------------------------------------------
class Happening(NamedTuple):
    """One line of a calendar: its own date (a week has only its first day), what it is, its source and its note."""

    date: datetime.date
    told: str
    source: str
    note: str


def timeline(scenario: Scenario, language: str) -> list[Happening]:
    """Everything in the calendar of a scenario, in order of time."""

    def date_of(one: Timed) -> datetime.date:
        return one.date or scenario.date_of(scenario.week_of(one))

    found = [
        Happening(
            date_of(event),
            event_told(event, language),
            evidence.source_of(scenario, event.source),
            event.note.in_language(language) if event.note is not None else "",
        )
        for event in scenario.events
    ]
    found += [Happening(date_of(change), change_told(change, language), "", "") for change in scenario.calendar]
    return sorted(found, key=lambda one: one.date)


# --- the pages -----------------------------------------------------------------------------------------------------
def chains_on(page: str) -> list[str]:
    """The chains that a page has marked places for, in its order."""
    return list(dict.fromkeys(block[1].partition("_")[2] for block in BLOCK.finditer(page)))


def fresh(page: str, language: str) -> str:
    """A page with every marked place filled from the scenario files and the kept results."""
    made: dict[str, Callable[[], str]] = {
        f"{kind}_{name}": partial(make, name, language) for name in chains_on(page) for kind, make in BLOCKS.items()
    }
    return refresh(page, made)


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
    return _markdown(
        Table(_heads(language, "organisation", "short", "principal", "staff", "independence", "places"), rows)
    )


def _shocks(name: str, language: str) -> str:
    """What happened, from the calendar, with the source of each."""
    rows = [
        (t("report.date", language, date=one.date), one.told, one.source or "–", one.note)
        for one in timeline(scenario_of(name), language)
    ]
    return _markdown(Table(_heads(language, "date", "event", "source", "note"), rows))


def _facts(name: str, language: str) -> str:
    """Every number that has a source, and the list of sources."""
    scenario = scenario_of(name)
    table, number, sourced = evidence.numbers(scenario, language)
    counted = {"numbers": number, "sourced": sourced, "assumed": number - sourced, "file": f"scenarios/{name}.yaml"}
    listed = [
        f"{place}. {source.text} ({t(f'report.tag.{source.tag}', language)})"
        for place, source in enumerate(scenario.sources.values(), 1)
    ]
    title = t("chains_page.sources", language)
    return "\n\n".join(
        (t("chains_page.counted", language, **counted), _markdown(table), f"**{title}**", "\n".join(listed))
    )


def _resemblance(name: str, language: str) -> str:
    """Published beside simulated figures, the count, what the scenario notes, and how to get the same again."""
    scenario, record = scenario_of(name), record_of(name)
    found = from_record(scenario.indicators, record)
    table = evidence.likenesses(found, language)
    sources = [evidence.source_of(scenario, one.indicator.source) for one in found]
    rows = [(*row, source) for row, source in zip(table.rows, sources, strict=True)]
    whole = Table([*table.headings, *headings(language, "source")], rows, table.numeric)
    notes = [
        f"- *{one.indicator.label.in_language(language)}*: {one.indicator.note.in_language(language)}"
        for one in found
        if one.indicator.note is not None
    ]
    made = t(
        "chains_page.made", language, command=f"`ketensim resemble {name}`", runs=record["runs"],
        seed=record["seed"], model=record["model_sha256"][:SHORT],
    )  # fmt: skip
    return "\n\n".join((_markdown(whole), " ".join(evidence.counted(found, language)), "\n".join(notes), made))


def _heads(language: str, *names: str) -> list[str]:
    return [t(f"chains_page.column.{name}", language) for name in names]


def _markdown(table: Table) -> str:
    return markdown_table(list(table.headings), table.rows)


BLOCKS: Final[dict[str, Callable[[str, str], str]]] = {
    "summary": _summary,
    "picture": _picture,
    "who": _who,
    "shocks": _shocks,
    "facts": _facts,
    "resemblance": _resemblance,
}


def main(names: Sequence[str]) -> None:
    """Simulate the named chains, or all on the pages; then refresh pictures and pages."""
    pages = {language: path.read_text("utf-8") for language, path in PAGES.items()}
    for name in names or chains_on("".join(pages.values())):
        keep(name)
    for language, text in pages.items():
        for name in chains_on(text):
            picture_of(name, language).parent.mkdir(parents=True, exist_ok=True)
            picture_of(name, language).write_text(picture_file(scenario_of(name), language), "utf-8")
        PAGES[language].write_text(fresh(text, language), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
