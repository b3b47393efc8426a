"""Pages to take along: for a participant, for the client, and a hand-out for beforehand. One file each, fit to print.

No page holds a name: a participant's page is about the team, the client's page about tables and organisations.
"""

from __future__ import annotations

from collections.abc import Sequence

from ketensim.texts import t, word
from ketensim.views.drawing.html_file import html_file
from ketensim.views.drawing.markup import Markup, element, fragment
from ketensim.views.drawing.table import Table, html_table
from ketensim.views.report.document import first_sentence
from ketensim.workshop.game.decisions import DECISIONS
from ketensim.workshop.game.plans import WorkshopPlan, open_somewhere, starting_chain
from ketensim.workshop.game.room import Role, Room, Seat
from ketensim.workshop.game.seating import active_seats
from ketensim.workshop.paper.page_parts import PageParts, page_heading, report_words, rows_as_lists
from ketensim.workshop.runs.round_results import RoundResult
from ketensim.workshop.talk.debrief import Debrief, TableDebrief, WeighedMove


# --- for the client ------------------------------------------------------------------------------------------------
def client_page(room: Room, results: Sequence[RoundResult], debrief: Debrief, language: str) -> str:
    """What the workshop showed, for who had it held.

    Parameters
    ----------
    room : whose rounds have been run
    results : of all rounds
    debrief : of the same room
    language : one of ``texts.languages()``
    """
    parts = PageParts(room, results, language)
    tables = list(range(room.plan.tables))
    facts = {"rounds": room.ran, "tables": len(tables), "people": len(active_seats(room)), "date": parts.date}
    facts |= {"weeks": room.plan.weeks}
    chain = parts.scenario.title.in_language(language)
    return parts.page(
        room.plan.title.in_language(language),
        parts.t("client_subtitle", chain=chain, **facts),
        parts.t("client_lead"),
        parts.section("course", parts.course(tables), parts.results_table(tables), parts.paragraphs("seen_note")),
        parts.section("lost", parts.paragraphs("lost_note"), parts.lost_table(tables)),
        parts.section("energy", parts.paragraphs("energy_note"), parts.energy_table(tables)),
        parts.section(
            "choices",
            parts.paragraphs("choices_note"),
            *(fragment(element("h3", parts.table_name(table)), parts.choices_table(table)) for table in tables),
        ),
        parts.section("agreements", *_agreed(parts, tables)),
        parts.section("scores", parts.paragraphs("scores_note", runs=debrief.runs), _tables(parts, debrief)),
        parts.section("rules", parts.paragraphs("rules_note"), _rules(parts, debrief)),
        parts.section(
            "moves", parts.paragraphs("moves_note"), *(_moves_of_table(parts, table) for table in debrief.tables)
        ),
        parts.section("questions", _questions(parts, debrief)),
        parts.section("limits", parts.paragraphs("limits_model", "limits_numbers", "limits_privacy")),
    )


def _agreed(parts: PageParts, tables: Sequence[int]) -> tuple[Markup, ...]:
    found = parts.agreements_table(tables)
    return (parts.paragraphs("agreements_note"), found) if found is not None else (parts.paragraphs("nothing_agreed"),)


def _tables(parts: PageParts, debrief: Debrief) -> Markup:
    """Both scores of each table over all rounds, and against the others."""
    head = [parts.t(f"column.{name}") for name in ("who", "found", "cost", "others", "others_cost")]
    rows = []
    for table in debrief.tables:
        apart = ("", "") if table.against is None else parts.both(table.against)
        levels = parts.t("goal", share=table.scores.goal.mean), parts.t("euros", euros=table.scores.cost.mean)
        rows.append((parts.table_name(table.table), *levels, *apart))
    return html_table(Table(head, rows, frozenset(range(1, len(head)))))


def _rules(parts: PageParts, debrief: Debrief) -> Markup:
    """What was played against the same people choosing in one style throughout, on the same luck."""
    head = [parts.t(f"column.{name}") for name in ("who", "style", "points", "euros")]
    rows = [
        (parts.table_name(table.table), _rule(parts, name), *parts.both(scores))
        for table in debrief.tables
        for name, scores in table.against_styles.items()
    ]
    return html_table(Table(head, rows, frozenset({2, 3})))


def _rule(parts: PageParts, name: str) -> str:
    return parts.t("nobody_chose") if name == "none" else word(f"policy.{name}", parts.language)


def _moves_of_table(parts: PageParts, table: TableDebrief) -> Markup:
    """The moves that mattered most at a table, each decision as a whole, and hard against informal."""
    rows = [
        (word(f"workshop.decision.{name}", parts.language), *parts.both(part)) for name, part in table.decisions.items()
    ]
    rows += [(parts.t(f"kind_of.{kind}"), *parts.both(part)) for kind, part in table.kinds.items()]
    if table.agreed is not None:
        rows.append((parts.t("kind_of.agreed"), *parts.both(table.agreed)))
    head = [parts.t(f"column.{name}") for name in ("decision", "points", "euros")]
    return fragment(
        element("h3", parts.table_name(table.table)),
        _moves(parts, table),
        html_table(Table(head, rows, frozenset({1, 2}))),
    )


def _moves(parts: PageParts, table: TableDebrief) -> Markup:
    """The moves that mattered most at a table."""
    if not table.moves:
        return element("p", parts.t("no_moves"))
    return element("ol", *(element("li", _move(parts, weighed)) for weighed in table.moves))


def _move(parts: PageParts, weighed: WeighedMove) -> str:
    move, (points, euros) = weighed.move, parts.both(weighed.effect)
    facts = {
        "round": move.round + 1,
        "organisation": parts.labels[move.organisation],
        "decision": word(f"workshop.decision.{move.decision}", parts.language),
        "before": parts.step(move.decision, move.before),
        "after": parts.step(move.decision, move.after),
        "difference": points,
        "euros": euros,
    }
    return parts.t("move" if weighed.effect.goal.sure else "move_unsure", **facts)


def _questions(parts: PageParts, debrief: Debrief) -> Markup:
    return element("ol", *(element("li", parts.question(question)) for question in debrief.questions))


# --- for a participant ---------------------------------------------------------------------------------------------
def participant_page(seat_id: str, room: Room, results: Sequence[RoundResult], debrief: Debrief, language: str) -> str:
    """What one participant takes along: the own predictions, what the team chose, what came of it.

    Raises
    ------
    KeyError : no such seat
    """
    parts, seat = PageParts(room, results, language), room.seats[seat_id]
    where = parts.at_table(seat.table)
    who = parts.t(f"you.{seat.role}", organisation=parts.labels.get(seat.organisation, ""), table=where)
    chosen = [] if seat.role == Role.OBSERVER else [parts.chosen(seat.table, [seat.organisation])]
    agreed = parts.agreed([seat.table], seat.organisation) if seat.organisation else None
    return parts.page(
        room.plan.title.in_language(language),
        parts.t("participant_subtitle", chain=parts.scenario.title.in_language(language), date=parts.date),
        who,
        parts.section("picture", parts.own_picture(seat.table, seat.organisation)),
        parts.section("your_predictions", _predictions(parts, seat)),
        *(parts.section("your_choices", rows_as_lists(table)) for table in chosen),
        *([parts.section("your_agreements", rows_as_lists(agreed))] if agreed else []),
        parts.section("lost", parts.paragraphs("lost_note"), parts.lost_by_round(seat.table)),
        parts.section("mattered", parts.paragraphs("moves_note"), _moves(parts, debrief.tables[seat.table])),
        parts.section("take_home", _questions(parts, debrief), _lines_to_write_on()),
        parts.section("limits", parts.paragraphs("limits_model", "limits_numbers")),
    )


def _predictions(parts: PageParts, seat: Seat) -> Markup:
    rows = []
    for result in parts.results:
        predicted = parts.room.predictions.get((result.round, seat.id))
        goal = result.tables[seat.table].goal_round.mean
        off = "" if predicted is None else parts.t("off", difference=predicted / 100 - goal)
        rows.append((str(result.round + 1), parts.per_cent(predicted), parts.t("goal", share=goal), off))
    head = [parts.t(f"column.{name}") for name in ("round", "you_expected", "found", "off")]
    return rows_as_lists(Table(head, rows))


def _lines_to_write_on(number: int = 4) -> Markup:
    return fragment(*(fragment(element("p", Markup("&nbsp;")), element("hr")) for _ in range(number)))


# --- beforehand ----------------------------------------------------------------------------------------------------
def handout(plan: WorkshopPlan, language: str) -> str:
    """What participants get on paper before the workshop: the chain, the questions, the timetable.

    Raises
    ------
    InputError : a chain that is not there or does not fit the plan
    """
    scenario = starting_chain(plan)
    say = report_words(language, scenario.words(language))
    subtitle = say("handout_subtitle", minutes=round(plan.minutes), rounds=len(plan.rounds), weeks=plan.weeks)
    header = page_heading(say("handout_kind"), plan.title.in_language(language), subtitle, say("handout_lead"))
    organisations = ", ".join(part.label.in_language(language) for part in scenario.organisations)
    steps = ("predict", "decide", "run", "reveal")
    sections = (
        (
            "handout_chain",
            element("p", first_sentence(scenario.summary.in_language(language))),
            element("p", organisations),
        ),
        ("handout_round", element("ol", *(element("li", say(f"handout_{step}")) for step in steps))),
        ("handout_questions", element("ul", *(_asked(name, language) for name in open_somewhere(plan)))),
        ("handout_time", element("p", _timetable(plan, language))),
        ("handout_notes", _lines_to_write_on(3)),
    )
    body = [element("section", element("h2", say(f"head.{name}")), *children) for name, *children in sections]
    whole = element("body", header, element("main", *body), class_="one-page")
    return html_file(plan.title.in_language(language), whole, language)


def _asked(name: str, language: str) -> Markup:
    """A decision in a line: what is asked, and its two ends."""
    key, steps = f"workshop.decision.{name}", DECISIONS[name].steps
    ends = [t(f"{key}.step.{step}.label", language) for step in (steps[0], steps[-1])]
    label, question = t(f"{key}.label", language), t(f"{key}.question", language)
    between = report_words(language)("handout_between", low=ends[0].lower(), high=ends[1].lower())
    return element("li", element("b", label), ": ", question, " ", between)


def _timetable(plan: WorkshopPlan, language: str) -> str:
    """When what begins, in a sentence: one page is enough for a hand-out."""
    say = report_words(language)
    minute, parts = plan.minutes_lobby, []
    for number, part in enumerate(plan.rounds):
        parts.append(say("time_round", minute=round(minute), round=number + 1))
        minute += part.minutes
    parts.append(say("time_debrief", minute=round(minute), end=round(minute + plan.minutes_debrief)))
    return say("time_lobby") + " " + " ".join(parts)
