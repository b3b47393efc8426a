"""Chapter 2: the entities and what they carry. They know nothing of the week; the steps do."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class CaseType:
    """A kind of case, as the scenario gives it."""

    number: int
    arrivals: float
    non_standard: float
    urgent: float
    norm: int
    drop_after: int
    counts: bool  # whether the chain is there for it
    entry: list[float]  # cumulative share per organisation


class Case:
    """A citizen's case; where it is and what has happened to it."""

    def __init__(self, type: CaseType, arrival: int, index: int, traits: dict[str, Any]) -> None:
        self.type, self.arrival, self.index = type, arrival, index
        self.hard: bool = traits["hard"]
        self.urgent: bool = traits["urgent"]
        self.effort: float = traits["effort"]
        self.order: int = traits["order"]  # among the cases of its week
        self.organisation: Organisation | None = None
        self.link: Link | None = None  # none: it will be closed there
        self.step = self.visit = self.returns = 0
        self.remaining = self.carried = 0.0
        self.rework = self.defect = 0
        self.started = self.late = self.own_course = False
        self.joined = 0
        self.fault = self.fault_week = 0  # the first one that still stands, and when it arose
        self.fault_at: Organisation | None = None
        self.late_at: Organisation | None = None  # the first one that it left after its norm
        self.handover_luck = (0.0, 0.0)  # c and d of the last visit

    @property
    def number(self) -> int:
        return 65536 * self.arrival + self.index

    def age(self, week: int) -> int:
        return week - self.arrival


class Professionals:
    """Those who do the work of one organisation."""

    def __init__(self) -> None:
        self.staff = 0
        self.establishment = self.absent = self.extra_absence = 0.0
        self.motivation = self.discretion = self.drift = self.load = 0.0
        self.newcomers = self.skills = self.share_left = 0.0
        self.staff_left = self.staff_hired = 0


class Manager:
    """Who leads an organisation."""

    def __init__(self) -> None:
        self.binding_chosen = self.binding = self.vacant_weeks = 0.0
        self.steering_capacity = self.skills = self.official = 0.0
        self.new = 0


class Administrator:
    """Who answers for an organisation to its principal."""

    def __init__(self) -> None:
        self.ambition_x = self.ambition_y = self.distance = self.weight = 0.0
        self.belief_mean = self.belief_variance = self.uncertainty = self.tolerance = self.pressure = self.restraint = (
            0.0
        )
        self.concern = self.intervention_chance = self.skills = 0.0
        self.choice = -1
        self.overseen_weeks = self.unblock_weeks = self.attention = self.trust_vertical = 0.0
        self.overseen = self.unblocking = 0
        self.new = 0


HOURS_FIXED = (
    "hours_reporting_politics",
    "hours_reporting_both",
    "hours_reporting_operation",
    "hours_agreements",
    "hours_trust",
    "hours_learning",
    "hours_compliance",
)
HOURS = ("hours_case_work", "hours_rework", *HOURS_FIXED, "hours_own_work", "hours_idle")
FAULTS = ("done_wrong", "lost_at_handover", "own_way")  # where a loss arose, by fault 1, 2 and 3
COUNTS = (
    *("served", "handed_over", "returned", "refused", "late", "dropped", "closed", "realised"),
    *(*FAULTS, "too_late"),
)
REASONS = ("wrong", "lost", "own")  # of a loss in a cohort, by fault 1, 2 and 3


class Organisation:
    """An organisation with its three actors, its lists of cases, and the hours of the week."""

    def __init__(self, number: int, profile: dict[str, Any], people: tuple[Any, Any, Any] | None = None) -> None:
        self.number = number
        self.posts: int = profile["posts"]
        self.hours_per_head: float = profile["hours_per_head"]
        self.fte_per_head: float = profile["fte_per_head"]
        self.own_work: float = profile["own_work"]
        self.instructable: float = profile["instructable"]
        self.drift_rate: float = profile["drift_rate"]
        self.turnover: float = profile["turnover"]
        self.absence: float = profile["absence"]
        self.hiring_weeks: float = profile["hiring_weeks"]
        self.term: float = profile["term"]
        self.places: float = profile["places"]
        self.home_x: float = profile["home_x"]
        self.home_y: float = profile["home_y"]
        self.tolerance_shift: float = profile["tolerance_shift"]
        self.politics: float = profile["politics"]  # shares of hours for reporting
        self.operation: float = profile["operation"]
        self.cost: float = profile["cost"]
        self.elections: list[int] = profile["elections"]
        self.task_hours: list[float] = profile["task_hours"]
        self.stay: list[int] = profile["stay"]
        self.planned: dict[str, float] = dict(profile["levers"])
        self.lever: dict[str, float] = dict(profile["levers"])
        self.professionals, self.manager, self.administrator = people or (Professionals(), Manager(), Administrator())
        # around it
        self.links: list[Link] = []  # of both kinds and directions
        self.links_out: list[Link] = []  # along which cases go, in order
        self.links_in: list[Link] = []
        self.trusts: list[Dyad] = []  # its trust in each partner
        self.frame_work = self.persons_work = self.agreements_work = 0.0
        self.confusion = self.suspicion = self.triage = self.triage_due = 0.0
        self.dual_use = self.demand = 0.0
        self.frame = self.trust = self.informal = self.joint = self.retreat = 0.0
        self.tightened_weeks = 0.0
        self.hours = self.hours_for_cases = self.reporting_share = 0.0
        self.own_target = 1.0
        for name in HOURS:
            setattr(self, name, 0.0)
        self.queue_hours = self.intake_hours = 0.0
        self.type_hours: Counter[int] = Counter()  # on cases this week, by the number of their type
        # cases
        self.present = self.waiting = self.blocked = self.stuck = 0
        self.overdue = self.incidents = 0
        self.zero_counts()
        self.awaited: dict[int, int] = {}
        self.incident_due: dict[int, int] = {}
        self.inbox: list[Case] = []
        self.line: dict[tuple[int, int], list[Case]] = {}  # by layer and week of arrival; no bucket is empty
        self.stays: dict[int, list[Case]] = {}  # by the week in which the stay ends, in the order in which it began
        self.blocked_cases: list[Case] = []
        self.luck: dict[str, float] = {}

    def zero_counts(self) -> None:
        for name in COUNTS:
            setattr(self, name, 0)

    def cases(self) -> list[Case]:
        """Everything that is present here."""
        in_stay = [case for week in sorted(self.stays) for case in self.stays[week]]
        return [*self.inbox, *self.in_line(), *in_stay, *self.blocked_cases]

    def in_line(self) -> list[Case]:
        """Urgent before other, the oldest in the chain first."""
        return [case for bucket in sorted(self.line) for case in self.line[bucket]]


@dataclass(slots=True, eq=False)
class Dyad:
    """What one organisation trusts another with, and the promises of the week."""

    truster: Organisation
    trusted: Organisation
    trust_persons: float = 0.0
    trust_agreements: float = 0.0
    familiarity: float = 0.0
    plan: dict[str, float] = field(default_factory=dict)  # what was agreed for this relation alone
    lever: dict[str, float] = field(default_factory=dict)
    handled: float = 0.0
    kept: float = 0.0
    broken: float = 0.0
    kept_agreed: float = 0.0


@dataclass(slots=True, eq=False)
class Link:
    """From a giver to a receiver."""

    number: int
    giver: Organisation
    receiver: Organisation
    share: list[float]  # of the cases, per type
    consultation: bool
    trust_of_receiver: Dyad  # the receiver's trust in the giver
    trust_of_giver: Dyad
    frame: float = field(default=0.0)
