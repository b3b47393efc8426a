"""Experiments: look at what was computed before, and start a small one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import solara
from solara.lab import use_task

from ketensim.app import session
from ketensim.app.experiments import jobs, library
from ketensim.app.experiments.jobs import PRESENT, Job, Order, State
from ketensim.app.setting import scenario_of
from ketensim.foundation.errors import InputError
from ketensim.texts import t

IDLE: Final = "idle"
LONG: Final = 90  # seconds; a longer time is told in minutes
MOST_MINE: Final = 12

mine: solara.Reactive[tuple[str, ...]] = solara.reactive(())
unfinished: solara.Reactive[Order | None] = solara.reactive(None)
chosen: solara.Reactive[str] = solara.reactive("")


@solara.component_vue("experiments.vue")
def Laboratory(
    words: dict[str, Any],
    language: str,
    kinds: list[dict[str, Any]],
    state: dict[str, Any],
    goes_on: dict[str, Any] | None,
    results: list[dict[str, Any]] | None,
    mine: list[str],
    chosen: str,
    summary: dict[str, Any] | None,
    refused: list[str],
    event_start: Callable[[dict[str, Any]], None],
    event_stop: Callable[[Any], None],
    event_go_on: Callable[[Any], None],
    event_choose: Callable[[str], None],
    event_recall: Callable[[Any], None],
) -> None:
    """The list of results, one of them in short, and the start of a new one."""


@solara.component
def Experiments() -> solara.Element:
    """The page; leaving it stops what is running."""
    language = session.language.value
    state: solara.Reactive[State | None] = solara.use_reactive(None)
    running = solara.use_ref(None)
    solara.use_effect(lambda: lambda: _stop(running.current), [])
    results = use_task(lambda: _results(mine.value, language), dependencies=[mine.value, language], raise_error=False)
    kinds = solara.use_memo(lambda: _kinds(language), [session.setting.value, language])
    picked = chosen.value
    summary = use_task(lambda: _summary(picked, language), dependencies=[picked, language], raise_error=False)

    def show(now: State) -> None:
        state.value = now
        if now.phase == "finished":
            unfinished.value = None
            kept = [name for name in mine.value if name != now.name]
            mine.value = (now.name, *kept)[:MOST_MINE]
            chosen.value = now.name

    def start(order: Order) -> None:
        if state.value is None or state.value.phase not in ("waiting", "running"):
            unfinished.value = order
            running.current = Job(order, show)

    def started(told: dict[str, Any]) -> None:
        kind, runs = told.get("kind"), told.get("runs")
        if isinstance(kind, str) and isinstance(runs, int) and runs in jobs.sizes(kind):
            start(Order(kind, runs, session.setting.value))

    return Laboratory(
        words=dict(session.texts("lab")),
        language=language,
        kinds=kinds,
        state=told(state.value, language),
        goes_on=_order(unfinished.value, language),
        results=results.latest,
        mine=list(mine.value),
        chosen=chosen.value,
        summary=summary.value if summary.finished else None,
        refused=_refused(summary, language),
        event_start=started,
        event_stop=lambda _: _stop(running.current),
        event_go_on=lambda _: start(unfinished.value) if unfinished.value else None,
        event_recall=lambda names: None if mine.value else mine.set(recalled(names)),
        event_choose=lambda name: chosen.set(name) if isinstance(name, str) else None,
    )


def recalled(names: Any) -> tuple[str, ...]:
    """Names of results that a browser kept; what is no such name is left out."""
    given = names[:MOST_MINE] if isinstance(names, list) else []
    return tuple(name for name in given if isinstance(name, str) and library.OWN_NAME.fullmatch(name))


def _stop(job: Job | None) -> None:
    if job is not None:
        job.stop()


def told(state: State | None, language: str) -> dict[str, Any]:
    """How far an experiment is, in words."""
    if state is None:
        return {"phase": IDLE, "share": 0.0, "sentences": []}
    key = f"lab.state.{state.phase}"
    facts = {"done": state.done, "total": state.total, "rate": state.rate, "seconds": max(1.0, state.left)}
    facts["minutes"] = max(1, round(facts["seconds"] / 60))
    if state.phase == "running":
        key = "lab.state.preparing" if not state.total else "lab.state.long" if state.left > LONG else key
    sentences = [t(key, language, **facts)] if state.phase != "failed" else []
    sentences += [t(problem.key, language, **problem.facts) for problem in state.problems]
    return {"phase": state.phase, "share": state.done / state.total if state.total else 0.0, "sentences": sentences}


def _kinds(language: str) -> list[dict[str, Any]]:
    """What one may start, each with its question and how large it may be."""
    chain = scenario_of(session.setting.value).title.in_language(language)
    texts = {PRESENT: tuple(t(f"lab.present.{part}", language, chain=chain) for part in ("title", "question"))}
    for name, one in jobs.shipped().items():
        texts[name] = (one.title.in_language(language), one.question.in_language(language).strip())
    return [
        {
            "name": name,
            "title": title,
            "question": question,
            "sizes": [
                {"runs": runs, "label": t("lab.runs", language, runs=runs, total=runs * jobs.combinations_of(name))}
                for runs in jobs.sizes(name)
            ],
        }
        for name, (title, question) in texts.items()
    ]


def _order(order: Order | None, language: str) -> dict[str, Any] | None:
    if order is None:
        return None
    if order.kind == PRESENT:
        chain = scenario_of(order.setting).title.in_language(language)
        title = t("lab.present.title", language, chain=chain)
    else:
        title = jobs.shipped()[order.kind].title.in_language(language)
    return {"title": title, "runs": order.runs}


def _results(names: tuple[str, ...], language: str) -> list[dict[str, Any]]:
    """First what this visitor made, then what everybody may see; what cannot be read is left out."""
    own = [(found, True) for name in names if (found := library.one(name)) is not None]
    listed = [*own, *((found, False) for found in library.stored())]
    cards = [(library.card(found, language), is_mine) for found, is_mine in listed]
    return [{**card, "mine": is_mine} for card, is_mine in cards if card is not None]


def _summary(name: str, language: str) -> dict[str, Any] | None:
    found = library.one(name) if name else None
    return None if found is None else library.summary(found, language)


def _refused(task: Any, language: str) -> list[str]:
    """Why a result has no summary."""
    if task.error and isinstance(task.exception, InputError):
        return [t(problem.key, language, **problem.facts) for problem in task.exception.problems]
    return [t("lab.gone", language)] if task.error else []
