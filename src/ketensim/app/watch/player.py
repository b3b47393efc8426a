"""A film as the watch page reads it: plain values in one text, every sentence made here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ketensim.app.watch.film import RUNS, Film, Ranking
from ketensim.app.watch.layout import SHAPES, stage
from ketensim.chain.administrators import ASK_FOR_REPORTS, HOLD_BACK, TAKE_OVER, UNBLOCK
from ketensim.texts import t
from ketensim.views.report.conclusions import sentences

QUARTER: Final = 13  # weeks over which the curve is smoothed: one run is restless
CASES_A_WEEK: Final = 14  # dots that travel in a week of usual size, over all links together
LEAST_FULL: Final = 4.0  # weeks of work that fill an organisation, at least
NEARLY_ALL: Final = 0.98
ACTS: Final = {HOLD_BACK: "hold_back", ASK_FOR_REPORTS: "ask", TAKE_OVER: "take_over", UNBLOCK: "unblock"}
ROUND: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)


def film_as_text(film: Film, ranking: Ranking, language: str) -> str:
    """The film as one text for the page, some hundred kilobytes at most."""
    number = film.replication
    ends = [(int(link.source), int(link.target)) for link in film.chain.link]
    content = {
        "title": film.scenario.title.in_language(language),
        "start": film.scenario.start.isoformat(),
        "weeks": film.weeks,
        "stages": {name: stage(film.scenario, ends, language, name) for name in SHAPES},
        "organisations": [_organisation(film, place, language) for place in range(film.counted.shape[1])],
        "links": [_link(film, place) for place in range(film.link.shape[1])],
        "goal": _shares(smoothed(film.goal)),
        "known": film.known.tolist(),
        "open": np.rint(film.organisation["present"][1:].sum(axis=1)).astype(int).tolist(),
        "per_dot": per_dot(film),
        "full": full(film),
        "run": _called(ranking, number, film.scenario.words(language), language),
        "rank": t("watch.rank", language, place=ranking.place(number), of=RUNS),
    }
    return json.dumps(content, separators=(",", ":"), allow_nan=False)


def reasons(film: Film, week: int, organisation: int, language: str) -> list[str]:
    """Why an organisation changed in a week, a sentence per reason."""
    return sentences(film.explained(week, organisation), language, film.scenario.words(language))


def smoothed(goal: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean over the last quarter of arrivals, not-a-number where nothing is known.

    Examples
    --------
    >>> smoothed(np.array([0.5, 0.7, np.nan])).round(2).tolist()
    [0.5, 0.6, nan]
    """
    known = ~np.isnan(goal)
    number, total = np.cumsum(known), np.cumsum(np.where(known, goal, 0.0))
    number[QUARTER:] -= number[:-QUARTER].copy()
    total[QUARTER:] -= total[:-QUARTER].copy()
    return np.where(known, total / np.maximum(number, 1), np.nan)


def per_dot(film: Film) -> int:
    """How many cases one dot stands for."""
    usual = float(film.link["accepted"].sum()) / film.weeks
    return next((size for size in ROUND if size >= usual / CASES_A_WEEK), ROUND[-1])


def full(film: Film) -> float:
    """Weeks of work at which an organisation is drawn full; the same for all, so that they can be compared."""
    work = film.counted["weeks_of_work"]
    work = work[np.isfinite(work)]
    return float(round(max(LEAST_FULL, float(np.quantile(work, NEARLY_ALL))))) if len(work) else LEAST_FULL


def _called(ranking: Ranking, number: int, words: Mapping[str, str], language: str) -> str:
    share = float(ranking.goal[number])
    key = "watch.run_unknown" if np.isnan(share) else "watch.run"
    return t(key, language, number=number + 1, of=RUNS, share=share, **words)


def _organisation(film: Film, place: int, language: str) -> dict[str, Any]:
    organisation, counted = film.organisation[1:, place], film.counted[:, place]
    return {
        "name": film.scenario.organisations[place].label.in_language(language),
        "free": not film.chain.profile[place].instructable,
        "came": film.arrivals[:, place].tolist(),
        **{name: _whole(organisation[name]) for name in ("waiting", "staff", "served", "closed", "realised")},
        "overseen": _whole(np.where(organisation["overseen"] > 0, organisation["overseen_weeks"], 0)),
        "work": [round(float(value), 1) if np.isfinite(value) else None for value in counted["weeks_of_work"]],
        **{name: _shares(organisation[name]) for name in ("trust", "trust_vertical", "motivation")},
        "acts": {str(week): ACTS[int(act)] for week, act in enumerate(organisation["choice"]) if int(act) in ACTS},
        "incidents": _moments(organisation["incidents"]),
        "administrators": _moments(organisation["new_administrator"]),
    }


def _link(film: Film, place: int) -> dict[str, Any]:
    where = film.chain.link[place]
    counts = {name: _whole(film.link[name][:, place]) for name in ("accepted", "returned", "refused")}
    ends = {"source": int(where.source), "target": int(where.target), "talk": bool(where.consultation)}
    return {**ends, **counts, "trust": _shares(film.trust[:, place])}


def _shares(values: NDArray[np.float64]) -> list[int | None]:
    """Shares as whole hundredths, which is what a page can show."""
    return [None if np.isnan(value) else round(100 * float(value)) for value in values]


def _whole(values: NDArray[Any]) -> list[int]:
    whole: list[int] = np.rint(np.asarray(values, dtype=float)).astype(int).tolist()
    return whole


def _moments(values: NDArray[np.int64]) -> dict[str, int]:
    return {str(week): int(value) for week, value in enumerate(values) if value}
