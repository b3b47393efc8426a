"""The chain scan: questions, what the answers become, and the way to explore with them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import solara

from ketensim.app import session
from ketensim.app.own import scan
from ketensim.app.own.scan import CONDITION, QUESTIONS, TRUST, VALUES, Answers
from ketensim.app.setting import scenario_of
from ketensim.foundation.parameters import LEVER_NAMES
from ketensim.scenario.schema import Scenario
from ketensim.texts import t

LOW: Final = 0.35  # below it a lever is told with what people do at 0, above HIGH with what they do at 1
HIGH: Final = 0.65

answers: solara.Reactive[Answers] = solara.reactive(Answers())


@solara.component_vue("scan.vue")
def Scan(
    words: dict[str, Any],
    chain: str,
    conditions: list[dict[str, Any]],
    partners: list[dict[str, Any]],
    result: dict[str, Any],
    values: list[float],
    kept: list[list[Any]],
    event_answer: Callable[[dict[str, Any]], None],
    event_trust: Callable[[dict[str, Any]], None],
    event_again: Callable[[Any], None],
    event_recall: Callable[[Any], None],
    event_explore: Callable[[Any], None],
) -> None:
    """The questions and what comes out."""


@solara.component
def Scanning() -> solara.Element:
    """The scan of the present chain."""
    router = solara.use_router()
    language, setting, given = session.language.value, session.setting.value, answers.value
    scenario = scenario_of(setting)

    def answer(told: dict[str, Any]) -> None:
        question, chosen = told.get("question"), told.get("answer")
        if question in QUESTIONS and isinstance(chosen, int) and 0 <= chosen < len(VALUES):
            answers.value = answers.value.answered(str(question), chosen)

    def trust(told: dict[str, Any]) -> None:
        organisation, kind, chosen = told.get("organisation"), told.get("kind"), told.get("answer")
        known = organisation in [part.id for part in scenario.organisations] and kind in TRUST
        if known and (chosen is None or chosen in range(len(VALUES))):
            answers.value = answers.value.trusted(str(organisation), str(kind), chosen)

    def explore() -> None:
        session.change(scan.applied(session.setting.value, answers.value))
        router.push("/")

    return Scan(
        words=dict(session.texts("scan")),
        chain=scenario.title.in_language(language),
        conditions=_conditions(given, language),
        partners=_partners(given, scenario, language),
        result=result(given, scenario, language),
        values=list(VALUES),
        kept=given.kept,
        event_answer=answer,
        event_trust=trust,
        event_recall=lambda kept: None if answers.value.kept else answers.set(Answers.recalled(kept)),
        event_again=lambda _: answers.set(Answers()),
        event_explore=lambda _: explore(),
    )


def _conditions(given: Answers, language: str) -> list[dict[str, Any]]:
    """The questions by condition, with what was answered."""
    found: dict[str, list[dict[str, Any]]] = {}
    for name, lever in QUESTIONS.items():
        question = {
            "name": name,
            "words": t(f"scan.question.{name}.ask", language),
            "options": [t(f"scan.question.{name}.a{number}", language) for number in range(1, len(VALUES) + 1)],
            "chosen": given.questions.get(name),
        }
        found.setdefault(CONDITION[lever], []).append(question)
    labels = [(name, t(f"condition.{name}", language)) for name in found]
    return [{"name": name, "label": label, "questions": found[name]} for name, label in labels]


def _partners(given: Answers, scenario: Scenario, language: str) -> list[dict[str, Any]]:
    return [
        {
            "name": part.id,
            "label": part.label.in_language(language),
            **{kind: given.partners.get((part.id, kind)) for kind in TRUST},
        }
        for part in scenario.organisations
    ]


def result(given: Answers, scenario: Scenario, language: str) -> dict[str, Any]:
    """How the chain stands: each lever with its value, its mark in the chain and what people then do; in words."""
    levers = [
        {
            "name": name,
            "label": t(f"lever.{name}.label", language),
            "value": value,
            "before": scenario.lever(name),
            "meaning": _meaning(name, value, language),
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


def _meaning(name: str, value: float, language: str) -> str:
    if LOW <= value <= HIGH:
        return t("app.levers.between", language)
    return t(f"lever.{name}.{'low' if value < LOW else 'high'}", language)


def _sentences(given: Answers, scenario: Scenario, language: str) -> list[str]:
    """The strongest and the weakest, and with whom to begin the conversation."""
    found = []
    ordered = sorted(given.levers, key=lambda name: given.levers[name])
    if len(ordered) > 1 and given.levers[ordered[0]] < given.levers[ordered[-1]]:
        weak, strong = (t(f"lever.{name}.label", language) for name in (ordered[0], ordered[-1]))
        found.append(t("scan.weak_and_strong", language, weak=weak, strong=strong))
    elif len(ordered) > 1:
        found.append(t("scan.even", language))
    least = given.least_trusted()
    labels = {part.id: part.label.in_language(language) for part in scenario.organisations}
    if least in labels:
        found.append(t("scan.least_trust", language, organisation=labels[str(least)]))
    return found
