"""Claims about what is told of a round before it begins."""

from __future__ import annotations

from tests.workshop.small import EVERYTHING, ROUND, plan, room, went_on

from ketensim.workshop.web.room_facts import events_ahead

CUT = {"type": "financial_cut", "week": 2, "weeks": 13, "size": 0.05, "label": {"nl": "Een bezuiniging", "en": "A cut"}}
INCIDENT = {"type": "incident", "week": 3, "size": 0.6, "label": {"nl": "Een incident", "en": "An incident"}}


def test_a_cut_is_told_to_all_and_an_incident_to_the_facilitator_only_until_the_year_runs():
    rounds = [{"open": EVERYTHING, "events": [CUT, INCIDENT]}, *[{"open": EVERYTHING}] * 2]
    lobby = room(plan(rounds=rounds))
    predicting, deciding, running = (went_on(lobby, times) for times in (1, 2, 3))
    assert events_ahead(lobby, "nl", surprise=False) == []
    for one in (predicting, deciding):
        assert events_ahead(one, "nl", surprise=False) == ["Een bezuiniging"]
        assert events_ahead(one, "en", surprise=True) == ["An incident"]
    assert events_ahead(running, "nl", surprise=False) == events_ahead(running, "nl", surprise=True) == []
    assert events_ahead(went_on(running, ROUND - 2), "nl", surprise=False) == [], "another round, other news"
