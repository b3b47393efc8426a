"""The table of events: one default per kind, which app and workshop share."""

from __future__ import annotations

import re

import pytest
from tests.conftest import scenario_of, small

from ketensim.app.explore.moves import otherwise
from ketensim.app.setting import ExtraEvent, Setting
from ketensim.app.setting import scenario_of as scenario_of_setting
from ketensim.foundation.events import EVENTS, SAID, EventKind
from ketensim.workshop.web.facilitator.plan_form import MINUTES, PART_OF_ROUND, plan_of

LABEL = {"nl": "x", "en": "x"}


def by_kind(row: EventKind) -> str:
    return row.name


@pytest.mark.parametrize("row", EVENTS, ids=by_kind)
def test_the_default_of_a_kind_is_an_event_that_a_scenario_accepts(row: EventKind) -> None:
    assert row.lower <= row.size <= row.upper
    assert row.says <= set(SAID)
    event = {"type": row.name, "week": 3, "size": row.size, "weeks": row.weeks, "label": LABEL}
    assert scenario_of(small(events=[event])).events[0].weeks.value == row.weeks


@pytest.mark.parametrize("row", EVENTS, ids=by_kind)
def test_the_app_adds_an_event_as_large_and_as_long_as_the_table_says(row: EventKind) -> None:
    setting = otherwise(Setting(chain="reference", quiet=True), {"add_event": {"kind": row.name, "year": 2}})
    (event,) = scenario_of_setting(setting).events
    assert (event.size.value, event.weeks.value) == (row.size, row.weeks)


@pytest.mark.parametrize("row", EVENTS, ids=by_kind)
def test_the_workshop_adds_an_event_as_large_and_as_long_as_the_table_says(row: EventKind) -> None:
    assert row.name in PART_OF_ROUND
    minutes = {f"minutes_{name}_{place}": ["2"] for name in MINUTES for place in range(3)}
    form = {"plan": ["minutes_60"], "chain": ["reference"], "rounds": ["3"], "tables": ["1"], "team_size": ["2"]}
    form |= {"days": ["30"], "language": ["nl"], "minutes_lobby": ["5"], "minutes_debrief": ["10"], "weeks": ["52"]}
    rounds = {f"open_{place}": ["room"] for place in range(3)} | {"event_0": [row.name]}
    (event,) = plan_of({**form, **minutes, **rounds}).rounds[0].events
    assert (event.size.value, event.weeks.value) == (row.size, row.weeks)
    for label in (event.label.nl, event.label.en):  # words say no other length
        assert re.findall(r"\d+", label) in ([], [str(row.weeks)]) and "{" not in label


def test_an_event_may_last_otherwise_than_its_kind_and_a_link_says_so() -> None:
    setting = Setting(chain="reference", events=(ExtraEvent("incident", 26, 0.9, 8),))
    assert "incident%3A26%3A0.9%3A8" in setting.query
    assert scenario_of_setting(setting).events[-1].weeks.value == 8
