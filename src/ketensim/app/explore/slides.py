"""Slides: what a setting does to the goal, as plain values for one picture that can stand alone in a presentation."""

from __future__ import annotations

import datetime
from typing import Any, Final

from ketensim.app.explore.computing import Preview
from ketensim.app.setting import Setting, scenario_of
from ketensim.foundation.parameters import LEVER_NAMES
from ketensim.texts import t
from ketensim.views.drawing.palette import LEDGER_COLOURS
from ketensim.views.report.conclusions import QUARTER

Slide = dict[str, Any]
MOST_NAMED: Final = 4  # levers that are named one by one


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


def setting_name(setting: Setting, language: str) -> str:
    """What a setting is called: the levers that stand elsewhere, or how many do."""
    if not setting.levers:
        return t("app.present.as_it_is", language)
    if len(setting.levers) == len(LEVER_NAMES):
        return t("app.levers.whole.all", language)
    if len(setting.levers) > MOST_NAMED:
        return t("app.present.many", language, number=len(setting.levers))
    return ", ".join(f"{t(f'lever.{name}.label', language)} {100 * value:.0f}" for name, value in setting.levers)
