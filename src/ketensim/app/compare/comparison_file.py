"""Settings side by side as an Excel workbook; the link says which, and nothing is kept."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ketensim.app.beside import (
    NOBODY,
    PART,
    Names,
    as_it_is,
    as_link_value,
    names_in_link,
    of_chain,
    settings_in_link,
)
from ketensim.app.compare.columns import LETTERS, MOST, changes_from, name_of
from ketensim.app.compare.equal_luck import RUNS, SideBySide, ensemble_of, side_of
from ketensim.app.compare.verdict import COMPARED, ComparedOutcome, column_differences
from ketensim.app.setting import LANGUAGE, Pairs, Setting, from_query, language_in, pairs_of, scenario_of
from ketensim.run.comparison import known_mean
from ketensim.run.results import run_provenance
from ketensim.scenario.schema import Scenario
from ketensim.texts import LANGUAGES, t
from ketensim.views.drawing.spreadsheet import WORKBOOK_TYPE, Sheet, workbook
from ketensim.views.report.run_tables import facts_about, with_unit

FILE: Final = "/bestand/vergelijking"
HOW_MANY: Final = "runs"
AT_ONCE: Final = 2  # workbooks being made at the same time; the others wait
_turn = asyncio.Semaphore(AT_ONCE)


def link_to_file(settings: Sequence[Setting], runs: int, language: str, called: Names = NOBODY) -> str:
    """The address that gives these settings side by side, with what somebody called them."""
    columns = [(PART, as_link_value(setting, called)) for setting in settings]
    return f"{FILE}?{as_it_is(settings[0]).query}&{urlencode([*columns, (HOW_MANY, runs), (LANGUAGE, language)])}"


async def give_comparison(request: Request) -> Response:
    """The workbook, made while the visitor waits."""
    given = pairs_of(request.url.query)
    present, _ = from_query(request.url.query)
    found = settings_in_link(given, present, MOST)[0]
    settings, called = of_chain(found, present) or [present], names_in_link(given, found)
    language = language_in(given) or LANGUAGES[0]
    async with _turn:
        content = await asyncio.to_thread(made_comparison, settings, _runs(given), language, called)
    head = {"content-disposition": f'attachment; filename="ketensim-{present.chain}-vergelijking.xlsx"'}
    return Response(content, media_type=WORKBOOK_TYPE, headers=head)


def _runs(given: Pairs) -> int:
    """The number of runs that a link asks for; the smallest where it asks for another than the page offers."""
    return next((runs for runs in RUNS if str(runs) == dict(given).get(HOW_MANY)), RUNS[0])


def made_comparison(settings: Sequence[Setting], runs: int, language: str, called: Names = NOBODY) -> bytes:
    """The workbook: what was run, and each outcome per setting with its difference from the first."""
    sides = []
    for setting in settings:
        ensemble = ensemble_of(setting)
        ensemble.grow(runs)
        sides.append(side_of(ensemble, runs))
    shown = SideBySide(tuple(settings), tuple(sides))
    scenario = scenario_of(settings[0])
    names = [f"{LETTERS[place]}: {_name(one, settings[0], language, called)}" for place, one in enumerate(settings)]
    facts = {
        "chain": scenario.title.in_language(language),
        "size": t("notebook.runs", language, runs=runs, weeks=scenario.weeks, seed=settings[0].seed),
        "settings": "; ".join(names),
        "again": link_to_file(settings, runs, language, called),
    }
    about = facts_about(facts, run_provenance(scenario, settings[0].seed), language)
    table = Sheet(_headings(names, language), _rows(shown, scenario, language))
    content, _ = workbook(about, {t("sheet.name.comparison", language): table}, t("sheet.name.about", language))
    return content


def _name(setting: Setting, first: Setting, language: str, called: Names) -> str:
    """What somebody called it, or else what is different from the first; of that one from the chain as it is."""
    beside = as_it_is(setting) if setting == first else first
    told = called.get(as_link_value(setting)) or "; ".join(changes_from(beside, setting, language))
    return told or name_of(setting, setting, language, called)


def _headings(names: Sequence[str], language: str) -> list[str]:
    interval = [t(f"sheet.column.{name}", language) for name in ("low", "high", "judged")]
    headings = [t("sheet.column.outcome", language), names[0]]
    for letter, name in zip(LETTERS[1:], names[1:], strict=False):
        difference = t("sheet.difference", language, a=LETTERS[0], b=letter)
        headings += [name, difference, *(f"{difference}: {part}" for part in interval)]
    return headings


def _rows(shown: SideBySide, scenario: Scenario, language: str) -> list[list[Any]]:
    weeks, words = scenario.weeks, scenario.words(language)
    different = [column_differences(shown.sides[0], side, weeks) for side in shown.sides]
    rows: list[list[Any]] = []
    for place, outcome in enumerate(COMPARED):
        row: list[Any] = [_label(outcome, language, words)]
        for side, differences in zip(shown.sides, different, strict=True):
            row.append(outcome.scale(weeks) * known_mean(side.summary[:, outcome.place]))
            if side is not shown.sides[0]:
                found = differences[place]
                row += [found.estimate.mean, found.estimate.low, found.estimate.high]
                row.append(t(f"compare.legend.{found.judgement}", language))
        rows.append(row)
    return rows


def _label(outcome: ComparedOutcome, language: str, words: Mapping[str, str]) -> str:
    if outcome.kind != "per_year":
        return with_unit(outcome.name, language, words)
    label = t(f"outcome.{outcome.name}.label", language, **words)
    return t("sheet.with_unit", language, label=label, unit=t("sheet.per_year", language))


routes = [Route(FILE, give_comparison)]
