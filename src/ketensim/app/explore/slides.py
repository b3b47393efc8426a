"""Slides: what a setting does to the goal, as plain values for one picture that can stand alone in a presentation."""

from __future__ import annotations

import datetime
from typing import Any

from ketensim.app.explore.computing import Preview
from ketensim.app.setting import scenario_of
from ketensim.texts import t
from ketensim.views.drawing.palette import LEDGER_COLOURS
from ketensim.views.report.conclusions import QUARTER

Slide = dict[str, Any]


def slide_of(preview: Preview, name: str, language: str) -> Slide:
    """A slide of what is seen, when all its runs are there.

    Parameters
    ----------
    preview : what is seen
    name : what the setting is called
    language : of the words
    """
    scenario = scenario_of(preview.wish.setting)
    words, effect, ledger = scenario.words(language), preview.effect, preview.ledger
    return {
        **{"title": scenario.title.in_language(language), "name": name, "chain": preview.wish.setting.chain},
        **{"start": scenario.start.isoformat(), "length": scenario.weeks, "quarter": QUARTER},
        **{key: effect.get(key) for key in ("now", "before", "change", "later", "judged")},
        **{key: preview.goal[key] for key in ("mean", "p10", "p90")},
        "was": preview.before["mean"] if preview.before else None,
        "headline": t("app.goal.headline", language, **words),
        "rows": [
            {"label": row["label"], "colour": LEDGER_COLOURS[row["name"]], "now": row["now"], "before": row["before"]}
            for row in (ledger["rows"] if ledger else ())
        ],
        "moved": ledger["moved"] if ledger else "",
        "costs": ledger["costs"] if ledger else "",
        "source": t("app.present.source", language, runs=preview.goal["runs"], date=datetime.date.today()),
    }
