"""A scenario: a checked description of a chain, and the ways to vary it. Every way gives a new, checked scenario."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError, model_validator

from ketensim.foundation.errors import InputError, Problem
from ketensim.foundation.parameters import BY_NAME, LEVERS
from ketensim.foundation.shown import Shown
from ketensim.scenario import checks
from ketensim.scenario.content import Content
from ketensim.scenario.parts import Change, Event, Lever, Levers, Timed
from ketensim.scenario.problems import dotted, excerpt, nearest, problems_of, read_model

POLICY_PREFIX: Final = "policy_"
LEVER_DEFAULT: Final = {row.name: row.default for row in LEVERS}
READ_LEVERS: Final[TypeAdapter[dict[str, Lever]]] = TypeAdapter(Levers)


class Scenario(Shown, Content):
    """A chain of organisations and what happens to it. Frozen: ``with_...`` gives a new one.

    A scenario that exists has passed every check; the meaning is checked when it is made, so that what is wrong shows
    there and not in the middle of a run.

    Raises
    ------
    InputError
        from every ``with_...`` and from the constructor when the parts do not fit together
    """

    @model_validator(mode="after")
    def _checked(self) -> Scenario:
        _refuse(checks.problems(self))
        return self

    def __repr__(self) -> str:
        """One line: with all its parts it is some 40,000 characters."""
        return f"Scenario({self.title.en!r}, {len(self.organisations)} organisations, {self.weeks} weeks)"

    __str__ = __repr__

    # --- what holds at the start ---
    def words(self, language: str) -> dict[str, str]:
        """What this chain calls a case, as facts of a sentence: ``thing`` and ``things``; nothing when it says case."""
        if self.handles is None:
            return {}
        return {"thing": self.handles.one.in_language(language), "things": self.handles.many.in_language(language)}

    def lever(self, name: str, organisation: str | None = None) -> float:
        """Where a lever stands in week 0, in [0, 1]: the organisation's own value, else the chain's, else the default."""
        own = next((part.levers for part in self.organisations if part.id == organisation), {})
        lever = own.get(name) or self.levers.get(name)
        return LEVER_DEFAULT[name] if lever is None else lever.value

    def parameter(self, name: str) -> float:
        """The value of a parameter of the model: the scenario's own, else the default of the table."""
        return self.parameters[name].value if name in self.parameters else BY_NAME[name].default

    def week_of(self, timed: Timed) -> int:
        """Week of an event or change; week 0 is the first reported week, the burn-in is negative."""
        return checks.week_of(self, timed)

    def week_of_date(self, date: datetime.date) -> int:
        """Week that holds a date."""
        return checks.week_of_date(self, date)

    def date_of(self, week: int) -> datetime.date:
        """First day of a week."""
        return self.start + datetime.timedelta(weeks=week)

    def lever_at(self, name: str, week: int = 0, organisation: str | None = None) -> float:
        """Where a lever is aimed at in a week: as it was, with what the calendar has decided by then.

        Without an organisation it is that of the organisations that have no such lever of their own.
        """
        asked = organisation or next((part.id for part in self.organisations if name not in part.levers), None)
        value = self.lever(name, organisation)
        for change in sorted(self.calendar, key=self.week_of):
            concerned = not change.organisation or asked in change.organisation
            if self.week_of(change) <= week and change.partner is None and concerned and name in change.levers:
                value = change.levers[name].value
        return value

    # --- the same chain, but ---
    def with_levers(
        self,
        week: int | None = None,
        organisation: str | Sequence[str] | None = None,
        *,
        between: tuple[str, str] | None = None,
        always: bool = False,
        **levers: float,
    ) -> Scenario:
        """The same chain with levers elsewhere, decided at a moment: the chain before it is the chain as it was.

        Parameters
        ----------
        week : from this week on; silent = week 0, the first reported week
        organisation : name or names; silent = the whole chain, except organisations that have a lever of their own
        between : two organisations; the levers are agreed for the relation of these two (frame, trust_in_persons,
            trust_in_agreements)
        always : True = so it has been since the burn-in, instead of decided at a moment
        levers : lever = value in [0, 1]

        Raises
        ------
        InputError
            unknown lever or organisation (with the nearest), value out of range, week outside the run, a lever that is
            no lever of a relation, ``between`` others than two organisations with a link, ``always`` together with a
            week or a relation
        """
        if between is not None and (
            organisation is not None or not isinstance(between, tuple | list) or len(between) != 2
        ):
            raise InputError([Problem("error.between_two", "between", {"given": excerpt(between)})])
        names = (organisation,) if isinstance(organisation, str) else tuple(organisation or between or ())
        _refuse(self._unknown(names))
        read = _levers(levers, names[0] if len(names) == 1 else "")
        if not read:
            return self
        if always and (week is not None or between is not None):
            raise InputError([Problem("error.always_at_a_moment", "always", {"given": "always"})])
        if always:
            return self._always(names, read)
        moment = 0 if week is None else week
        if between is not None:
            changes = [{"week": moment, "organisation": names[:1], "partner": names[1], "levers": read}]
        else:
            changes = self._decisions(moment, names, read)
        made = tuple(read_model(Change, change) for change in changes)
        _refuse(problem for change in made for problem in checks.outside_run(self, change, "week"))
        return self._with(calendar=(*self.calendar, *made))

    def _decisions(self, week: int, names: tuple[str, ...], read: dict[str, Lever]) -> list[dict[str, Any]]:
        """Changes of the calendar; without names one per group of levers that the same organisations have of their own."""
        if names:
            return [{"week": week, "organisation": names, "levers": read}]
        groups: dict[tuple[str, ...], dict[str, Lever]] = {}
        for name, lever in read.items():
            own = [part.id for part in self.organisations if name in part.levers]
            others = tuple(part.id for part in self.organisations if part.id not in own) if own else ()
            if not own or others:
                groups.setdefault(others, {})[name] = lever
        return [{"week": week, "organisation": others, "levers": group} for others, group in groups.items()]

    def _always(self, names: tuple[str, ...], read: dict[str, Lever]) -> Scenario:
        if not names:
            return self._with(levers={**self.levers, **read})
        return self._with(
            organisations=tuple(
                part.model_copy(update={"levers": {**part.levers, **read}}) if part.id in names else part
                for part in self.organisations
            )
        )

    def with_changes(self, *changes: Change | Mapping[str, Any]) -> Scenario:
        """The same chain with changes added to its calendar, as they are written in a file."""
        return self._with(calendar=(*self.calendar, *changes))

    def with_context(self, capacity: float | None = None, non_standard: float | None = None) -> Scenario:
        """The same chain in other circumstances; what is None stays as it is.

        Parameters
        ----------
        capacity : hours available, as a multiple of what the organisations have, in [0.1, 3]
        non_standard : share of non-standard cases in every case type, in [0, 1]
        """
        given = {"capacity": capacity, "non_standard": non_standard}
        kept = self.context.model_dump() | {name: value for name, value in given.items() if value is not None}
        return self._with(context=kept)

    def with_parameters(self, **values: float) -> Scenario:
        """The same chain with other numbers of the model; names and ranges are those of the table of parameters."""
        return self._with(parameters={**self.parameters, **values})

    def with_policy(self, name: str, **values: float) -> Scenario:
        """The same chain under a steering policy.

        Parameters
        ----------
        name : one of ``foundation.parameters.POLICIES``
        values : parameters of the policies, with or without ``policy_`` in front
        """
        named = {key if key in BY_NAME else POLICY_PREFIX + key: value for key, value in values.items()}
        return self._with(policy=name, parameters={**self.parameters, **named})

    def with_events(self, *events: Event | Mapping[str, Any]) -> Scenario:
        """The same chain with these events instead of its own; none = a history without events."""
        return self._with(events=events)

    def with_weeks(self, weeks: int) -> Scenario:
        """The same chain over another number of reported weeks; what begins after the end is left out."""
        length = self._with(events=(), calendar=(), weeks=weeks).weeks
        return self._with(
            weeks=length,
            events=tuple(part for part in self.events if self.week_of(part) < length),
            calendar=tuple(part for part in self.calendar if self.week_of(part) < length),
        )

    def _with(self, **parts: Any) -> Scenario:
        fields = type(self).model_fields
        own = {field.alias or name: getattr(self, name) for name, field in fields.items()}
        return checked({**own, **parts})

    def _unknown(self, names: Sequence[str]) -> Iterator[Problem]:
        known = tuple(part.id for part in self.organisations)
        for name in names:
            if name not in known:
                facts = {"given": excerpt(name), "allowed": known, **nearest(name, known)}
                yield Problem("error.unknown_organisation", "organisation", facts)


def checked(data: Mapping[str, Any]) -> Scenario:
    """A scenario from a mapping as in a file.

    Raises
    ------
    InputError
        with every problem that was found: first those of shape, then those of meaning
    """
    return read_model(Scenario, data)


def _refuse(problems: Iterable[Problem]) -> None:
    if wrong := list(problems):
        raise InputError(wrong)


def _levers(levers: Mapping[str, float], prefix: str) -> dict[str, Lever]:
    try:
        return READ_LEVERS.validate_python(dict(levers))
    except ValidationError as error:
        raise InputError(
            [Problem(problem.key, dotted(prefix, problem.path), problem.facts) for problem in problems_of(error, Lever)]
        ) from None
