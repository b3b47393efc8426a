"""The chain scan: twelve questions on the six conditions and two on each organisation set levers and starting trust.

How an answer becomes a number is our assumption; a conversation aid and no measurement. The first answer is not 0 and the
last not 1, because no chain does nothing or everything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from ketensim.app.own import asked_hours, building
from ketensim.app.setting import Setting, as_always, scenario_of
from ketensim.foundation.parameters import LEVER_NAMES, LEVERS
from ketensim.scenario import files
from ketensim.texts import LANGUAGES, t

VALUES: Final = (0.1, 0.3, 0.5, 0.7, 0.9)  # of the first answer to the fifth
QUESTIONS: Final[Mapping[str, str]] = {  # which lever each asks after; two for each condition
    "objective": "ambition_coupling",
    "politics": "ambition_coupling",
    "shortage": "shared_urgency",
    "busy": "shared_urgency",
    "clear": "frame",
    "deviate": "room",
    "selection": "binding_selection",
    "skills": "chain_skills",
    "council": "information_balance",
    "records": "information_balance",
    "contact": "trust_in_persons",
    "kept": "trust_in_agreements",
}
TRUST: Final[Mapping[str, str]] = {"persons": "trust_persons_start", "agreements": "trust_agreements_start"}
HOURS: Final = "hours"  # what is kept of an organisation beside kinds of trust
MOST_KEPT: Final = 500  # answers that a browser may bring back
CONDITION: Final = {row.name: row.condition for row in LEVERS}


@dataclass(frozen=True)
class ScanAnswers:
    """What was answered so far.

    Attributes
    ----------
    questions : answer from 0 to 4, by question
    partners : answer from 0 to 4, by organisation and kind of trust
    hours : per visit, by organisation; only asked of a chain from a list of cases
    """

    questions: Mapping[str, int] = field(default_factory=dict)
    partners: Mapping[tuple[str, str], int] = field(default_factory=dict)
    hours: Mapping[str, float] = field(default_factory=dict)

    def answered(self, question: str, answer: int) -> ScanAnswers:
        """With one more answer."""
        return replace(self, questions={**self.questions, question: answer})

    def trusted(self, organisation: str, kind: str, answer: int | None) -> ScanAnswers:
        """With one more answer about a partner; None takes it back."""
        kept = {place: value for place, value in self.partners.items() if place != (organisation, kind)}
        return replace(self, partners=kept if answer is None else {**kept, (organisation, kind): answer})

    def worked(self, organisation: str, hours: float | None) -> ScanAnswers:
        """With the hours of a visit at an organisation; None takes them back."""
        kept = {name: value for name, value in self.hours.items() if name != organisation}
        return replace(self, hours=kept if hours is None else {**kept, organisation: hours})

    @property
    def kept(self) -> list[list[str | float]]:
        """Everything answered as plain values, for a browser to keep."""
        questions: list[list[str | float]] = [[question, answer] for question, answer in self.questions.items()]
        questions += [[place, kind, answer] for (place, kind), answer in self.partners.items()]
        return questions + [[place, HOURS, hours] for place, hours in self.hours.items()]

    @classmethod
    def recalled(cls, kept: Any) -> ScanAnswers:
        """ScanAnswers that a browser kept; what is no answer is left out."""
        answers = cls()
        for place in kept[:MOST_KEPT] if isinstance(kept, list) else ():
            match place:
                case [str(question), int(answer)] if question in QUESTIONS and 0 <= answer < len(VALUES):
                    answers = answers.answered(question, answer)
                case [str(organisation), str(kind), int(answer)] if kind in TRUST and 0 <= answer < len(VALUES):
                    answers = answers.trusted(organisation, kind, answer)
                case [str(organisation), str(kind), hours] if kind == HOURS and asked_hours.hours_that_can_be(hours):
                    answers = answers.worked(organisation, hours)
        return answers

    @property
    def levers(self) -> dict[str, float]:
        """Where each lever stands that was asked after: the mean over its questions."""
        means = _means((QUESTIONS[question], answer) for question, answer in self.questions.items())
        return {name: means[name] for name in LEVER_NAMES if name in means}

    @property
    def trust(self) -> dict[str, float]:
        """Trust at the start by parameter of the model, the mean over the organisations; nothing when nobody answered."""
        return _means((TRUST[kind], answer) for (_, kind), answer in self.partners.items())

    def least_trusted(self) -> str | None:
        """The organisation with the least trust, when it is one of several."""
        by_organisation = _means((organisation, answer) for (organisation, _), answer in self.partners.items())
        means = sorted((mean, organisation) for organisation, mean in by_organisation.items())
        return means[0][1] if len(means) > 1 and means[0][0] < means[1][0] else None


def applied(setting: Setting, answers: ScanAnswers) -> Setting:
    """The setting with the chain as the answers say that it is and always was; with answers it becomes a chain of one's own.

    What was decided in it and not asked after stays, so that what is moved afterwards is a decision too. At each number that
    was asked after stands in the file that it was.
    """
    if not answers.levers and not answers.trust and not answers.hours:
        return setting
    scenario = as_always(scenario_of(replace(setting, levers=())), answers.levers).with_parameters(**answers.trust)
    data = asked_hours.with_hours(building.content(files.dump(scenario)), scenario, answers.hours)
    asked = asked_hours.asked_note()
    for name in answers.levers:
        data = building.put(data, ("levers", name), {"value": scenario.levers[name].value, "reason": asked})
    for name, value in answers.trust.items():
        data = building.put(data, ("parameters", name), {"value": value, "note": asked})
    for language in LANGUAGES:
        title, scanned = str(data["title"][language]), t("scan.title", language)
        if scanned not in title:
            data = building.put(data, ("title", language), f"{title} ({scanned})")
    found = replace(setting.with_own(files.dump_data(data)), always=setting.always)
    for name, value in setting.levers:
        if name not in answers.levers:
            found = found.with_lever(name, value)
    return found if found.levers else replace(found, always=False)


def _means(answers: Iterable[tuple[str, int]]) -> dict[str, float]:
    """The mean value of the answers under each name."""
    values: dict[str, list[float]] = {}
    for name, answer in answers:
        values.setdefault(name, []).append(VALUES[answer])
    return {name: round(sum(given) / len(given), 3) for name, given in values.items()}
