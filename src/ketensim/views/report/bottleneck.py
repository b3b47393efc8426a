"""Which organisation held the chain up, and why: counted from the results and from what the file asks of it.

The reasons come in two steps. *On paper*: how much of its hours the work takes in calm times (``scenario/workload.py``). *In
the run*: for what hours went away from cases there, in full-time posts, so that an alderman can compare them with staff.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ketensim.foundation.rows import HOURS
from ketensim.scenario.workload import Workload, workload
from ketensim.texts import enumerated, t
from ketensim.views.drawing.layers import flows
from ketensim.views.drawing.reading import Reading
from ketensim.views.report.conclusions import Conclusion

LONG_QUEUE: Final = 2.0  # weeks of work
MANY_BLOCKED: Final = 0.1  # of the open cases
BLOCKED_HERE: Final = 0.1  # of the cases that are at an organisation
TIGHT: Final = 0.85  # utilisation above which queues grow fast by chance alone
TIGHTER: Final = 0.05  # more than the mean of the others
BUSY: Final = 0.95  # utilisation
MORE_THAN_MEAN: Final = 0.03  # share above the mean of the other organisations
OFTEN_OVERSEEN: Final = 0.15  # of the weeks
SMALL_LOSS: Final = 0.02  # of the posts; smaller losses are not told
MOST_LOSSES: Final = 3
CLEAR: Final = 0.4  # correlation over the runs between the queue and a cause
ENOUGH_RUNS: Final = 20  # for a correlation
QUARTER: Final = 0.25  # of the runs
MOSTLY: Final = 0.995  # told as "all runs"
POSTS: Final = "posts"
HELD: Final[Mapping[str, str]] = {
    "politics": "hours_reporting_politics",
    "rework": "hours_rework",
    "formal": "hours_compliance",
}
CAUSES: Final[Mapping[str, int]] = {"staff": -1, "administration_share": 1}  # and which way it works on a queue
MATTERS: Final = 0.03  # of what it is in the runs with the shortest queue
FOR_CASES: Final = ("hours_case_work", "hours_rework", "hours_idle")


@dataclass(frozen=True)
class Bottleneck:
    """The organisation where the chain gets stuck.

    Attributes
    ----------
    organisation : its id
    weeks : weeks of work that wait there, or for it
    reasons : why
    losses : full-time posts that were lost for cases there, by cause, largest first
    often : share of the runs in which it was this organisation; not-a-number with a single run
    by_places : cases wait before it, because it is full
    """

    organisation: str
    weeks: float
    reasons: tuple[Conclusion, ...]
    losses: Mapping[str, float]
    often: float
    by_places: bool = False


def bottleneck_of(reading: Reading) -> Bottleneck | None:
    """The organisation where the chain gets stuck, None when it runs smoothly everywhere."""
    work = workload(reading.scenario)
    full = _fullest(reading, work)
    if full is not None:
        return full
    weeks = weeks_of_work(reading)
    place = int(np.argmax(weeks))
    if weeks[place] < LONG_QUEUE:
        return None
    often = _often(np.argmax(reading.organisation_by_run("weeks_of_work"), axis=1) == place)
    reasons = tuple(_reasons(reading, work, place))
    return Bottleneck(reading.names[place], float(weeks[place]), reasons, lost_posts(reading, place), often)


def bottleneck_conclusions(reading: Reading, bottleneck: Bottleneck | None, language: str) -> Iterator[Conclusion]:
    """Which organisation was the bottleneck, why, and how often; else where most work waited."""
    if bottleneck is None:
        weeks = weeks_of_work(reading)
        place = int(np.argmax(weeks))
        facts = {"organisation": reading.label(reading.names[place], language), "weeks": float(weeks[place])}
        yield Conclusion("report.bottleneck.none", facts)
        return
    facts = {"organisation": reading.label(bottleneck.organisation, language), "weeks": bottleneck.weeks}
    yield Conclusion(f"report.bottleneck.{'places' if bottleneck.by_places else 'work'}", facts)
    yield from bottleneck.reasons
    if bottleneck.losses:
        losses = [t(f"report.loss.{cause}", language, posts=posts) for cause, posts in bottleneck.losses.items()]
        fte = reading.scenario.organisations[reading.names.index(bottleneck.organisation)].fte.value
        yield Conclusion("report.reason.losses", {"losses": enumerated(losses, language), "fte": fte})
    if not np.isnan(bottleneck.often):
        key = "report.often.always" if bottleneck.often >= MOSTLY else "report.often.share"
        yield Conclusion(key, {"share": bottleneck.often})


def weeks_of_work(reading: Reading) -> NDArray[np.float64]:
    """Work that waits at each organisation, in weeks, mean over the run."""
    return reading.organisation_mean("weeks_of_work")


def lost_posts(reading: Reading, place: int) -> dict[str, float]:
    """Full-time posts that were not there for new work on cases at an organisation, by cause, the largest first.

    ``posts`` that stood empty or were cut, reporting that serves ``politics`` only, ``rework``, ``formal`` steering and
    interventions, and ``drift``: own work beyond what was agreed. Small ones are left out.
    """
    organisation = reading.scenario.organisations[place]
    staff = float(reading.organisation_mean("staff")[place])
    hours = {name: float(reading.organisation_mean(name)[place]) for name in HOURS}
    total = max(sum(hours.values()), 1e-9)
    lost = {POSTS: organisation.fte.value - staff}
    lost |= {cause: staff * hours[name] / total for cause, name in HELD.items()}
    agreed = organisation.own_work.value * (hours["hours_own_work"] + sum(hours[name] for name in FOR_CASES))
    lost["drift"] = staff * (hours["hours_own_work"] - agreed) / total
    large = {cause: posts for cause, posts in lost.items() if posts > SMALL_LOSS * organisation.fte.value}
    return dict(sorted(large.items(), key=lambda item: -item[1])[:MOST_LOSSES])


def _fullest(reading: Reading, work: Workload) -> Bottleneck | None:
    """The organisation without free places that most cases wait for."""
    blocked = reading.organisation_mean("blocked")
    if blocked.sum() < MANY_BLOCKED * max(1.0, float(np.nanmean(reading.mean("open_all")))):
        return None
    limited = np.array([organisation.places is not None for organisation in reading.scenario.organisations])
    flow, _ = flows(reading.scenario)
    towards = np.where(limited[np.newaxis, :], flow, 0.0)
    shares = towards / np.maximum(towards.sum(axis=1, keepdims=True), 1e-12)
    waiting: NDArray[np.float64] = blocked @ shares
    place = int(np.argmax(waiting))
    if not limited[place]:
        return None
    often = _often(np.argmax(reading.organisation_by_run("blocked") @ shares, axis=1) == place)
    weeks = float(waiting[place]) / max(float(reading.organisation_mean("served")[place]), 1e-9)
    reasons = tuple(_why_full(reading, work, place, float(waiting[place])))
    return Bottleneck(reading.names[place], weeks, reasons, {}, often, by_places=True)


def _why_full(reading: Reading, work: Workload, place: int, waiting: float) -> Iterator[Conclusion]:
    organisation = reading.scenario.organisations[place]
    has = 0.0 if organisation.places is None else organisation.places.value
    yield Conclusion("report.reason.places", {"cases": round(waiting), "places": round(has)})
    served = float(reading.organisation_mean("served")[place])
    weeks = float(reading.organisation_mean("present")[place]) / max(served, 1e-9)
    meant = float(work.cases[place].sum())
    facts: dict[str, Any] = {"weeks": weeks, "meant": meant, "served": served, "needed": round(weeks * meant)}
    yield Conclusion("report.reason.occupied" if weeks * meant > has else "report.reason.occupied_enough", facts)
    if float(work.utilisation[place]) > TIGHT:
        yield Conclusion("report.reason.tight_too", {"here": float(work.utilisation[place])})


def _reasons(reading: Reading, work: Workload, place: int) -> Iterator[Conclusion]:
    """Why so much work waits at an organisation; compared with the others."""
    on_paper, others = float(work.utilisation[place]), _others(work.utilisation, place)
    busy = float(reading.organisation_mean("utilisation")[place])
    has, contrast = reading.scenario.organisations[place].fte.value, list(_contrast(reading, place))
    if on_paper > 1:
        yield Conclusion(
            "report.reason.too_few", {"here": on_paper, "needed": math.ceil(10 * has * on_paper) / 10, "has": has}
        )
    elif on_paper > TIGHT or on_paper - others > TIGHTER:
        told = "report.reason.tight" if on_paper > TIGHT else "report.reason.tighter"
        yield Conclusion(told, {"here": on_paper, "others": others, "busy": busy})
    elif busy > BUSY:
        yield Conclusion("report.reason.became_tight", {"here": on_paper, "busy": busy})
    elif not contrast:
        yield Conclusion("report.reason.chance", {"busy": busy})
    administration = reading.organisation_mean("administration_share")
    if administration[place] - _others(administration, place) > MORE_THAN_MEAN:
        facts = {"here": administration[place], "others": _others(administration, place)}
        yield Conclusion("report.reason.administration", facts)
    overseen = float(reading.organisation_mean("overseen")[place])
    if overseen > OFTEN_OVERSEEN:
        yield Conclusion("report.reason.overseen", {"share": overseen})
    blocked, present = (float(reading.organisation_mean(name)[place]) for name in ("blocked", "present"))
    if blocked > BLOCKED_HERE * max(present, 1.0):
        yield Conclusion("report.reason.blocked", {"cases": round(blocked)})
    yield from contrast


def _contrast(reading: Reading, place: int) -> Iterator[Conclusion]:
    """What the runs with the longest queue there had more or less of than those with the shortest."""
    queue = reading.organisation_by_run("weeks_of_work")[:, place]
    if len(queue) < ENOUGH_RUNS or not queue.std():
        return
    order, number = np.argsort(queue), max(1, round(QUARTER * len(queue)))
    best, clearest = CLEAR, None
    for cause, sign in CAUSES.items():
        values = reading.organisation_by_run(cause)[:, place]
        if not values.std():
            continue
        strength = sign * float(np.corrcoef(queue, values)[0, 1])
        short, long = float(values[order[:number]].mean()), float(values[order[-number:]].mean())
        if strength > best and abs(long - short) > MATTERS * short:
            weeks = {
                "short_weeks": float(queue[order[:number]].mean()),
                "long_weeks": float(queue[order[-number:]].mean()),
            }
            best, clearest = strength, Conclusion(f"report.contrast.{cause}", {"short": short, "long": long, **weeks})
    if clearest is not None:
        yield clearest


def _often(hit: NDArray[np.bool_]) -> float:
    return float(hit.mean()) if len(hit) > 1 else float("nan")


def _others(values: NDArray[np.float64], place: int) -> float:
    rest = np.delete(values, place)
    return float(rest.mean()) if len(rest) else float(values[place])
