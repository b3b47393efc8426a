"""Hours per visit, which no list of cases holds: the chain scan asks them for a chain that was made of one.

Of a list only hours and people together can be known. So where somebody says how many hours a visit takes, the number of
posts goes along by the same factor: as busy as the list says, with the number of people that then follows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ketensim.app.own import building
from ketensim.app.own.building import Data
from ketensim.scenario.parts import HOURS, POSTS, Organisation
from ketensim.scenario.schema import Scenario
from ketensim.texts import LANGUAGES, t
from ketensim.views.report.evidence import origin_of

ASKED: Final = "asked"  # key of the source


def hours_now(scenario: Scenario) -> dict[str, float]:
    """Hours per visit of each organisation that can be asked about: of a chain from a list, the same for all its cases."""
    if origin_of(scenario.indicators) != "listed":
        return {}
    return {
        part.id: part.hours_per_case.all_types.value
        for part in scenario.organisations
        if part.hours_per_case.all_types is not None
    }


def origin_of_hours(organisation: Organisation) -> str:
    """Whether the hours of an organisation are ``asked`` or ``assumed``."""
    hours = organisation.hours_per_case.all_types
    return ASKED if hours is not None and hours.source is not None else "assumed"


def posts_with(scenario: Scenario, organisation: str, hours: float) -> float:
    """How many posts an organisation then has: as busy as it is now."""
    (part,) = (part for part in scenario.organisations if part.id == organisation)
    return _posts(part.fte.value, hours / hours_now(scenario)[organisation])


def hours_that_can_be(hours: Any) -> bool:
    """Whether somebody gave a number of hours that a chain can have."""
    return isinstance(hours, int | float) and not isinstance(hours, bool) and HOURS.lower <= hours <= HOURS.upper


def with_hours(data: Data, scenario: Scenario, hours: Mapping[str, float]) -> Data:
    """The content with hours that were asked, and the posts that go with them; at each number stands that it was asked.

    Parameters
    ----------
    data : content of the file of ``scenario``
    hours : by organisation; of those that cannot be asked about nothing changes
    """
    before = hours_now(scenario)
    for place, part in enumerate(scenario.organisations):
        if part.id not in before or part.id not in hours:
            continue
        number = {"value": hours[part.id], "source": ASKED, "certainty": "medium", "note": asked_note()}
        data = building.put(data, ("organisations", place, "hours_per_case"), number)
        posts = _posts(part.fte.value, hours[part.id] / before[part.id])
        written = building.value_at(data, ("organisations", place, "fte"))
        told = {**written, "value": posts} if isinstance(written, dict) else posts
        data = building.put(data, ("organisations", place, "fte"), told)
        data = building.put(data, ("sources", ASKED), {"text": t("scan.asked_source", LANGUAGES[0]), "tag": "M:m"})
    return data


def asked_note() -> dict[str, str]:
    """What stands in a file at a number that was asked, in all languages."""
    return {language: t("scan.asked", language) for language in LANGUAGES}


def _posts(before: float, factor: float) -> float:
    return round(min(POSTS.upper, max(POSTS.lower, before * factor)), 2)
