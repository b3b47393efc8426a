"""Compare: up to four settings of one chain side by side on equal luck, and in words which is better and how sure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import solara

from ketensim.app import session
from ketensim.app.background import Task, use_work
from ketensim.app.compare import columns as sides
from ketensim.app.compare import verdict
from ketensim.app.compare.equal_luck import RUNS, Pool, SideBySide
from ketensim.app.session import Whole, handed
from ketensim.app.setting import Setting, base, scenario_of
from ketensim.foundation.errors import InputError
from ketensim.foundation.parameters import POLICIES
from ketensim.texts import t


@solara.component_vue("compare.vue", to_json=dict.fromkeys(("words", "shown"), handed))
def Board(
    words: Whole,
    title: str,
    chain: str,
    start: str,
    language: str,
    shown: Whole | None,
    coming: list[str],
    fresh: bool,
    progress: float,
    stopped: bool,
    runs: int,
    choices: list[int],
    policies: list[dict[str, str]],
    room: bool,
    has_start: bool,
    kept: bool,
    elsewhere: str,
    event_add: Callable[[dict[str, Any]], None],
    event_remove: Callable[[int], None],
    event_first: Callable[[int], None],
    event_take: Callable[[int], None],
    event_precise: Callable[[int], None],
    event_halt: Callable[[Any], None],
    event_resume: Callable[[Any], None],
) -> None:
    """The columns, the differences, and what may be added."""


@solara.component
def Compare() -> solara.Element:
    """The page."""
    runs = solara.use_reactive(RUNS[0])
    halted: solara.Reactive[tuple[Any, ...] | None] = solara.use_reactive(None)
    present, language = session.setting.value, session.language.value
    columns = sides.columns(present, sides.picked.value)
    wish = (tuple(columns), runs.value)
    stopped = halted.value == wish
    now, progress = use_runs(columns, runs.value, stopped)

    def halt() -> None:
        halted.value = (tuple(sides.columns(session.setting.value, sides.picked.value)), runs.value)

    def pick(found: list[Setting] | None) -> None:
        if found is not None:
            halted.value, sides.picked.value = None, tuple(found)

    def precise(number: int) -> None:
        if number in RUNS:
            halted.value, runs.value = None, number

    mine = now is not None and bool(sides.of_chain(now.settings[:1], present))
    page = solara.use_memo(
        lambda: Whole(verdict.page(now, present, language)) if now and mine else None, [now, present, language]
    )
    board = Board(
        words=solara.use_memo(lambda: Whole(dict(session.texts("compare"))), [language]),
        title=base(sides.as_it_is(present)).title.in_language(language),
        chain=present.chain,
        start=scenario_of(present).start.isoformat(),
        language=language,
        shown=page,
        coming=[
            sides.name_of(one, present, language)
            for one in columns
            if now is None or page is None or one not in now.settings
        ],
        fresh=now is not None and now.settings == wish[0],
        progress=progress,
        stopped=stopped,
        runs=runs.value,
        choices=list(RUNS),
        policies=[{"name": name, "label": t(f"policy.{name}.label", language)} for name in POLICIES],
        room=len(columns) < sides.MOST,
        has_start=sides.as_it_is(present) in columns,
        kept=present in (sides.picked.value or ()),
        elsewhere=_elsewhere(present),
        event_add=lambda wish: pick(added(columns, present, wish)),
        event_remove=lambda place: pick(without(columns, place)),
        event_first=lambda place: pick(in_front(columns, place)),
        event_take=lambda place: session.change(columns[place]) if _is_place(place, columns) else None,
        event_precise=precise,
        event_halt=lambda _: halt(),
        event_resume=lambda _: halted.set(None),
    )
    return solara.Div(children=[board])


def use_runs(columns: list[Setting], runs: int, stopped: bool) -> tuple[SideBySide | None, float]:
    """What has been computed of the columns, and the share that is done."""
    pool = solara.use_memo(Pool, [])

    def work(task: Task) -> None:
        def show(now: SideBySide) -> None:
            task.show(now)
            if now.runs in RUNS:
                task.progress(1.0)

        pool.compute(columns, runs, task.stopped, task.progress, show)

    shown, progress = use_work(None if stopped else work, [tuple(columns), runs, stopped])
    return shown, progress


def added(columns: list[Setting], present: Setting, wish: dict[str, Any]) -> list[Setting] | None:
    """The columns with one more; None when what a browser asks for cannot be."""
    what = wish.get("what")
    if what == "now":
        return columns
    if what == "start":
        new = sides.as_it_is(present)
    elif what == "policy" and wish.get("name") in POLICIES:
        new = replace(present, policy=wish["name"])
    else:
        return None
    try:
        scenario_of(new)
    except InputError as error:
        session.notice(*(session.told(problem) for problem in error.problems))
        return None
    return [*columns, new] if new not in columns and len(columns) < sides.MOST else None


def without(columns: list[Setting], place: int) -> list[Setting] | None:
    """The columns without one; the last one stays."""
    if not _is_place(place, columns) or len(columns) < 2:
        return None
    return [one for number, one in enumerate(columns) if number != place]


def in_front(columns: list[Setting], place: int) -> list[Setting] | None:
    """The columns with one of them first: the others are compared with that."""
    if not _is_place(place, columns):
        return None
    return [columns[place], *(one for number, one in enumerate(columns) if number != place)]


def _is_place(place: Any, columns: list[Setting]) -> bool:
    return isinstance(place, int) and 0 <= place < len(columns)


def _elsewhere(present: Setting) -> str:
    """What is said when something was picked of another chain."""
    picked = sides.picked.value or ()
    left_out = len(picked) - len(sides.of_chain(picked, present))
    return t("compare.elsewhere", session.language.value, number=left_out) if left_out else ""
