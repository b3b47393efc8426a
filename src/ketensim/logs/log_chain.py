"""From a log to a scenario: every number says whether it comes from the log, is assumed, or is for people to say.

A log tells who had which case when. It does not tell how many hours people work on a case, how hard cases are, what was
done well, or how people steer, agree and trust. Those numbers are assumptions here, and the ketenscan asks for the levers.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from typing import Any, Final

import numpy as np

from ketensim.logs.log_shares import LogShares
from ketensim.logs.log_weeks import LogWeeks
from ketensim.scenario.fields import short_name
from ketensim.scenario.numbers import Text

HOURS: Final = (
    8  # per visit: one working day. Only capacity in cases is known; hours and people go up and down together
)
NON_STANDARD: Final = 0.3
DROP_AFTER: Final = 104
MOST_BURN_IN: Final = 260
LEAST_BURN_IN: Final = 52
ROUND_BURN_IN: Final = 13
BUSY: Final = 150  # cases per week that are simulated one by one; a larger log becomes a chain on a smaller scale
SCALES: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000)
FROM_LOG: Final = "log"  # key of the source
OTHERS: Final = {"organisations": "Overige", "case_types": "Overige zaken"}
Say = Callable[..., Text]
Data = dict[str, Any]


def scale_of(shares: LogShares) -> int:
    """How many cases of the log one case of the chain stands for."""
    total = float(shares.arrivals.sum())
    return next((scale for scale in SCALES if total / scale <= BUSY), SCALES[-1])


def short_names_of(log: LogWeeks) -> tuple[list[str], list[str]]:
    """Short names of the organisations and case types of a chain; different ones, that can be used in commands."""
    organisations = _short(log.organisations, OTHERS["organisations"], "Organisatie")
    return organisations, _short(log.types, OTHERS["case_types"], "Zaaktype")


def _short(names: tuple[str, ...], others: str, otherwise: str) -> list[str]:
    found: list[str] = []
    for number, name in enumerate(names, 1):
        short = short_name(name) if name else others
        short = short or f"{otherwise} {number}"
        short = f"{short} .".strip(" .") if short == "value" else short
        unique, again = short, 2
        while unique in found or unique == "value":
            unique, again = f"{short[:55]} {again}", again + 1
        found.append(unique)
    return found


def content_of(log: LogWeeks, shares: LogShares, stay: np.ndarray, fte: np.ndarray, say: Say, file: str) -> Data:
    """The content of a scenario file, without figures to compare with.

    Parameters
    ----------
    log, shares : the log and what was counted in it
    stay : whole weeks, [organisation, type]
    fte : posts, [organisation]
    say : makes a text of a key under ``log.chain`` in all languages
    file : name of the list, for the title
    """
    organisations, types = short_names_of(log)
    scale = scale_of(shares)
    until = log.start + datetime.timedelta(weeks=log.weeks, days=-1)
    facts = {"file": file, "since": log.start, "until": until, "cases": int(log.within.sum())}
    lead = np.nanmax(shares.lead) if np.isfinite(shares.lead).any() else 0.0
    burn_in = int(np.clip(np.ceil(2 * lead / ROUND_BURN_IN) * ROUND_BURN_IN, LEAST_BURN_IN, MOST_BURN_IN))
    return {
        "title": say("title", **facts),
        "summary": say("summary_scale" if scale > 1 else "summary", scale=scale, organisations=len(organisations),
                       types=len(types), **facts),
        "look_at": say("look_at"),
        "try": say("try"),
        "note": say("assumed"),
        "start": log.start,
        "weeks": log.weeks,
        "burn_in": burn_in,
        "sources": {FROM_LOG: {"text": say("source", **facts).nl, "tag": "L"}},
        "organisations": [
            _organisation(log, shares, place, name, types, stay[place], float(fte[place]), say)
            for place, name in enumerate(organisations)
        ],
        "case_types": [
            _case_type(log, shares, kind, name, organisations, scale, say) for kind, name in enumerate(types)
        ],
        "links": list(_links(shares, organisations, types, say)),
        "events": list(_waves_of_types(shares, types, burn_in, log.weeks, say)),
    }  # fmt: skip


def counted(value: float, certainty: str = "high", note: Text | None = None) -> Data:
    """A number from the log."""
    found: Data = {"value": value, "source": FROM_LOG, "certainty": certainty}
    return found if note is None else {**found, "note": note}


def norms_of(shares: LogShares) -> np.ndarray:
    """Weeks within which a case has to be done, [type]: from deadlines, else within which three quarters were closed."""
    weeks = np.where(np.isfinite(shares.norm), shares.norm, np.nan_to_num(shares.lead, nan=1.0))
    return np.clip(np.round(weeks), 1, 2000)


def _organisation(
    log: LogWeeks, shares: LogShares, place: int, name: str, types: list[str], stay: np.ndarray, fte: float, say: Say
) -> Data:
    label = log.organisations[place]
    come = [kind for kind in range(len(types)) if shares.visits[place, kind] > 0 or shares.entry[kind, place] > 0]
    return {
        "id": name,
        "label": {"nl": label[:200], "en": label[:200]} if label else say("other_organisations", number=log.grouped[0] + 1),
        "fte": counted(round(float(np.clip(fte, 0.1, 2000)), 2), "low", say("fte")),
        "hours_per_case": {"value": HOURS, "note": say("hours", hours=HOURS)},
        "stay": {types[kind]: counted(int(min(520, round(stay[kind]))), "medium") for kind in come or range(len(types))},
    }  # fmt: skip


def _case_type(
    log: LogWeeks, shares: LogShares, kind: int, name: str, organisations: list[str], scale: int, say: Say
) -> Data:
    label = log.types[kind]
    weeks, known = int(norms_of(shares)[kind]), np.isfinite(shares.norm[kind])
    entry = {
        organisations[place]: counted(round(float(share), 4))
        for place, share in enumerate(shares.entry[kind])
        if share > 0
    }
    together = log.grouped[1] + 1
    others = say("other_types", number=together) if together else say("type_not_stated")
    first = max(entry, key=lambda place: entry[place]["value"])
    entry[first]["value"] = round(1.0 - sum(part["value"] for place, part in entry.items() if place != first), 4)
    return {
        "id": name,
        "label": {"nl": label[:200], "en": label[:200]} if label else others,
        "arrivals": counted(round(float(shares.arrivals[kind]) / scale, 3)),
        "entry": entry,
        "non_standard": {"value": NON_STANDARD, "note": say("non_standard")},
        "norm": counted(weeks, "high") if known else {"value": weeks, "note": say("norm")},
        "drop_after": {"value": int(min(2000, max(DROP_AFTER, 2 * weeks))), "note": say("drop_after")},
    }


def _links(shares: LogShares, organisations: list[str], types: list[str], say: Say) -> Iterator[Data]:
    for source, giver in enumerate(organisations):
        for target, receiver in enumerate(organisations):
            share = shares.route[:, source, target]
            if source == target or not share.any():
                continue
            # down, so that shares that add up to one stay below it
            numbers = {
                name: counted(float(np.floor(part * 1e4) / 1e4))
                for name, part in zip(types, share, strict=True)
                if part > 0
            }
            back = float(shares.returns[source, target])
            link: Data = {"from": giver, "to": receiver, "share": numbers}
            if back >= 0.05:
                link["note"] = say("returns", share=back)
            yield link


def _waves_of_types(shares: LogShares, types: list[str], burn_in: int, weeks: int, say: Say) -> Iterator[Data]:
    for name, sizes in zip(types, shares.waves, strict=True):
        if not sizes:
            continue
        first, *following = sizes
        common: Data = {
            "type": "arrival_wave", "case_type": name, "source": FROM_LOG, "label": say("waves", case_type=name),
            "note": say("waves_note", weeks=shares.wave_weeks),
        }  # fmt: skip
        if first:
            yield {**common, "week": -burn_in, "weeks": burn_in, "size": first}
        yield {**common, "week": 0, "weeks": shares.wave_weeks, "size": first, "then": following}
        rest = weeks - shares.wave_weeks * len(sizes)
        if rest > 0:
            yield {**common, "week": weeks - rest, "weeks": rest, "size": sizes[-1]}
