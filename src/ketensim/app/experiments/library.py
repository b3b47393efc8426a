"""Results of experiments that stand on the server: which there are, the most telling of each, and its report.

A result is known by its name in the list and never by a path that a browser sends, so that nothing else can be read.
Results that visitors made stand apart, under names that cannot be guessed; they are in no list.
"""

from __future__ import annotations

import asyncio
import datetime
import io
import os
import re
import shlex
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from ketensim.app.setting import language_in, pairs_of
from ketensim.experiment.result import EXPERIMENT, MANIFEST, RUNS, SCENARIOS, ExperimentResult
from ketensim.foundation.errors import InputError, Problem
from ketensim.foundation.parameters import LEVER_NAMES
from ketensim.scenario import files
from ketensim.texts import LANGUAGES, t
from ketensim.views.drawing.spreadsheet import WORKBOOK_TYPE
from ketensim.views.experiment.experiment_conclusions import conclusions
from ketensim.views.experiment.experiment_words import Words
from ketensim.views.experiment.experiment_workbook import experiment_workbook
from ketensim.views.experiment.page import ExperimentPage

if TYPE_CHECKING:
    import pandas as pd

    from ketensim.analysis.answers import Answers

REPORTS: Final = "/resultaat/"
PACKED: Final = "/opzet/"
WORKBOOKS: Final = "/rekenblad/"
VARIABLE: Final = "KETENSIM_RESULTS"
FOLDER: Final = "results"
OWN: Final = "app"  # what visitors made
OWN_NAME: Final = re.compile(rf"{OWN}/[0-9a-f]{{32}}")
DEEPEST: Final = 4
MOST: Final = 200
LARGEST: Final = 200_000_000  # bytes of a table of runs; larger ones are for the command line
MEGABYTE: Final = 1_000_000
MOST_BARS: Final = len(LEVER_NAMES)
MOST_GROUPS: Final = 6
MOST_SENTENCES: Final = 6
AT_ONCE: Final = 2
_turn = asyncio.Semaphore(AT_ONCE)


@dataclass(frozen=True)
class StoredResult:
    """A result on the server.

    Attributes
    ----------
    name : its folder, seen from the root
    folder : where it is
    stamp : when it was finished, in seconds
    """

    name: str
    folder: Path
    stamp: float


def root() -> Path:
    """The folder with results."""
    return Path(os.environ.get(VARIABLE) or FOLDER)


def stored() -> list[StoredResult]:
    """The results that everybody may see, the newest first."""
    return sorted(_listed(), key=lambda result: (-result.stamp, result.name))[:MOST]


def _listed() -> Iterator[StoredResult]:
    base = root()
    for place, folders, names in os.walk(base):
        folder = Path(place)
        depth = len(folder.relative_to(base).parts)
        folders[:] = sorted(name for name in folders if depth < DEEPEST and (depth > 0 or name != OWN))
        if MANIFEST in names and EXPERIMENT in names:
            folders.clear()
            yield StoredResult(folder.relative_to(base).as_posix(), folder, (folder / MANIFEST).stat().st_mtime)


def stored_as(name: str) -> StoredResult | None:
    """A result by its name: one of the list, or one that a visitor made."""
    listed = next((result for result in stored() if result.name == name), None)
    if listed is not None:
        return listed
    folder = root() / name
    if OWN_NAME.fullmatch(name) and (folder / MANIFEST).is_file():
        return StoredResult(name, folder, (folder / MANIFEST).stat().st_mtime)
    return None


# --- what is said about a result ---------------------------------------------------------------------------------------
@lru_cache(maxsize=256)
def card(kept: StoredResult, language: str) -> dict[str, Any] | None:
    """What the list says of a result; None when it cannot be read."""
    try:
        result = ExperimentResult.load(kept.folder)
        experiment, manifest = result.experiment, result.manifest
        chains = [files.load(kept.folder / path).title.in_language(language) for path in experiment.scenario]
        points = int(manifest["points"])
        runs = points * int(manifest["runs_per_point"])
    except (InputError, OSError, KeyError, TypeError, ValueError):
        return None
    date = datetime.datetime.fromtimestamp(kept.stamp, datetime.UTC).date()
    return {
        "name": kept.name,
        "title": experiment.title.in_language(language),
        "question": experiment.question.in_language(language).strip(),
        "chains": ", ".join(chains),
        "size": t("lab.size", language, points=points, runs=runs),
        "date": t("report.date", language, date=date),
    }


@lru_cache(maxsize=4)
def answers(kept: StoredResult) -> Answers:
    """What an experiment says.

    Raises
    ------
    InputError
        the result cannot be read, or is too large for a page
    """
    from ketensim.analysis.answers import Answers

    runs = kept.folder / RUNS
    if not runs.is_file():
        raise InputError([Problem("error.no_result", "", {"given": kept.name})])
    size = runs.stat().st_size
    if size > LARGEST:
        raise InputError([Problem("lab.too_large", "", {"given": size // MEGABYTE, "allowed": LARGEST // MEGABYTE})])
    result = ExperimentResult.load(kept.folder)
    result.refuse_changed()
    return Answers(result)


@lru_cache(maxsize=64)
def result_summary(kept: StoredResult, language: str) -> dict[str, Any]:
    """The conclusions in sentences, and the most telling figure as bars with their intervals."""
    words = Words(answers(kept), language)
    note = words.answers.experiment.note
    return {
        "sentences": list(conclusions(words))[:MOST_SENTENCES],
        "note": note.in_language(language).strip() if note else "",
        "axis": _axis(words),
        "groups": list(_groups(words)),
    }


def _axis(words: Words) -> str:
    if "first" in words.answers.tables:
        return t("experiment.axis.effect", words.language, outcome=words.main())
    if "policies" in words.answers.tables:
        base = words.policy(words.answers.experiment.policies[0].id)
        return t("experiment.axis.difference", words.language, outcome=words.outcome(words.answers.main), base=base)
    return ""


def _groups(words: Words) -> Iterator[dict[str, Any]]:
    """Bars by chain: what each condition does, or each way to steer against the first."""
    tables = words.answers.tables
    if "first" in tables:
        for names, rows in list(tables["first"].groupby(["scenario", "policy", "events"], sort=False))[:MOST_GROUPS]:
            largest = rows.sort_values("effect", ascending=False)[:MOST_BARS]
            bars = [_bar(words, words.factor(row["factor"]), row, "effect") for _, row in largest.iterrows()]
            yield {"title": words.block(*(str(name) for name in names)), "bars": bars}
    elif "policies" in tables:
        table = tables["policies"]
        main = table[table["outcome"] == words.answers.main]
        for (scenario, events), rows in list(main.groupby(["scenario", "events"], sort=False))[:MOST_GROUPS]:
            bars = [_bar(words, words.policy(row["policy"]), row, "difference") for _, row in rows.iloc[1:].iterrows()]
            yield {"title": words.block(str(scenario), "", str(events)), "bars": bars}


def _bar(words: Words, label: str, row: pd.Series[Any], column: str) -> dict[str, Any]:
    value, low, high = (float(row[name]) for name in (column, "low", "high"))
    ends = {name: words.number(row[name], words.answers.main, signed=True) for name in ("low", "high")}
    sentence = t("lab.bar", words.language, value=words.difference(value), **ends)
    return {"label": label, "value": value, "low": low, "high": high, "sentence": sentence}


# --- files -------------------------------------------------------------------------------------------------------------
def report(kept: StoredResult, language: str) -> str:
    """The report of an experiment, as ``ketensim analyse`` makes it."""
    return ExperimentPage(answers(kept), language, _again(kept)).html()


def result_workbook(kept: StoredResult, language: str) -> bytes:
    """The tables of a result as an Excel workbook."""
    content, _ = experiment_workbook(Words(answers(kept), language), _again(kept))
    return content


def _again(kept: StoredResult) -> str:
    """The command line that gives a result again."""
    return shlex.join(["ketensim", "experiment", f"{kept.name}/{EXPERIMENT}", "--out", kept.name])


def packed(kept: StoredResult) -> bytes:
    """The experiment and its chains as a zip, to run it elsewhere with the command line."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in (kept.folder / EXPERIMENT, *sorted((kept.folder / SCENARIOS).glob("*.yaml"))):
            archive.write(path, path.relative_to(kept.folder).as_posix())
    return content.getvalue()


async def give_result(request: Request) -> Response:
    """The report of a result, made while the visitor waits."""
    return await _made(request, report, HTMLResponse)


async def give_workbook(request: Request) -> Response:
    """The tables of a result as a workbook, made while the visitor waits."""
    head = {"content-disposition": 'attachment; filename="ketensim-experiment.xlsx"'}
    return await _made(request, result_workbook, partial(Response, media_type=WORKBOOK_TYPE, headers=head))


async def _made(
    request: Request, make: Callable[[StoredResult, str], Any], answer: Callable[[Any], Response]
) -> Response:
    """What is made of a result, or a sentence that says why it cannot be."""
    language = language_in(pairs_of(request.url.query)) or LANGUAGES[0]
    kept = await asyncio.to_thread(stored_as, request.path_params["name"])
    if kept is None:
        return PlainTextResponse(t("lab.gone", language), status_code=404)
    try:
        async with _turn:
            return answer(await asyncio.to_thread(make, kept, language))
    except InputError as error:
        sentences = [t(problem.key, language, **problem.facts) for problem in error.problems]
        return PlainTextResponse("\n".join(sentences), status_code=404)


async def give_packed(request: Request) -> Response:
    """The experiment of a result with its chains."""
    kept = await asyncio.to_thread(stored_as, request.path_params["name"])
    if kept is None:
        return PlainTextResponse(t("lab.gone", LANGUAGES[0]), status_code=404)
    head = {"content-disposition": 'attachment; filename="ketensim-experiment.zip"'}
    return Response(await asyncio.to_thread(packed, kept), media_type="application/zip", headers=head)


routes = [
    Route(REPORTS + "{name:path}", give_result),
    Route(WORKBOOKS + "{name:path}", give_workbook),
    Route(PACKED + "{name:path}", give_packed),
]
