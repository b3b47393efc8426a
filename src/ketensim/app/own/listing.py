"""A list of cases on the page: it comes in by pieces, is read, becomes a chain, and is laid beside the simulation.

The list stands in a file of its own on this computer while it is needed, and is thrown away as soon as it has been read,
cannot be read, or the visitor takes another or goes. What stays is what a chain needs.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import solara
from solara.server.kernel_context import get_current_context

from ketensim.analysis.resemblance import Likeness, likeness, of_runs, resemblance
from ketensim.app import session
from ketensim.app.background import Listener, use_work
from ketensim.app.own import kept_lists
from ketensim.app.own.desk import take
from ketensim.app.vue import Message, part
from ketensim.foundation.errors import InputError, Problem
from ketensim.logs.endings import ENDINGS, endings_said
from ketensim.logs.event_log import EventLog, read_log
from ketensim.logs.imported_chain import ImportedChain
from ketensim.logs.log_columns import FIELDS, NEEDED
from ketensim.logs.log_files import KINDS, heads_of, kind_of
from ketensim.run.engine import simulate
from ketensim.run.results import Results
from ketensim.scenario import files
from ketensim.texts import t
from ketensim.views.drawing.chain_picture import chain_picture
from ketensim.views.drawing.table import Table
from ketensim.views.imported import log_page, log_words
from ketensim.views.report import evidence

LARGEST_LIST: Final = 500_000_000  # bytes
PIECE: Final = 500_000  # bytes that come in at once
RUNS: Final = 20
MOST_ENDINGS: Final = 40  # outcomes that a visitor can say something of
MEGABYTE: Final = 1_000_000
READ: Final = 0.3  # share of the work that is done when the list has been read
MATCHED: Final = 0.9  # ... and when the capacity has been found


@dataclass(frozen=True)
class Arriving:
    """A list that comes in.

    Attributes
    ----------
    name, size : of the file of the visitor
    path : where it is put together; None = nothing asked yet
    received : bytes that are there
    columns : field: column, as the visitor says
    choosing : whether the visitor wants to choose columns before it is read
    """

    name: str = ""
    size: int = 0
    path: Path | None = None
    received: int = 0
    columns: tuple[tuple[str, str], ...] = ()
    choosing: bool = False

    @property
    def complete(self) -> bool:
        """Whether all of it is there."""
        return self.path is not None and self.size > 0 and self.received >= self.size


@dataclass(frozen=True, eq=False)
class Imported:
    """What there is by now of a list: its log, the chain, how they resemble each other in which runs, or what is wrong."""

    log: EventLog | None = None
    made: ImportedChain | None = None
    likenesses: tuple[Likeness, ...] = ()
    results: Results | None = None
    problems: tuple[Problem, ...] = field(default=())
    names: tuple[str, ...] = ()  # of columns, to choose from


arriving: solara.Reactive[Arriving] = solara.reactive(Arriving())
imported: solara.Reactive[Imported] = solara.reactive(Imported())
endings: solara.Reactive[Mapping[str, str]] = solara.reactive({})  # by outcome: wrong or withdrawn, as the visitor says

Listing = part("own/listing.vue", "own_list")


@solara.component
def ListOfCases(choose: Callable[[str], None]) -> solara.Element:
    """The page of a list; ``choose`` goes on with the chain in the scan or the form."""
    language, now = session.language.value, arriving.value
    router = solara.use_router()
    asked = now if now.complete else None
    shown, share = use_work(None if asked is None else lambda listener: _work(asked, listener), [asked])
    if shown is not None and shown is not imported.value:
        imported.value = shown
    there = solara.use_memo(lambda: _with_endings(imported.value, endings.value), [imported.value, endings.value])

    def tell(message: Message) -> None:
        match message:
            case {"kind": "offer", "name": str(name), "size": int(size)}:
                _offer(name, size, choosing=message.get("choosing") is True)
            case {"kind": "piece", "from": int(begin), "data": str(data)} if begin == arriving.value.received:
                _receive(data)
            case {"kind": "columns", "columns": dict(columns)}:
                arriving.value = replace(arriving.value, columns=_chosen(columns), choosing=False)
            case {"kind": "ending", "outcome": str(outcome), "ending": str(ending)}:
                kept = {name: said for name, said in endings.value.items() if name != outcome}
                endings.value = {**kept, outcome: ending} if ending in ENDINGS[1:] else kept
            case {"kind": "go", "to": str(where)} if there.made is not None:
                take(session.setting.value.with_own(files.dump(there.made.chain)))
                if where == "explore":
                    router.push(session.HOME)
                else:
                    choose("scan" if where == "scan" else "build")

    return Listing(page=_page(now, there, share, language), tell=tell)


def _page(now: Arriving, there: Imported, share: float, language: str) -> dict[str, Any]:
    """Everything that is shown, as plain values."""
    made, log = there.made, there.log
    unknown = (problem.facts["allowed"] for problem in there.problems if problem.key in _CHOOSABLE)
    columns = there.names or next(unknown, ())
    return {
        "received": now.received,
        "size": now.size,
        "piece": PIECE,
        "most": LARGEST_LIST,
        "kinds": ",".join([*KINDS[:-1], ".gz"]),
        "name": now.name,
        "stage": "reading" if log is None else "setting" if made is None else "comparing",
        "share": share if now.complete and not there.problems and not there.likenesses and not there.names else None,
        "problems": [_in_words(problem, language) for problem in there.problems],
        "choose": [
            {"field": name, "label": t(f"log.field.{name}", language), "needed": name in NEEDED} for name in FIELDS
        ]
        if columns
        else [],
        "known": None if log is None else dict(log.quality.columns),
        "columns": list(columns),
        "quality": [] if log is None else log_words.quality_sentences(log, language),
        "read": None if log is None else _plain(log_words.columns_table(log, language)),
        "left_out": None
        if log is None or not any(log.quality.left_out.values())
        else _plain(log_words.left_out_table(log, language)),
        "outcomes": None if log is None else _table_or_none(log_words.outcomes_table(log, language)),
        "endings": [] if log is None else _endings(log, language),
        "loads": None if made is None else _plain(log_words.loads_table(made, language)),
        "made": [] if made is None else log_words.chain_sentences(made, language),
        "picture": "" if made is None else str(chain_picture(made.chain, language)),
        "alike": [
            *evidence.likenesses_counted(there.likenesses, language),
            log_page.differing(there.likenesses, language),
        ]
        if there.likenesses
        else [],
        "likenesses": _plain(evidence.likeness_table(there.likenesses, language)) if there.likenesses else None,
    }


_CHOOSABLE: Final = frozenset(f"log.error.no_{name}" for name in ("column", *NEEDED))


def _endings(log: EventLog, language: str) -> list[dict[str, Any]]:
    """The outcomes of a list, most frequent first, each with what the visitor says of it."""
    if "outcome" not in log.cases:
        return []
    counts = log.cases["outcome"].value_counts()
    choices = [{"name": name, "label": t(f"own_list.ending.{name}", language)} for name in ENDINGS]
    return [
        {
            "outcome": str(name),
            "ending": endings.value.get(str(name), ENDINGS[0] if endings.value else ""),
            "choices": choices,
        }
        for name, number in counts.head(MOST_ENDINGS).items()
        if number
    ]


def _with_endings(there: Imported, said: Mapping[str, str]) -> Imported:
    """What there is, laid beside how cases ended as the visitor says; the chain stays as it is."""
    if there.log is None or "outcome" not in there.log.cases:
        return there
    present = set(there.log.cases["outcome"].cat.categories)
    wrong, withdrawn = (
        [name for name, ending in said.items() if ending == one and name in present] for one in ENDINGS[1:]
    )
    if not wrong and not withdrawn:
        return there
    log = replace(there.log, cases=endings_said(there.log.cases, wrong, withdrawn))
    there = replace(there, log=log)
    if there.made is None:
        return there
    there = replace(there, made=log_words.chain_with_endings(there.made, log))
    if there.results is None or there.made is None:
        return there
    alike = [likeness(one, of_runs(there.results, one)) for one in there.made.chain.indicators]
    return replace(there, likenesses=tuple(alike))


def _table_or_none(table: Table | None) -> dict[str, Any] | None:
    return None if table is None else _plain(table)


def _plain(table: Table) -> dict[str, Any]:
    return {
        "headings": list(table.headings),
        "rows": [list(row) for row in table.rows],
        "numeric": sorted(table.numeric),
    }


def _in_words(problem: Problem, language: str) -> str:
    """What is wrong; a column is pointed at below it here, and not with an option of a command."""
    field = problem.key.removeprefix("log.error.no_")
    if field in NEEDED:
        return t(f"own_list.not_found.{field}", language)
    return t(problem.key, language, **problem.facts)


# --- coming in -----------------------------------------------------------------------------------------------------------
def _chosen(columns: object) -> tuple[tuple[str, str], ...]:
    """The columns that a visitor points at, as pairs of field and column."""
    if not isinstance(columns, Mapping):
        return ()
    return tuple(sorted((name, str(column)) for name, column in columns.items() if name in FIELDS and column))


def _offer(name: str, size: int, *, choosing: bool) -> None:
    """A visitor has chosen a file, maybe to choose columns of it; what was there before goes."""
    kept_lists.throw_away(arriving.value.path)
    imported.value, endings.value = Imported(), {}
    name = Path(name.replace("\\", "/")).name[-120:]
    kind = kind_of(name)
    if kind not in KINDS:
        imported.value = Imported(problems=(Problem("log.error.kind", "", {"given": kind or name, "allowed": KINDS}),))
    elif not 0 < size <= LARGEST_LIST:
        facts = {"given": round(size / MEGABYTE), "allowed": LARGEST_LIST // MEGABYTE}
        imported.value = Imported(problems=(Problem("log.error.size" if size else "log.error.empty", "", facts),))
    if imported.value.problems:
        arriving.value = Arriving(name=name)
        return
    path = kept_lists.new_place(kind)
    get_current_context().on_close(lambda: kept_lists.throw_away(path))
    arriving.value = Arriving(name, size, path, choosing=choosing)


def _receive(data: str) -> None:
    """One more piece; one that is no piece ends it."""
    now = arriving.value
    try:
        piece = base64.b64decode(data[: 2 * PIECE], validate=True)
    except (binascii.Error, ValueError):
        piece = b""
    if now.path is None or not piece or len(piece) > min(PIECE, now.size - now.received):
        return
    with now.path.open("ab") as file:
        file.write(piece)
    arriving.value = replace(now, received=now.received + len(piece))


# --- the work -----------------------------------------------------------------------------------------------------------
def _work(asked: Arriving, listener: Listener) -> None:
    """Read, make a chain, simulate it and compare; what there is by then is shown at each step."""
    assert asked.path is not None

    def between(low: float, high: float) -> Any:
        return lambda done, total: listener.progress(low + (high - low) * min(1.0, done / max(1, total)) * 0.999)

    columns: Mapping[str, str] = dict(asked.columns)
    there = Imported()
    try:
        if not asked.path.exists():  # it has been read; another language or page asks again
            return
        if asked.choosing:
            listener.show(replace(there, names=heads_of(asked.path)))
            return
        log = read_log(asked.path, progress=between(0.0, READ), **columns)
        kept_lists.throw_away(asked.path)
        there = replace(there, log=log)
        listener.show(there)
        made = log_words.chain_of_log(log, asked.name, between(READ, MATCHED))
        there = replace(there, made=made)
        listener.show(there)
        results = simulate(made.chain, runs=RUNS, weekly=True, progress=between(MATCHED, 1.0))
        listener.show(replace(there, likenesses=resemblance(results), results=results))
        listener.progress(1.0)
    except InputError as error:
        if not any(problem.key in _CHOOSABLE for problem in error.problems):  # else it is read again, by other columns
            kept_lists.throw_away(asked.path)
        listener.show(replace(there, problems=error.problems))
