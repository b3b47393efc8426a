"""Chapters 3 and 5: how a chain starts, and the order of the week."""

from __future__ import annotations

from collections import Counter
from typing import Any

from tests.reference_model import before_work, outcomes, trust, work, world
from tests.reference_model.luck import START, logistic, normal, numbers
from tests.reference_model.reading import OF_RELATIONS, Input
from tests.reference_model.things import Administrator, Case, CaseType, Dyad, Link, Manager, Organisation, Professionals

CHAIN_COUNTS = ("arrived", "closed", "in_time", "realised", "dropped", "returns_of_closed")


class ChainTwin:
    """One run of a scenario, week by week, in plain objects.

    What happened stands in ``weekly`` and ``organisation_weekly`` (one entry per reported week), in ``closed_log`` and
    ``dropped_log``; what there is in ``organisations``, ``links``, ``dyads`` and ``cases``.
    """

    case_class: type[Case] = Case
    organisation_class: type[Organisation] = Organisation
    administrator_class: type[Administrator] = Administrator

    def __init__(self, scenario: Any, seed: int = 1, replication: int = 0) -> None:
        self.input = Input(scenario)
        self.p = self.input.parameters
        self.seed, self.replication = seed, replication
        self.weeks, self.burn_in = self.input.weeks, self.input.burn_in
        self.promise = self.input.promise
        self.week = 0
        self.case_types = self.input.case_types
        self.organisations = [self.new_organisation(n, part) for n, part in enumerate(self.input.organisations)]
        self._relations()
        self._start()

    # --- ways for others to make things of their own kind --------------------------------------------------------------
    def new_organisation(self, number: int, profile: dict[str, Any]) -> Organisation:
        return self.organisation_class(number, profile, (Professionals(), Manager(), self.administrator_class()))

    def new_case(self, *given: Any) -> Case:
        return self.case_class(*given)

    def gone(self, case: Case) -> None:
        """A case has left the chain."""
        del self.cases[case.type.number, case.number]

    # --- luck ----------------------------------------------------------------------------------------------------------
    def numbers(self, purpose: int, entity: int, moment: int) -> tuple[float, float, float, float]:
        return numbers(self.seed, self.replication, purpose, entity, moment)

    # --- chapter 5 -----------------------------------------------------------------------------------------------------
    def _relations(self) -> None:
        self.dyads = [Dyad(self.organisations[a], self.organisations[b]) for a, b in self.input.dyads]
        trust_of = {(dyad.truster.number, dyad.trusted.number): dyad for dyad in self.dyads}
        self.links = []
        for number, row in enumerate(self.input.links):
            giver, receiver = self.organisations[row["giver"]], self.organisations[row["receiver"]]
            link = Link(
                number,
                giver,
                receiver,
                row["share"],
                row["consultation"],
                trust_of_receiver=trust_of[receiver.number, giver.number],
                trust_of_giver=trust_of[giver.number, receiver.number],
            )
            self.links.append(link)
            giver.links.append(link)
            receiver.links.append(link)
            if not link.consultation:
                giver.links_out.append(link)
                receiver.links_in.append(link)
        for dyad in self.dyads:
            dyad.truster.trusts.append(dyad)

    def _start(self) -> None:
        p = self.p
        self.objective_x, self.objective_y = self.input.objective
        self.urgency_media = self.urgency_programme = self.urgency = self.fatigue = self.shortage = 0.0
        self.climate_logit = self.monitor = 0.0
        self.signal_good = self.signal_closed = self.signal_due = 0.0
        self.visible, self.climate = self.promise, logistic(p.climate_level)
        self.open = self.due = self.incidents = 0
        for name in CHAIN_COUNTS:
            setattr(self, name, 0)
        self.cases: dict[tuple[int, int], Case] = {}
        self.joining = 0
        self.changes_done = 0
        self.cohort = [[Counter[str]() for _ in range(self.weeks)] for _ in self.case_types]
        self.lead_times: list[tuple[CaseType, int]] = []
        self.closed_log: list[dict[str, int]] = []
        self.dropped_log: list[dict[str, int]] = []
        self.weekly: list[dict[str, float]] = []
        self.organisation_weekly: list[list[dict[str, float]]] = []
        self.case_type_weekly: list[list[dict[str, float]]] = []
        for organisation in self.organisations:
            self._start_organisation(organisation)
        for link in self.links:
            link.frame = (link.giver.lever["frame"] + link.receiver.lever["frame"]) / 2
        for dyad in self.dyads:
            dyad.trust_persons, dyad.trust_agreements = p.trust_persons_start, p.trust_agreements_start
            dyad.familiarity = p.familiarity_start
            dyad.plan = dict(self.input.agreed[frozenset((dyad.truster.number, dyad.trusted.number))])
            a, b = dyad.truster.lever, dyad.trusted.lever
            dyad.lever = {name: min(a[name], b[name]) for name in OF_RELATIONS}
        for organisation in self.organisations:
            organisation.trust = trust.mean_trust(self, organisation)

    def _start_organisation(self, o: Organisation) -> None:
        p, staff, manager, administrator = self.p, o.professionals, o.manager, o.administrator
        _, _, u2, u3 = self.numbers(5, o.number, START)
        v0, _, v2, v3 = self.numbers(6, o.number, START)
        administrator.ambition_x = o.home_x + p.ambition_spread * normal(u2)
        administrator.ambition_y = o.home_y + p.ambition_spread * normal(u3)
        administrator.tolerance = p.tolerance_level + o.tolerance_shift + p.tolerance_spread * normal(v0)
        manager.binding_chosen = logistic(
            p.binding_level + p.binding_gain * o.lever["binding_selection"] + p.binding_spread * normal(v2)
        )
        manager.binding = manager.binding_chosen
        manager.steering_capacity = logistic(
            p.steering_level - p.steering_given_up * o.lever["binding_selection"] + p.binding_spread * normal(v3)
        )
        staff.skills = manager.skills = administrator.skills = o.lever["chain_skills"]
        staff.staff, staff.establishment = o.posts, float(o.posts)
        staff.absent, staff.motivation, staff.discretion = o.absence, p.motivation_base, o.lever["room"]
        administrator.weight = p.weight_base
        administrator.belief_mean, administrator.belief_variance = self.promise, p.belief_new
        administrator.uncertainty = p.belief_new / (p.belief_new + p.belief_half)
        administrator.trust_vertical = p.trust_vertical_start
        o.own_target, administrator.choice = 1.0, -1

    # --- chapter 3 -----------------------------------------------------------------------------------------------------
    def to(self, week: int) -> ChainTwin:
        """Run on to a week since the start of the burn-in."""
        while self.week < week:
            self.one_week()
        return self

    def one_week(self) -> None:
        world.draw_luck(self)
        world.calendar(self)
        world.policy(self)
        world.relations(self)
        world.fade(self)
        world.events(self)
        world.climate(self)
        world.administrators(self)
        world.managers(self)
        world.professionals(self)
        before_work.ambition(self)
        before_work.urgency(self)
        before_work.information(self)
        before_work.pressure(self)
        before_work.intervention(self)
        before_work.steering(self)
        before_work.hours(self)
        work.work(self)
        trust.trust(self)
        trust.motivation(self)
        if self.week >= self.burn_in:
            outcomes.write_down(self)
        self.week += 1
