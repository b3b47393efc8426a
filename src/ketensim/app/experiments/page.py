"""Experiments: look at what was computed before, and start a small one."""

from __future__ import annotations

from typing import Any, Final

import solara
from solara.lab import use_task

from ketensim.app import session
from ketensim.app.experiments import jobs, library
from ketensim.app.experiments.jobs import PRESENT, ChosenExperiment, Job, JobState
from ketensim.app.setting import LANGUAGE, scenario_of
from ketensim.app.vue import Message, part
from ketensim.foundation.errors import InputError
from ketensim.texts import t

IDLE: Final = "idle"
LONG: Final = 90  # seconds; a longer time is told in minutes
MOST_MINE: Final = 12

mine: solara.Reactive[tuple[str, ...]] = solara.reactive(())
unfinished: solara.Reactive[ChosenExperiment | None] = solara.reactive(None)
looked_at: solara.Reactive[str] = solara.reactive("")

Laboratory = part("experiments/experiments.vue", "lab", "kinds", "results", "summary")


@solara.component
def Experiments() -> solara.Element:
    """The page; leaving it stops what is running."""
    language, name = session.language.value, looked_at.value
    state: solara.Reactive[JobState | None] = solara.use_reactive(None)
    job = solara.use_ref(None)
    results = use_task(lambda: _results(mine.value, language), dependencies=[mine.value, language], raise_error=False)
    summary = use_task(lambda: _summary(name, language), dependencies=[name, language], raise_error=False)

    def stop() -> None:
        if job.current is not None:
            job.current.stop()

    solara.use_effect(lambda: stop, [])

    def show(now: JobState) -> None:
        state.value = now
        if now.phase == "finished":
            unfinished.value = None
            mine.value = tuple(dict.fromkeys((now.name, *mine.value)))[:MOST_MINE]
            looked_at.value = now.name

    def start(chosen: ChosenExperiment) -> None:
        if state.value is None or state.value.phase not in ("waiting", "running"):
            unfinished.value = chosen
            job.current = Job(chosen, show)

    def tell(message: Message) -> None:
        match message:
            case {"kind": "start", "experiment": str(kind), "runs": int(runs)} if runs in jobs.sizes(kind):
                start(ChosenExperiment(kind, runs, session.setting.value))
            case {"kind": "go_on"} if unfinished.value:
                start(unfinished.value)
            case {"kind": "stop"}:
                stop()
            case {"kind": "choose", "result": str(chosen)}:
                looked_at.value = chosen
            case {"kind": "recall", "names": names} if not mine.value:
                mine.value = recalled(names)

    kinds = solara.use_memo(lambda: _kinds(language), [session.setting.value, language])
    return Laboratory(
        kinds=kinds,
        results=results.latest,
        summary=summary.value if summary.finished else None,
        page={
            "state": state_in_words(state.value, language),
            "goes_on": _title(unfinished.value, language),
            "mine": mine.value,
            "chosen": name,
            "refused": _refused(summary, language),
            "report": f"{library.REPORTS}{name}?{LANGUAGE}={language}",
            "packed": f"{library.PACKED}{name}",
            "workbook": f"{library.WORKBOOKS}{name}?{LANGUAGE}={language}",
        },
        tell=tell,
    )


def recalled(names: Any) -> tuple[str, ...]:
    """Names of results that a browser kept; what is no such name is left out."""
    given = names[:MOST_MINE] if isinstance(names, list) else []
    return tuple(name for name in given if isinstance(name, str) and library.OWN_NAME.fullmatch(name))


def state_in_words(state: JobState | None, language: str) -> dict[str, Any]:
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
    for name, experiment in jobs.offered_experiments().items():
        texts[name] = (experiment.title.in_language(language), experiment.question.in_language(language).strip())
    return [
        {
            "name": name,
            "title": title,
            "question": question,
            "sizes": [
                {"runs": runs, "label": t("lab.runs", language, runs=runs, total=runs * jobs.size_of_kind(name))}
                for runs in jobs.sizes(name)
            ],
        }
        for name, (title, question) in texts.items()
    ]


def _title(chosen: ChosenExperiment | None, language: str) -> str | None:
    """What an experiment is called that can be gone on with."""
    if chosen is None:
        return None
    if chosen.kind == PRESENT:
        chain = scenario_of(chosen.setting).title.in_language(language)
        return t("lab.present.title", language, chain=chain)
    return jobs.offered_experiments()[chosen.kind].title.in_language(language)


def _results(names: tuple[str, ...], language: str) -> list[dict[str, Any]]:
    """First what this visitor made, then what everybody may see; what cannot be read is left out."""
    own = [(kept, True) for name in names if (kept := library.stored_as(name)) is not None]
    listed = [*own, *((kept, False) for kept in library.stored())]
    cards = [(library.card(kept, language), is_mine) for kept, is_mine in listed]
    return [{**card, "mine": is_mine} for card, is_mine in cards if card is not None]


def _summary(name: str, language: str) -> dict[str, Any] | None:
    kept = library.stored_as(name) if name else None
    return None if kept is None else library.result_summary(kept, language)


def _refused(task: Any, language: str) -> list[str]:
    """Why a result has no summary."""
    if task.error and isinstance(task.exception, InputError):
        return [t(problem.key, language, **problem.facts) for problem in task.exception.problems]
    return [t("lab.gone", language)] if task.error else []
