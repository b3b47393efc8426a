"""What the pages of a workshop are made of: tables, pictures and sentences in one language."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from ketensim.foundation.outcome_table import HOUR_GROUPS
from ketensim.run.estimate import Estimate
from ketensim.run.ledger import LEDGER
from ketensim.texts import t, word
from ketensim.views.drawing.html_file import html_file
from ketensim.views.drawing.markup import Markup, element, fragment
from ketensim.views.drawing.table import Table, html_table
from ketensim.workshop.game.agreements import ties_of
from ketensim.workshop.game.choices import predictions_of, team_choice
from ketensim.workshop.game.decisions import DECISIONS
from ketensim.workshop.game.plans import open_somewhere, scenario_from_text
from ketensim.workshop.game.room import Room, Team
from ketensim.workshop.paper.pictures import goal_picture, queue_picture
from ketensim.workshop.runs.replay import Scores
from ketensim.workshop.runs.round_results import RoundResult
from ketensim.workshop.runs.table_half import mean_of_known
from ketensim.workshop.talk.questions import Question, name_of_table


class PageParts:
    """The pieces for a room in a language.

    Parameters
    ----------
    room : whose rounds have been run
    results : of those rounds
    language : one of ``texts.languages()``
    """

    def __init__(self, room: Room, results: Sequence[RoundResult], language: str) -> None:
        self.room, self.results, self.language = room, results, language
        self.scenario = scenario_from_text(room.scenario)
        self.words = self.scenario.words(language)
        self.t = report_words(language, self.words)
        self.labels = {part.id: part.label.in_language(language) for part in self.scenario.organisations}

    @property
    def date(self) -> datetime.date:
        """Day on which the room was opened (UTC)."""
        return datetime.datetime.fromtimestamp(self.room.created, datetime.UTC).date()

    def table_name(self, table: int) -> str:
        """Table 1, table 2."""
        return self.t("table", number=name_of_table(self.room, table))

    def at_table(self, table: int) -> str:
        """The same in the middle of a sentence."""
        return self.t("at_table", number=name_of_table(self.room, table))

    def question(self, question: Question) -> str:
        """A discussion question in words."""
        return question_sentence(question, self.labels, self.language, self.words)

    def step(self, decision: str, step: int) -> str:
        """What a step is called."""
        return word(f"workshop.decision.{decision}.step.{DECISIONS[decision].steps[step]}", self.language)

    def difference(self, difference: Estimate) -> str:
        """A difference in percentage points with its interval."""
        return self.t("difference", mean=difference.mean, low=difference.low, high=difference.high)

    def both(self, difference: Scores) -> tuple[str, str]:
        """Differences of the two scores: percentage points, and euros per case that was done right and in time."""
        cost = difference.cost
        return self.difference(difference.goal), self.t("euros_apart", mean=cost.mean, low=cost.low, high=cost.high)

    # --- pictures and tables ---
    def course(self, tables: Iterable[int]) -> Markup:
        """Goal realisation per week of some tables, as a picture."""
        last = self.results[-1].tables
        named = [(self.table_name(table), last[table].goal.mean) for table in tables]
        ends = ", ".join(
            self.t("course_end", table=name, share=next((v for v in reversed(values) if v is not None), None))
            for name, values in named
        )
        events = [
            (float(self.room.plan.weeks * number + (event.week or 0)), event.label.in_language(self.language))
            for number, part in enumerate(self.room.plan.rounds[: self.room.ran])
            for event in part.events
        ]
        alternative = self.t("course_alternative", ends=ends, events=[f"{name}" for _, name in events])
        picture = goal_picture(named, self.room.plan.weeks, self.t("round"), alternative, events)
        drawn = element("div", picture, class_="scroll", tabindex="0")  # on a phone it keeps words that can be read
        return element("figure", drawn, element("figcaption", self.t("course_caption")))

    def results_table(self, tables: Sequence[int]) -> Markup:
        """Per round and table: predicted, both scores, queue, seen by administrators and as it was, interventions."""
        rows = [
            (
                self._round(result, table, tables),
                self.per_cent(mean_of_known(predictions_of(self.room, result.round, table))),
                self.t("goal", share=result.tables[table].goal_round.mean),
                self.t("euros", euros=result.tables[table].cost.mean),
                self.t("queue", before=result.tables[table].waiting_before, after=result.tables[table].waiting),
                self.share(mean_of_known(result.tables[table].sight.seen)),
                self.share(mean_of_known(result.tables[table].sight.there)),
                self.t("times", number=result.tables[table].interventions),
            )
            for result in self.results
            for table in tables
        ]
        return self._table(("round", "expected", "found", "cost", "queue", "seen", "there", "interventions"), rows)

    def lost_table(self, tables: Sequence[int]) -> Markup:
        """What became of every 100 cases that came in, per round and table."""
        rows = [
            (
                self._round(result, table, tables),
                *(self.t("cases", number=result.tables[table].lost[name]) for name in LEDGER),
            )
            for result in self.results
            for table in tables
        ]
        return self._table(("round",), rows, [t(f"workshop.lost.{name}", self.language) for name in LEDGER])

    def lost_by_round(self, table: int) -> Markup:
        """The same of one table, a column per round, which fits a phone."""
        rows = [
            (
                t(f"workshop.lost.{name}", self.language),
                *(self.t("cases", number=result.tables[table].lost[name]) for result in self.results),
            )
            for name in LEDGER
        ]
        heads = [self.t("of_hundred"), *(str(result.round + 1) for result in self.results)]
        return html_table(Table(heads, rows, frozenset(range(1, len(heads)))))

    def own_picture(self, table: int, organisation: str) -> Markup:
        """The way of an organisation (of the chain, for who had none) through the rounds, as a picture for a phone."""
        label = self.labels.get(organisation, self.scenario.title.in_language(self.language))
        queue: list[float] = []
        lines = []
        for result in self.results:
            found = result.tables[table]
            own = [part for part in found.organisations if organisation in ("", part.id)]
            queue += [sum(week) for week in zip(*(part.waiting for part in own), strict=True)]
            facts = {"round": result.round + 1, "goal": found.lost["realised"], "cost": found.cost.mean}
            lines.append(self.t("picture_line", **facts))
        often = sum(part.interventions for result in self.results for part in result.tables[table].organisations
                    if organisation in ("", part.id))  # fmt: skip
        told = self.t("picture_told", before=queue[0], after=queue[-1], often=often)
        return queue_picture(label, told, queue, self.room.plan.weeks, lines)

    def agreements_table(self, tables: Sequence[int]) -> Markup | None:
        """What teams agreed on, whether it was kept, and what became of trust; None when nothing was agreed."""
        table = self.agreed(tables)
        return None if table is None else html_table(table)

    def agreed(self, tables: Sequence[int], organisation: str = "") -> Table | None:
        """The same before it is shown.

        Parameters
        ----------
        organisation : whose; empty = of all
        """
        rows = []
        for result in self.results:
            for table in tables:
                trust = {(tie.one, tie.other): tie for tie in result.tables[table].ties}
                for tie, agreement in ties_of(self.room, table, result.round).items():
                    if agreement.terms is not None and organisation in ("", tie.one, tie.other):
                        ends, (frame, time) = trust[tie.one, tie.other], agreement.terms
                        broken = self.labels.get(agreement.broken_by, "")
                        rows.append(
                            (
                                self._round(result, table, tables),
                                f"{self.labels[tie.one]} – {self.labels[tie.other]}",
                                self._terms(frame, time),
                                self.t("broken_by", organisation=broken) if broken else self.t("kept"),
                                self.t("trust_moved", before=ends.before, after=ends.after),
                            )
                        )
        words = [self.t(f"column.{head}") for head in ("round", "relation", "terms", "what_became", "trust")]
        return Table(words, rows, frozenset({len(words) - 1})) if rows else None

    def energy_table(self, tables: Sequence[int]) -> Markup:
        """Where the hours went in the first round and the last, per table."""
        shown = self.results if len(tables) == 1 else (self.results[0], self.results[-1])
        rows = [
            (
                self._round(result, table, tables),
                *(self.share(sum(result.tables[table].hours[use] for use in uses)) for uses in HOUR_GROUPS.values()),
            )
            for result in shown
            for table in tables
        ]
        return self._table(("round",), rows, [t(f"report.bar.{use}", self.language) for use in HOUR_GROUPS])

    def choices_table(self, table: int) -> Markup:
        """What the organisations of a table chose, round by round; a step that stayed is named once."""
        return html_table(self.chosen(table, self.labels))

    def chosen(self, table: int, organisations: Iterable[str]) -> Table:
        """The same of some of them before it is shown."""
        decisions = open_somewhere(self.room.plan, self.room.ran)
        rows = [
            (self.labels[name], *(self._way(Team(table, name), decision) for decision in decisions))
            for name in organisations
        ]
        heads = [self.t("organisation"), *(word(f"workshop.decision.{name}", self.language) for name in decisions)]
        return Table(heads, rows)

    def share(self, share: float | None) -> str:
        """A share as a percentage, or a dash."""
        return self.t("share", share=share) if share is not None else "–"

    def per_cent(self, prediction: float | None) -> str:
        """The same of what is in per cent already."""
        return self.share(None if prediction is None else prediction / 100)

    def paragraphs(self, *keys: str, **facts: Any) -> Markup:
        """Texts one after another."""
        return fragment(*(element("p", self.t(key, **facts)) for key in keys))

    def page(self, title: str, subtitle: str, lead: str, *sections: Markup) -> str:
        """A whole page in one file."""
        header = page_heading(self.t("kind"), title, subtitle, lead)
        footer = element("footer", element("p", self.t("footer", runs=self.room.plan.runs)))
        return html_file(title, element("body", header, element("main", *sections), footer), self.language)

    def section(self, name: str, *children: Markup | str | None) -> Markup:
        """A section with its heading."""
        return element("section", element("h2", self.t(f"head.{name}")), *children, id=name)

    def _round(self, result: RoundResult, table: int, tables: Sequence[int]) -> str:
        """What stands before a row: the round, and the table when there are several."""
        if len(tables) == 1:
            return str(result.round + 1)
        return self.t("round_of", round=result.round + 1, table=self.at_table(table))

    def _terms(self, frame: int, time: int) -> str:
        """What was agreed, in the words that phones and the projector have for it."""
        tight, often = self.step("steering", frame), self.step("hours_together", time)
        return t("room.shared.agreement.terms", self.language, frame=tight, time=often.lower())

    def _way(self, team: Team, decision: str) -> str:
        """Started -> changed -> changed, in names of steps."""
        steps = [self.room.start[team.organisation][decision]]
        for number in range(self.room.ran):
            choice = team_choice(self.room, team, number)
            for step in (choice.steps[decision], choice.later[decision]):
                if step != steps[-1]:
                    steps.append(step)
        return " → ".join(self.step(decision, step) for step in steps)

    def _table(self, heads: Sequence[str], rows: Sequence[Sequence[str]], more: Sequence[str] = ()) -> Markup:
        words = [*(self.t(f"column.{head}") for head in heads), *more]
        return html_table(Table(words, rows, frozenset(range(1, len(words)))))


def report_words(language: str, words: Mapping[str, str] = MappingProxyType({})) -> Callable[..., str]:
    """Texts of the section ``workshop.report`` in a language: ``report_words("nl")("table", number=1)``.

    Words say what the chain handles (``Scenario.words``), silent = cases.
    """

    def text(key: str, **facts: Any) -> str:
        return t(f"workshop.report.{key}", language, **{**words, **facts})

    return text


def page_heading(kind: str, title: str, subtitle: str, lead: str) -> Markup:
    """What a page begins with."""
    return element(
        "header",
        element("p", kind, class_="kind"),
        element("h1", title),
        element("p", subtitle, class_="subtitle"),
        element("p", lead, class_="lead"),
        class_="page",
    )


def rows_as_lists(table: Table) -> Markup:
    """A table as a list per row, which needs no more width than a phone has."""
    rows = []
    for row in table.rows:
        pairs = [f"{heading}: {cell}" for heading, cell in zip(table.headings[1:], row[1:], strict=True) if cell]
        rows += [
            element("h3", f"{table.headings[0]} {row[0]}" if row[0].isdecimal() else row[0]),
            element("ul", *(element("li", pair) for pair in pairs)),
        ]
    return fragment(*rows)


def question_sentence(
    question: Question, labels: Mapping[str, str], language: str, words: Mapping[str, str] = MappingProxyType({})
) -> str:
    """A discussion question in words; an organisation by its name, and what the chain handles in its own word."""
    names = {name: labels[question.facts[name]] for name in ("organisation", "partner") if name in question.facts}
    facts = {**words, **question.facts, **names}
    if "euros" in facts:
        kind = "dearer" if facts["euros"] > 0 else "cheaper"
        facts["cost"] = t(f"workshop.report.{kind}", language, euros=abs(facts["euros"]))
    return t(f"workshop.question.{question.key}", language, **facts)
