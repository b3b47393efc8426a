"""Chapter 6: from a scenario to organisations, case types, links, dyads, a calendar and events."""

from __future__ import annotations

import datetime
import itertools
import math
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from tests.reference_model.things import CaseType

from ketensim.foundation.parameters import LEVERS, PARAMETERS

ALL = None
LEVER_NAMES = tuple(row.name for row in LEVERS)
OF_RELATIONS = ("frame", "trust_in_persons", "trust_in_agreements")


@dataclass(slots=True)
class Change:
    week: int
    organisation: int | None
    partner: int | None
    lever: str
    value: float


@dataclass(slots=True)
class Event:
    kind: str
    first: int
    weeks: int
    organisation: int | None
    case_type: int | None
    strength: float
    first_row: bool  # of those that one event of the file became

    def under_way(self, week: int) -> bool:
        return self.first <= week < self.first + self.weeks


class Input:
    """A scenario in the words of chapter 6."""

    def __init__(self, scenario: Any) -> None:
        self.scenario = scenario
        self.burn_in: int = scenario.burn_in
        self.weeks: int = scenario.burn_in + scenario.weeks
        self.promise: float = scenario.promise.value
        self.policy: str = scenario.policy
        self.parameters = SimpleNamespace(**{row.name: self._parameter(row) for row in PARAMETERS})
        self.place = {part.id: number for number, part in enumerate(scenario.organisations)}
        self.kind = {part.id: number for number, part in enumerate(scenario.case_types)}
        self.principals = {part.id: part for part in scenario.principals}
        self.case_types = [self._case_type(part) for part in scenario.case_types]
        self.organisations = [self._organisation(part) for part in scenario.organisations]
        self.links = self._links()
        self.dyads = self._dyads()
        self.agreed = self._agreed()
        self.changes = self._changes()
        self.events = self._events()
        self.objective = self._objective()

    def _parameter(self, row: Any) -> float:
        given = self.scenario.parameters.get(row.name)
        return row.default if given is None else given.value

    def week(self, moment: datetime.date | int) -> int:
        """A week of the run from a week or a date of the file."""
        if isinstance(moment, datetime.date):
            moment = math.floor((moment - self.scenario.start).days / 7)
        return self.burn_in + moment

    def _case_type(self, part: Any) -> CaseType:
        hard = self.scenario.context.non_standard
        given = {name: share.value for name, share in part.entry.items()}
        shares = [given.get(name, 0.0) for name in self.place]
        entry = list(itertools.accumulate(share / sum(shares) for share in shares))
        last = max(number for number, share in enumerate(shares) if share > 0)
        entry[last:] = [1.0] * (len(entry) - last)
        return CaseType(
            number=self.kind[part.id],
            arrivals=part.arrivals.value,
            non_standard=part.non_standard.value if hard is None else hard,
            urgent=part.urgent.value,
            norm=int(part.norm.value),
            drop_after=int(part.drop_after.value),
            counts=part.counts,
            entry=entry,
        )

    def _organisation(self, part: Any) -> dict[str, Any]:
        fte = part.fte.value
        posts = max(1, round(fte))
        principal = self.principals.get(part.principal)
        hours = [part.hours_per_case.of(name) for name in self.kind]
        stay = [part.stay.of(name) for name in self.kind]
        capacity = self.scenario.context.capacity
        return {
            "posts": posts,
            "hours_per_head": self.parameters.hours_per_week * fte * capacity / posts,
            "fte_per_head": fte / posts,
            "own_work": part.own_work.value,
            "instructable": 1 - part.independence.value,
            "drift_rate": part.drift.value,
            "turnover": part.turnover.value,
            "absence": part.absence.value,
            "hiring_weeks": part.hiring_weeks.value,
            "term": part.term.value,
            "places": math.inf if part.places is None else part.places.value,
            "home_x": part.ambition.x.value,
            "home_y": part.ambition.y.value,
            "tolerance_shift": part.tolerance.value + (principal.tolerance.value if principal else 0.0),
            "politics": self._own(part.reporting_politics, "reporting_politics"),
            "operation": self._own(part.reporting_operation, "reporting_operation"),
            "cost": part.cost.value,
            "elections": [self.week(moment) for moment in principal.elections] if principal else [],
            "task_hours": [0.0 if number is None else number.value for number in hours],
            "stay": [0 if number is None else int(number.value) for number in stay],
            "levers": {name: self._lever(part, name) for name in LEVER_NAMES},
        }

    def _own(self, given: Any, parameter: str) -> float:
        return getattr(self.parameters, parameter) if given is None else given.value

    def _lever(self, part: Any, name: str) -> float:
        """The organisation's own, else the chain's, else the default."""
        for levers in (part.levers, self.scenario.levers):
            if name in levers:
                return levers[name].value
        return next(row.default for row in LEVERS if row.name == name)

    def _links(self) -> list[dict[str, Any]]:
        rows = []
        for part in self.scenario.links:
            shares = [None if part.share is None else part.share.of(name) for name in self.kind]
            rows.append(
                {
                    "giver": self.place[part.source],
                    "receiver": self.place[part.target],
                    "share": [0.0 if part.consultation or share is None else share.value for share in shares],
                    "consultation": part.consultation,
                }
            )
        return sorted(rows, key=lambda row: row["giver"])  # links of the same giver stay in file order

    def _dyads(self) -> list[tuple[int, int]]:
        """In the order in which pairs appear in the file; the lower-numbered one's trust first."""
        found: list[tuple[int, int]] = []
        for part in self.scenario.links:
            low, high = sorted((self.place[part.source], self.place[part.target]))
            if (low, high) not in found:
                found += [(low, high), (high, low)]
        return found

    def _agreed(self) -> dict[frozenset[int], dict[str, float]]:
        """Levers planned for a relation, by its two organisations."""
        found: dict[frozenset[int], dict[str, float]] = {}
        for part in self.scenario.links:
            pair = frozenset((self.place[part.source], self.place[part.target]))
            found.setdefault(pair, {}).update({name: lever.value for name, lever in part.levers.items()})
        return found

    def _named(self, names: tuple[str, ...]) -> list[int | None]:
        return list(dict.fromkeys(self.place[name] for name in names)) or [ALL]

    def _moment(self, part: Any) -> int:
        return self.week(part.date if part.date is not None else part.week)

    def _changes(self) -> list[Change]:
        rows = [
            Change(
                self._moment(part),
                organisation,
                None if part.partner is None else self.place[part.partner],
                name,
                lever.value,
            )
            for part in self.scenario.calendar
            for organisation in self._named(part.organisation)
            for name, lever in part.levers.items()
        ]
        rows += [
            Change(self._moment(part), organisation, None, "restraint", part.restraint.value)
            for part in self.scenario.calendar
            if part.restraint is not None
            for organisation in self._named(part.organisation)
        ]
        return sorted(rows, key=lambda row: row.week)

    def _events(self) -> list[Event]:
        rows = [
            Event(
                kind=part.type,
                first=self._moment(part) + number * int(part.weeks.value),
                weeks=int(part.weeks.value),
                organisation=organisation,
                case_type=case_type,
                strength=strength,
                first_row=place == 0,
            )
            for part in self.scenario.events
            for number, strength in enumerate([part.size.value, *part.then])
            for place, organisation in enumerate(self._named(part.organisation))
            for case_type in [self.kind[name] for name in dict.fromkeys(part.case_type)] or [ALL]
        ]
        return sorted(rows, key=lambda row: row.first)

    def _objective(self) -> tuple[float, float]:
        given = self.scenario.objective
        if given is not None:
            return given.x.value, given.y.value
        homes = [(part["home_x"], part["home_y"]) for part in self.organisations]
        return sum(x for x, _ in homes) / len(homes), sum(y for _, y in homes) / len(homes)
