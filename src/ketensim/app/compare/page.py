"""Compare: up to four settings of one chain side by side on equal luck, and in words which is better and how sure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara

from ketensim.app import session
from ketensim.app.background import Listener, use_work
from ketensim.app.beside import LONGEST_NAME, as_it_is, of_chain
from ketensim.app.compare import columns, verdict
from ketensim.app.compare.comparison_file import link_to_file
from ketensim.app.compare.equal_luck import RUNS, KeptRuns, SideBySide
from ketensim.app.levers import meanings
from ketensim.app.setting import Setting, base, scenario_of, settled
from ketensim.app.vue import Message, part
from ketensim.foundation.errors import InputError
from ketensim.foundation.parameters import LEVER_NAMES, POLICIES
from ketensim.texts import t

Board = part("compare/compare.vue", "compare", "shown")


@solara.component
def Compare() -> solara.Element:
    """The page."""
    runs = solara.use_reactive(RUNS[0])
    halted: solara.Reactive[tuple[Any, ...] | None] = solara.use_reactive(None)
    present, language, picked = session.setting.value, session.language.value, columns.picked.value
    settings = columns.side_by_side(present, picked)
    wish = (tuple(settings), runs.value)
    now, progress = use_runs(settings, runs.value, halted.value == wish)
    if now is not None and not of_chain(now.settings[:1], present):
        now = None  # of another chain
    called = columns.names.value
    shown = solara.use_memo(
        lambda: verdict.board(now, present, language, called) if now else None, [now, present, language, called]
    )

    def pick(change: Callable[..., list[Setting] | None], *wish: Any) -> None:
        try:
            new = change(settings, *wish)
        except InputError as error:
            session.notice(*map(session.sentence_of, error.problems))
            return
        if new is not None:
            halted.value, columns.picked.value = None, tuple(new)

    def tell(message: Message) -> None:
        match message:
            case {"kind": "add"}:
                pick(columns.added, present, message)
            case {"kind": "remove", "place": int(place)}:
                pick(columns.without, place)
            case {"kind": "first", "place": int(place)}:
                pick(columns.in_front, place)
            case {"kind": "take", "place": int(place)} if place in range(len(settings)):
                session.change_setting(settings[place])
            case {"kind": "lever", "name": name, "value": int() | float() as to} if (
                name in LEVER_NAMES and 0.0 <= to <= 1.0
            ):
                session.change_setting(settled(present.with_lever(name, float(to))))
            case {"kind": "name", "place": int(place), "name": str(name)}:
                new = columns.called_anew(settings, place, name)
                if new is not None:
                    columns.names.value, columns.picked.value = new, tuple(settings)
            case {"kind": "precise", "runs": number} if number in RUNS:
                halted.value, runs.value = None, number
            case {"kind": "halt" | "resume" as what}:
                halted.value = wish if what == "halt" else None

    coming = [column for column in settings if now is None or column not in now.settings]
    board = Board(
        shown=shown,
        page={
            **_offered(present, settings, language),
            "coming": [columns.name_of(column, present, language, called) for column in coming],
            "fresh": now is not None and now.settings == wish[0],
            "progress": progress,
            "stopped": halted.value == wish,
            "runs": runs.value,
            "workbook": link_to_file(settings, runs.value, language, called),
        },
        tell=tell,
    )
    return solara.Div(children=[board])


def _offered(present: Setting, settings: list[Setting], language: str) -> dict[str, Any]:
    """What belongs to the chain and to the choice of settings, whatever has been computed."""
    return {
        "title": base(present).title.in_language(language),
        "chain": present.chain,
        "start": scenario_of(present).start.isoformat(),
        "choices": RUNS,
        "policies": [{"name": name, "label": t(f"policy.{name}.label", language)} for name in POLICIES],
        "room": len(settings) < columns.MOST,
        "has_start": as_it_is(present) in settings,
        "kept": present in (columns.picked.value or ()),
        "elsewhere": _elsewhere(present, language),
        "levers": _levers(present, language),
        "longest_name": LONGEST_NAME,
    }


def _levers(present: Setting, language: str) -> list[dict[str, Any]]:
    """Where the levers of the present setting stand, so that they can be moved here too."""
    scenario = scenario_of(present)
    return [
        {
            **{"name": name, "label": t(f"lever.{name}.label", language), "meanings": meanings(name, language)},
            "value": scenario.lever_at(name, present.decided),
        }
        for name in LEVER_NAMES
    ]


def use_runs(settings: list[Setting], runs: int, stopped: bool) -> tuple[SideBySide | None, float]:
    """What has been computed of the settings, and the share that is done."""
    kept = solara.use_memo(KeptRuns, [])

    def work(listener: Listener) -> None:
        kept.compute(settings, runs, listener)

    shown, progress = use_work(None if stopped else work, [tuple(settings), runs, stopped])
    return shown, progress


def _elsewhere(present: Setting, language: str) -> str:
    """What is said when something was picked of another chain."""
    picked = columns.picked.value or ()
    left_out = len(picked) - len(of_chain(picked, present))
    return t("compare.elsewhere", language, number=left_out) if left_out else ""
