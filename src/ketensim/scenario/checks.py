"""What the parts of a scenario mean together: references, shares, flow, time and size. Each check finds problems."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Sequence
from typing import Final

import numpy as np

from ketensim.foundation.errors import Problem
from ketensim.foundation.outcome_table import CASE_TYPE_OUTCOME_NAMES, ORGANISATION_OUTCOME_NAMES, OUTCOME_NAMES
from ketensim.scenario import flow
from ketensim.scenario.content import Content, Indicator
from ketensim.scenario.parts import Change, Event, Link, Timed
from ketensim.scenario.problems import excerpt, nearest
from ketensim.scenario.provenance import figures

MOST: Final = {
    "organisations": 200,
    "case_types": 16,
    "links": 2000,
    "arrivals": 2000,  # cases/week
    "weeks": 2000,  # burn-in included
    "calendar": 2000,
    "events": 2000,
}
MOST_IN_A_WEEK: Final = 32_000  # expected cases of one type, waves included: a case's number in its week has 16 bits
MOST_VISITS: Final = 100  # of one case; above it a chain is a circle in all but name
SUM_ROUNDING: Final = 1e-6
DAYS: Final = 7


def problems(content: Content) -> list[Problem]:
    """Everything that is wrong with the meaning of a scenario, in stages: a later stage needs the earlier ones right."""
    for stage in STAGES:
        wrong = [problem for check in stage for problem in check(content)]
        if wrong:
            return wrong
    return []


def week_of(content: Content, timed: Timed) -> int:
    """Week in which something happens; week 0 is the first reported week."""
    if timed.date is not None:
        return week_of_date(content, timed.date)
    return 0 if timed.week is None else timed.week


def week_of_date(content: Content, date: datetime.date) -> int:
    """Week that holds a date; week 0 starts on the scenario's start date."""
    return (date - content.start).days // DAYS


# --- size ----------------------------------------------------------------------------------------------------------
def _size(content: Content) -> Iterator[Problem]:
    size: dict[str, float] = {
        "organisations": len(content.organisations),
        "case_types": len(content.case_types),
        "links": len(content.links),
        "arrivals": sum(case_type.arrivals.value for case_type in content.case_types),
        "weeks": content.weeks + content.burn_in,
        "calendar": len(content.calendar),
        "events": sum(len(event.sizes) for event in content.events),
    }
    for what, given in size.items():
        if given > MOST[what]:
            path = "case_types" if what == "arrivals" else what
            yield Problem("error.too_many", path, {"what": what, "given": given, "allowed": MOST[what]})


def _calendar_years(content: Content) -> Iterator[Problem]:
    """The burn-in and the weeks lie in the years 1 to 9999, which is what a date can say."""
    first, last = datetime.date.min.toordinal(), datetime.date.max.toordinal()
    day = content.start.toordinal()
    if not (first <= day - DAYS * content.burn_in and day + DAYS * (content.weeks + 1) <= last):
        facts = {"given": content.start, "lower": datetime.date.min.year, "upper": datetime.date.max.year}
        yield Problem("error.outside_calendar", "start", facts)


def _empty(content: Content) -> Iterator[Problem]:
    if not content.organisations:
        yield Problem("error.no_organisations", "organisations")
    if not content.case_types:
        yield Problem("error.no_case_types", "case_types")
    elif not any(case_type.arrivals.value for case_type in content.case_types):
        yield Problem("error.no_arrivals", "case_types")
    elif not any(case_type.arrivals.value for case_type in content.case_types if case_type.counts):
        yield Problem("error.nothing_counts", "case_types")


# --- names ---------------------------------------------------------------------------------------------------------
def _duplicates(content: Content) -> Iterator[Problem]:
    for block in ("principals", "organisations", "case_types", "indicators"):
        first: dict[str, str] = {}
        for index, part in enumerate(getattr(content, block)):
            path = f"{block}[{index}]"
            if part.id in first:
                yield Problem("error.duplicate_id", f"{path}.id", {"given": part.id, "first": first[part.id]})
            first.setdefault(part.id, path)


def _known(key: str, path: str, given: str | None, names: Sequence[str]) -> Iterator[Problem]:
    if given is not None and given not in names:
        yield Problem(key, path, {"given": excerpt(given), "allowed": tuple(names), **nearest(given, names)})


def _organisation_names(content: Content) -> Iterator[Problem]:
    names = [organisation.id for organisation in content.organisations]
    for path, given in _mentions(content):
        yield from _known("error.unknown_organisation", path, given, names)


def _mentions(content: Content) -> Iterator[tuple[str, str | None]]:
    """Every place where an organisation is named."""
    for index, link in enumerate(content.links):
        yield f"links[{index}].from", link.source
        yield f"links[{index}].to", link.target
    for index, case_type in enumerate(content.case_types):
        for name in case_type.entry:
            yield f"case_types[{index}].entry.{name}", name
    for block, parts in _timed(content):
        for index, part in enumerate(parts):
            for name in part.organisation:
                yield f"{block}[{index}].organisation", name
    for index, change in enumerate(content.calendar):
        yield f"calendar[{index}].partner", change.partner
    for index, indicator in enumerate(content.indicators):
        yield f"indicators[{index}].organisation", indicator.organisation


def _case_type_names(content: Content) -> Iterator[Problem]:
    names = [case_type.id for case_type in content.case_types]
    for index, event in enumerate(content.events):
        for name in event.case_type:
            yield from _known("error.unknown_case_type", f"events[{index}].case_type", name, names)
    for index, link in enumerate(content.links):
        for name in link.share.by_type if link.share is not None else ():
            yield from _known("error.unknown_case_type", f"links[{index}].share.{name}", name, names)
    for index, indicator in enumerate(content.indicators):
        path = f"indicators[{index}].case_type"
        yield from _known("error.unknown_case_type", path, indicator.case_type, names)
        if indicator.case_type is not None and indicator.organisation is not None:
            yield Problem("error.organisation_and_case_type", path, {"given": excerpt(indicator.case_type)})
    for index, organisation in enumerate(content.organisations):
        for block in ("hours_per_case", "stay"):
            for name in getattr(organisation, block).by_type:
                path = f"organisations[{index}].{block}.{name}"
                yield from _known("error.unknown_case_type", path, name, names)


def _principal_names(content: Content) -> Iterator[Problem]:
    names = [principal.id for principal in content.principals]
    for index, organisation in enumerate(content.organisations):
        path = f"organisations[{index}].principal"
        yield from _known("error.unknown_principal", path, organisation.principal, names)


def _source_names(content: Content) -> Iterator[Problem]:
    names = list(content.sources)
    for path, figure, *_ in figures("", content):
        yield from _known("error.unknown_source", f"{path}.source", figure.source, names)
    for index, event in enumerate(content.events):
        yield from _known("error.unknown_source", f"events[{index}].source", event.source, names)


def _indicators(content: Content) -> Iterator[Problem]:
    for index, indicator in enumerate(content.indicators):
        path = f"indicators[{index}]"
        if indicator.source is None:
            yield Problem("error.indicator_without_source", path, {"given": indicator.id})
        yield from _indicator(path, indicator)


def _indicator(path: str, indicator: Indicator) -> Iterator[Problem]:
    names = OUTCOME_NAMES if indicator.organisation is None else ORGANISATION_OUTCOME_NAMES
    names = names if indicator.case_type is None else CASE_TYPE_OUTCOME_NAMES
    yield from _known("error.unknown_outcome", f"{path}.outcome", indicator.outcome, names)
    yield from _known("error.unknown_outcome", f"{path}.per", indicator.per, names)
    since, until = indicator.since, indicator.until
    if since is not None and until is not None and until < since:
        facts = {"since": since.isoformat(), "until": until.isoformat()}
        yield Problem("error.period_reversed", f"{path}.until", facts)


def _timed(content: Content) -> tuple[tuple[str, Sequence[Change | Event]], ...]:
    return ("events", content.events), ("calendar", content.calendar)


# --- links and shares ----------------------------------------------------------------------------------------------
def _links(content: Content) -> Iterator[Problem]:
    first: dict[tuple[str, str], str] = {}
    for index, link in enumerate(content.links):
        path, pair = f"links[{index}]", {"source": link.source, "target": link.target}
        if link.source == link.target:
            yield Problem("error.link_to_itself", path, {"given": link.source})
        if (link.source, link.target) in first:
            yield Problem("error.duplicate_link", path, {**pair, "first": first[link.source, link.target]})
        first.setdefault((link.source, link.target), path)
        if _silent(link) and not link.consultation:
            yield Problem("error.link_without_share", path, pair)
        if link.consultation and not _silent(link):
            yield Problem("error.consultation_with_share", f"{path}.share", pair)


def _relations(content: Content) -> Iterator[Problem]:
    """Two organisations agree on something only where they have a link with each other."""
    for index, change in enumerate(content.calendar):
        partners = _partners(content, *change.organisation[:1])
        if change.partner is not None and change.partner not in partners:
            named = {"given": change.partner, "organisation": change.organisation[0]}
            yield Problem("error.no_relation", f"calendar[{index}].partner", {**named, "allowed": partners})


def _partners(content: Content, name: str = "") -> tuple[str, ...]:
    """Organisations that an organisation has a link with, in either direction."""
    pairs = [(link.source, link.target) for link in content.links]
    met = [other for source, target in pairs for one, other in ((source, target), (target, source)) if one == name]
    return tuple(dict.fromkeys(met))


def _silent(link: Link) -> bool:
    return link.share is None or (link.share.all_types is None and not link.share.by_type)


def _share_sums(content: Content) -> Iterator[Problem]:
    total = flow.routes(content).sum(axis=2)
    for kind, place in np.argwhere(total > 1 + flow.ROUNDING):
        facts = {
            "organisation": content.organisations[place].id,
            "case_type": content.case_types[kind].id,
            "given": round(float(total[kind, place]), 6),
        }
        last = max(i for i, link in enumerate(content.links) if link.source == facts["organisation"])
        yield Problem("error.share_sum_above_one", f"links[{last}].share", facts)


def _entry_sums(content: Content) -> Iterator[Problem]:
    for index, case_type in enumerate(content.case_types):
        total = sum(share.value for share in case_type.entry.values())
        if abs(total - 1) > SUM_ROUNDING:
            facts = {"case_type": case_type.id, "given": round(total, 6)}
            yield Problem("error.entry_sum", f"case_types[{index}].entry", facts)


# --- flow ----------------------------------------------------------------------------------------------------------
def _unreachable(content: Content) -> Iterator[Problem]:
    arriving = np.array([case_type.arrivals.value > 0 for case_type in content.case_types])
    reached = flow.reachable(content)[arriving].any(axis=0)
    consulted = {name for link in content.links if link.consultation for name in (link.source, link.target)}
    in_flow = {name for link in content.links if not link.consultation for name in (link.source, link.target)}
    for index, organisation in enumerate(content.organisations):
        only_consulted = organisation.id in consulted - in_flow
        if not reached[index] and not only_consulted:
            facts = {"organisation": organisation.id}
            yield Problem("error.unreachable_organisation", f"organisations[{index}]", facts)


def _circles(content: Content) -> Iterator[Problem]:
    route, reachable = flow.routes(content), flow.reachable(content)
    for kind, case_type in enumerate(content.case_types):
        leaves = flow.reached_from(flow.closing(route[kind]) > 0, (route[kind] > 0).T)
        stuck = np.flatnonzero(reachable[kind] & ~leaves)
        if len(stuck):
            names = tuple(content.organisations[place].id for place in stuck)
            facts = {"case_type": case_type.id, "organisations": names}
            yield Problem("error.endless_circle", "links", facts)


def _visits(content: Content) -> Iterator[Problem]:
    visits = flow.expected_visits(content).sum(axis=0)
    for case_type, count in zip(content.case_types, visits, strict=True):
        if not count <= MOST_VISITS:
            facts = {"case_type": case_type.id, "given": round(float(count)), "allowed": MOST_VISITS}
            yield Problem("error.too_many_visits", "links", facts)


def _hours(content: Content) -> Iterator[Problem]:
    for kind, place in np.argwhere(flow.reachable(content)):
        organisation, case_type = content.organisations[place], content.case_types[kind]
        if organisation.hours_per_case.of(case_type.id) is None:
            facts = {"organisation": organisation.id, "case_type": case_type.id}
            yield Problem("error.missing_hours", f"organisations[{place}].hours_per_case", facts)


# --- time ----------------------------------------------------------------------------------------------------------
def _times(content: Content) -> Iterator[Problem]:
    for block, parts in _timed(content):
        for index, part in enumerate(parts):
            yield from outside_run(content, part, f"{block}[{index}].{'week' if part.date is None else 'date'}")


def outside_run(content: Content, timed: Timed, path: str) -> Iterator[Problem]:
    """A problem when something happens before the burn-in or after the last week."""
    week = week_of(content, timed)
    if not -content.burn_in <= week < content.weeks:
        yield Problem("error.outside_run", path, {"given": week, "lower": -content.burn_in, "upper": content.weeks - 1})


def _waves(content: Content) -> Iterator[Problem]:
    """Waves that overlap multiply; together they may not bring more cases than a week can number."""
    for case_type in content.case_types:
        periods = list(_periods(content, case_type.id))
        for week in sorted({first for first, _, _ in periods}):  # the busiest week is one in which a period begins
            expected = case_type.arrivals.value
            for first, last, size in periods:
                expected *= 1 + size if first <= week < last else 1
            if expected > MOST_IN_A_WEEK:
                facts = {"case_type": case_type.id, "week": week, "given": expected, "allowed": MOST_IN_A_WEEK}
                yield Problem("error.waves_too_large", "events", facts)
                break


def _periods(content: Content, case_type: str) -> Iterator[tuple[int, int, float]]:
    """First week, week after the last, and size of every wave of a case type."""
    for event in content.events:
        if event.type == "arrival_wave" and (not event.case_type or case_type in event.case_type):
            first, weeks = week_of(content, event), int(event.weeks.value)
            for number, size in enumerate(event.sizes):
                yield first + number * weeks, first + (number + 1) * weeks, size


def _norms(content: Content) -> Iterator[Problem]:
    for index, case_type in enumerate(content.case_types):
        norm, drop_after = case_type.norm.value, case_type.drop_after.value
        if norm > drop_after:
            facts = {"norm": norm, "drop_after": drop_after}
            yield Problem("error.norm_above_drop", f"case_types[{index}].norm", facts)


Check = Callable[[Content], Iterator[Problem]]
STAGES: Final[tuple[tuple[Check, ...], ...]] = (
    (_size, _empty, _calendar_years),
    (_duplicates, _organisation_names, _case_type_names, _principal_names, _source_names, _indicators),
    (_links, _relations, _share_sums, _entry_sums, _times, _waves, _norms),
    (_unreachable, _circles, _hours),
    (_visits,),
)
