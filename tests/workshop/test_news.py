"""Claims about what is told of a half-year before it begins."""

from __future__ import annotations

from tests.workshop.small import EVERYTHING, plan, room, went_on

from ketensim.workshop.web.phone.phone_snapshot import happens

CUT = {"type": "financial_cut", "week": 2, "weeks": 13, "size": 0.05, "label": {"nl": "Een bezuiniging", "en": "A cut"}}
INCIDENT = {"type": "incident", "week": 3, "size": 0.6, "label": {"nl": "Een incident", "en": "An incident"}}


def test_a_cut_is_told_to_all_and_an_incident_to_the_facilitator_only_until_the_half_year_runs():
    rounds = [{"open": EVERYTHING, "events": [CUT, INCIDENT]}, *[{"open": EVERYTHING}] * 2]
    lobby = room(plan(rounds=rounds))
    predicting, deciding, running = (went_on(lobby, times) for times in (1, 2, 3))
    assert happens(lobby, "nl", surprise=False) == []
    for one in (predicting, deciding):
        assert happens(one, "nl", surprise=False) == ["Een bezuiniging"]
        assert happens(one, "en", surprise=True) == ["An incident"]
    assert happens(running, "nl", surprise=False) == happens(running, "nl", surprise=True) == []
    assert happens(went_on(running, 2), "nl", surprise=False) == [], "another round, other news"
