"""The chain scan: questions, what the answers become, and the way to explore with them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import solara

from ketensim.app import session
from ketensim.app.levers import meaning
from ketensim.app.own import asked_hours, building, scan
from ketensim.app.own.desk import draft, show_everywhere, take
from ketensim.app.own.scan import CONDITION, QUESTIONS, TRUST, VALUES, ScanAnswers
from ketensim.app.setting import OWN, scenario_of
from ketensim.app.vue import Message, part
from ketensim.foundation.parameters import LEVER_NAMES
from ketensim.scenario.parts import HOURS
from ketensim.scenario.schema import Scenario
from ketensim.texts import t

answers: solara.Reactive[ScanAnswers] = solara.reactive(ScanAnswers())
refused: solara.Reactive[str] = solara.reactive("")  # the hours that were typed last, when they cannot be


Scan = part("own/scan.vue", "scan")


@solara.component
def Scanning(choose: Callable[[str], None]) -> solara.Element:
    """The scan of the present chain, which is the draft as soon as that is right; ``choose`` opens the form."""
    router = solara.use_router()
    language, setting, given = session.language.value, session.setting.value, answers.value
    scenario = scenario_of(setting)
    organisations = [part.id for part in scenario.organisations]

    def tell(message: Message) -> None:
        match message:
            case {"kind": "answer", "question": str(question), "answer": int(place)} if question in QUESTIONS:
                if 0 <= place < len(VALUES):
                    answers.value = answers.value.answered(question, place)
            case {"kind": "trust", "organisation": str(name), "trust": str(kind), "answer": place}:
                if name in organisations and kind in TRUST and (place is None or place in range(len(VALUES))):
                    answers.value = answers.value.trusted(name, kind, place)
            case {"kind": "hours", "organisation": name, "hours": hours} if name is None or name in organisations:
                _hours_given(name, hours, asked_hours.hours_now(scenario))
            case {"kind": "recall", "kept": kept} if not answers.value.kept:
                answers.value = ScanAnswers.recalled(kept)
            case {"kind": "again"}:
                answers.value, refused.value = ScanAnswers(), ""
            case {"kind": "own"} if draft.value is not None:
                show_everywhere(draft.value)
            case {"kind": "build"}:
                choose("build")
            case {"kind": "explore"}:
                found = scan.applied(session.setting.value, answers.value)
                if found.chain == OWN:
                    take(found)
                router.push(session.HOME)

    return Scan(
        page={
            "chain": scenario.title.in_language(language),
            "draft": _draft_elsewhere(language),
            "conditions": _conditions(given, language),
            "partners": _partners(given, scenario, language),
            "hours": _hours(given, scenario, language),
            "result": result(given, scenario, language),
            "values": VALUES,
            "kept": given.kept,
        },
        tell=tell,
    )


def _draft_elsewhere(language: str) -> dict[str, Any] | None:
    """The chain that somebody builds, as long as another one is scanned: what it is called, and whether it is right."""
    if draft.value is None or (draft.value.checked()[0] is not None and session.setting.value.chain == OWN):
        return None
    title = building.value_at(draft.value.data, ("title", language))
    return {"title": str(title or t("own.neutral.title", language)), "right": draft.value.checked()[0] is not None}


def _conditions(given: ScanAnswers, language: str) -> list[dict[str, Any]]:
    """The questions by condition, with what was answered."""
    questions: dict[str, list[dict[str, Any]]] = {}
    for name, lever in QUESTIONS.items():
        question = {
            "name": name,
            "words": t(f"scan.question.{name}.ask", language),
            "options": [t(f"scan.question.{name}.a{number}", language) for number in range(1, len(VALUES) + 1)],
            "chosen": given.questions.get(name),
        }
        questions.setdefault(CONDITION[lever], []).append(question)
    return [
        {"name": name, "label": t(f"condition.{name}", language), "questions": asked}
        for name, asked in questions.items()
    ]


def _partners(given: ScanAnswers, scenario: Scenario, language: str) -> list[dict[str, Any]]:
    return [
        {
            "name": part.id,
            "label": part.label.in_language(language),
            **{kind: given.partners.get((part.id, kind)) for kind in TRUST},
        }
        for part in scenario.organisations
    ]


def _hours_given(organisation: str | None, hours: Any, present: Mapping[str, float]) -> None:
    """Hours of a visit at one organisation, or at all of them; what cannot be is told and changes nothing."""
    if hours is not None and not asked_hours.hours_that_can_be(hours):
        refused.value = str(hours)[:20]
        return
    found = answers.value
    for name in present if organisation is None else (organisation,):
        found = found.worked(name, hours)
    answers.value, refused.value = found, ""


def _hours(given: ScanAnswers, scenario: Scenario, language: str) -> dict[str, Any] | None:
    """Hours per visit as they were asked or are assumed, with the posts that follow; None where they are not asked."""
    present = asked_hours.hours_now(scenario)
    if not present:
        return None
    facts = {"given": refused.value, "lower": HOURS.lower, "upper": HOURS.upper}
    organisations = []
    for one in scenario.organisations:
        if one.id in present:
            hours = given.hours.get(one.id)
            posts = asked_hours.posts_with(scenario, one.id, present[one.id] if hours is None else hours)
            organisations.append(
                {
                    "name": one.id,
                    "label": one.label.in_language(language),
                    "present": t(f"scan.hours.{asked_hours.origin_of_hours(one)}", language, hours=present[one.id]),
                    "hours": hours,
                    "posts": t("scan.hours.posts", language, posts=posts),
                }
            )
    return {
        "organisations": organisations,
        "lower": HOURS.lower,
        "upper": HOURS.upper,
        "wrong": t("scan.hours.wrong", language, **facts) if refused.value else "",
    }


def result(given: ScanAnswers, scenario: Scenario, language: str) -> dict[str, Any]:
    """How the chain stands: each lever with its value, its mark in the chain and what people then do; in words."""
    levers = [
        {
            "name": name,
            "label": t(f"lever.{name}.label", language),
            "value": value,
            "before": scenario.lever_at(name),
            "meaning": meaning(name, value, language),
            "from": [t(f"scan.question.{question}.short", language) for question, lever in QUESTIONS.items()
                     if lever == name and question in given.questions],
        }
        for name in LEVER_NAMES if (value := given.levers.get(name)) is not None
    ]  # fmt: skip
    trust = [
        {"name": kind, "label": t(f"scan.trust.{kind}", language), "value": given.trust[parameter]}
        for kind, parameter in TRUST.items()
        if parameter in given.trust
    ]
    return {
        "answered": len(given.questions),
        "asked": len(QUESTIONS),
        "levers": levers,
        "trust": trust,
        "sentences": list(_sentences(given, scenario, language)),
    }


def _sentences(given: ScanAnswers, scenario: Scenario, language: str) -> Iterator[str]:
    """The strongest and the weakest, and with whom to begin the conversation."""
    ordered = sorted(given.levers, key=lambda name: given.levers[name])
    if len(ordered) > 1 and given.levers[ordered[0]] < given.levers[ordered[-1]]:
        weak, strong = (t(f"lever.{name}.label", language) for name in (ordered[0], ordered[-1]))
        yield t("scan.weak_and_strong", language, weak=weak, strong=strong)
    elif len(ordered) > 1:
        yield t("scan.even", language)
    least = given.least_trusted()
    labels = {part.id: part.label.in_language(language) for part in scenario.organisations}
    if least in labels:
        yield t("scan.least_trust", language, organisation=labels[str(least)])
