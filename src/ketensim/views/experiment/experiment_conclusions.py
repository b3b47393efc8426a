"""What came out of an experiment in a few sentences, and which factor works on which outcome as a table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import numpy as np

from ketensim.analysis.answers import BLOCK
from ketensim.analysis.dependence import POLICY
from ketensim.analysis.discovery import WORKBENCH, Box
from ketensim.experiment.run_parts import STOPPED, WEEKS_RUN
from ketensim.foundation.outcome_table import NEITHER
from ketensim.run.estimate import CANNOT_BE_TOLD, HIGHER, LOWER, Estimate
from ketensim.run.extras import of_extra
from ketensim.texts import enumerated, t
from ketensim.views.drawing.table import Table
from ketensim.views.experiment.experiment_description import condition_of
from ketensim.views.experiment.experiment_words import Words, small

if TYPE_CHECKING:
    import pandas as pd

LEAST_TIES: Final = 1e-9
MOST_DEPENDENT: Final = 8  # sentences; with more only the largest that are sure
WIDE: Final = 1.0  # an interval of a share that is wider than the whole says nothing about its size
MARK: Final = " ●"  # behind the strongest effect on an outcome


def conclusions(words: Words) -> Iterator[str]:
    """What came out, in a few sentences."""
    answers, tables = words.answers, words.answers.tables
    if not answers.measured:
        yield words.t("conclusion.not_measured", outcome=words.main())
        return
    if "first" in tables:
        for names, table in tables["first"].groupby(list(BLOCK), sort=False):
            yield leading_block(words, words.block(*(str(name) for name in names)), table)
    if "policies" in tables:
        chosen = tables["policies"]
        for names, table in chosen[chosen["outcome"] == answers.main].groupby(["scenario", "events"], sort=False):
            yield best_policy(words, str(names[0]), str(names[1]), table)
    if "dependence" in tables:
        rows = tables["dependence"]
        sure = rows[(rows["low"] > 0.0) | (rows["high"] < 0.0)]
        largest = sure["difference"].abs().sort_values(ascending=False).index[:MOST_DEPENDENT]
        for _, row in (sure.loc[sorted(largest)] if len(rows) > MOST_DEPENDENT else rows).iterrows():
            yield depends(words, row)
    if "effects" in tables and len(answers.experiment.outcomes) > 1:
        for names, table in tables["effects"].groupby(list(BLOCK), sort=False):
            yield worked_on(words, words.block(*(str(name) for name in names)), table)
    if "wins" in tables:
        for names, table in tables["wins"].groupby(["scenario", "events"], sort=False):
            yield wins(words, str(names[0]), str(names[1]), table)
    for scenario, policy, events, boxes in answers.domains:
        if not _wins(words, scenario, policy, events)["sure_wins"]:
            continue  # where it does best may be luck everywhere
        yield domain(words, scenario, policy, events, boxes[0])
    if "robustness" in tables:
        yield robust(words, tables["robustness"])
    for scenario, policy, events, boxes in answers.boxes:
        if boxes and not answers.domains:  # where each way to steer does best says more than where each goes well
            name = words.block(scenario, policy, events)
            yield f"{name}: {words.box(boxes[0])}" if len(answers.blocks) > 1 else words.box(boxes[0])
    for scenario, policy, events, drawn in answers.leaves:
        if drawn and not answers.domains:
            name = words.block(scenario, policy, events)
            said = words.t("conclusion.tree", leaf=words.leaf(drawn[0]))
            yield f"{name}: {said}" if len(answers.blocks) > 1 else said
    if "sobol" in tables:
        yield from shares(words, tables["sobol"], tables["shares"])
    if "morris" in tables:
        yield from strongest(words, tables["morris"])
    yield from reservations(words)


def reservations(words: Words) -> Iterator[str]:
    """What was made up, left out or not known, on which the other sentences rest."""
    answers = words.answers
    if words.way() == "neither":
        yield words.t("no_direction", outcome=words.main(), name=answers.main)
    if words.made_up() and (any(boxes for *_, boxes in answers.boxes) or "robustness" in answers.tables):
        yield words.made_up()
    if len(answers.experiment.policies) > 1 and not answers.experiment.equal_luck:
        yield words.t("conclusion.own_luck")
    for outcome, missing in answers.missing.items():
        if missing.runs:
            facts = {"runs": missing.runs, "of_runs": missing.of_runs, "points": missing.points}
            key = "missing_points" if missing.points else "missing"
            yield words.t(f"conclusion.{key}", outcome=small(words.outcome(outcome)), **facts)
    if answers.experiment.stop is not None:
        stopped, weeks = answers.values(STOPPED), answers.values(WEEKS_RUN)
        mean = float(weeks[stopped > 0.0].mean()) if stopped.any() else float("nan")
        condition = condition_of(words, answers.experiment.stop)
        key = "conclusion.stopped" if stopped.any() else "conclusion.none_stopped"
        yield words.t(key, share=float(stopped.mean()), condition=condition, weeks=mean)
    if answers.discovery_left_out:
        yield words.t("prim_left_out")
        yield t("error.no_extra", words.language, **of_extra(WORKBENCH, "PRIM"))


def leading_block(words: Words, name: str, table: pd.DataFrame) -> str:
    """Which condition to start with, or which moves the outcome most where no direction is welcome."""
    main, best, second = words.answers.main, table.iloc[0], table.iloc[1]
    facts = {
        "block": name,
        "best": words.lower(best["factor"]),
        "second": words.lower(second["factor"]),
        "outcome": words.main(),
        "effect": words.difference(best["effect"]),
        "low": words.number(best["low"], main, signed=True),
        "high": words.number(best["high"], main, signed=True),
        "share": best["first"],
    }
    if not table[["effect", "low", "high"]].to_numpy(dtype=float).any():
        return words.t("conclusion.nothing_moves", **facts)
    if np.isnan(best["low"]):
        return words.t("conclusion.first_one_run", **facts)
    verdict, way = _estimate(best, "effect").verdict(), words.way()
    if way == "neither":
        return words.t("conclusion.none_moves" if verdict == CANNOT_BE_TOLD else "conclusion.moves", **facts)
    helps = verdict == (HIGHER if way == "more" else LOWER)
    return words.t("conclusion.first" if helps else "conclusion.none_first", **facts)


def best_policy(words: Words, scenario: str, events: str, table: pd.DataFrame) -> str:
    """The best way to steer against the first one; the highest where no direction is welcome."""
    main, way = words.answers.main, words.way()
    sign = -1.0 if way == "less" else 1.0
    means = sign * table["mean"].to_numpy(dtype=float)
    facts = {"block": words.circumstances(scenario, events), "outcome": words.main()}
    if np.isnan(means).all():
        return words.t("conclusion.policies_unknown", **facts)
    best, base = table.iloc[int(np.nanargmax(means))], table.iloc[0]
    facts |= {
        "best": words.policy(best["policy"]),
        "base": words.policy(base["policy"]),
        "mean": words.number(best["mean"], main),
        "difference": words.difference(best["difference"]),
        "low": words.number(best["low"], main, signed=True),
        "high": words.number(best["high"], main, signed=True),
    }
    key = "policy" if _estimate(best, "difference").sure else "undecided"
    if best["policy"] == base["policy"]:
        key = "base"
        if not any(_estimate(row, "difference").sure for _, row in table.iloc[1:].iterrows()):
            return words.t("conclusion.alike", **facts)
    if key == "undecided" and np.isnan(best["low"]):
        return words.t("conclusion.policy_one_run", **facts)
    if way == "neither":
        return words.t(f"conclusion.highest_{key}", **facts)
    if key == "base":
        facts["others"] = close_behind(words, table.iloc[1:])
    return words.t(f"conclusion.best_{key}", **facts)


def close_behind(words: Words, others: pd.DataFrame) -> str:
    """The ways to steer that cannot be told from the first one; nothing when all can."""
    close = [words.policy(row["policy"]) for _, row in others.iterrows() if not _estimate(row, "difference").sure]
    return _added(words, "cannot_be_told", others=[small(name) for name in close]) if close else ""


def depends(words: Words, row: pd.Series) -> str:
    """Whether what a lever does depends on a circumstance or on the way to steer."""
    sure = _estimate(row, "difference").sure
    facts = {
        "block": words.circumstances(row["scenario"], row["events"]),
        "factor": words.lower(row["factor"]),
        "outcome": words.main(),
        "here": given_in_words(words, row["given"], row["here"]),
        "there": given_in_words(words, row["given"], row["there"]),
        "first": words.difference(row["effect_here"]),
        "second": words.difference(row["effect_there"]),
    }
    if not sure:
        return words.t("conclusion.depends_not", **facts)
    limits = {name: words.number(row[name], words.answers.main, signed=True) for name in ("low", "high")}
    return words.t("conclusion.depends", difference=words.difference(row["difference"]), **facts, **limits)


def given_in_words(words: Words, given: str, value: str) -> str:
    """A circumstance with its value, or a way to steer."""
    if given == POLICY:
        return small(words.policy(value))
    return f"{words.lower(given)} {words.t('number', value=float(value))}"


def dependence_table(words: Words, rows: pd.DataFrame) -> Table:
    """What each lever does in two circumstances, or under two ways to steer, and the difference with its interval."""
    main = words.answers.main
    cells = [
        (
            words.factor(row["factor"]),
            given_in_words(words, row["given"], row["here"]),
            words.number(row["effect_here"], main, signed=True),
            given_in_words(words, row["given"], row["there"]),
            words.number(row["effect_there"], main, signed=True),
            *(words.number(row[name], main, signed=True) for name in ("difference", "low", "high")),
        )
        for _, row in rows.iterrows()
    ]
    names = ("what", "here", "effect", "there", "effect", "difference", "low", "high")
    return Table([words.t(f"column.{name}") for name in names], cells, frozenset({2, 4, 5, 6, 7}))


def wins(words: Words, scenario: str, events: str, table: pd.DataFrame) -> str:
    """In which share of the combinations each way to steer does best."""
    best, *rest = [row for _, row in table.iterrows()]
    others = [row for row in rest if row["wins"]]
    alike = 1.0 - float(table["wins"].sum())
    parts = [
        words.t(
            "conclusion.wins_too", policy=small(words.policy(row["policy"])), wins=row["wins"], sure=row["sure_wins"]
        )
        for row in others
    ]
    facts = {"block": words.circumstances(scenario, events), "best": words.policy(best["policy"])}
    tied = words.t("conclusion.wins_nobody", share=alike) if alike > LEAST_TIES else ""
    if not best["wins"]:
        return f"{facts['block']}{tied}"
    told = enumerated(parts, words.language)
    key = "wins_unsure" if not table["sure_wins"].any() else "wins" if others else "wins_alone"
    sentence = words.t(f"conclusion.{key}", wins=best["wins"], sure=best["sure_wins"], others=told, **facts)
    return f"{sentence} {tied}".rstrip()


def domain(words: Words, scenario: str, policy: str, events: str, box: Box) -> str:
    """In which part of the circumstances a way to steer does better than all others."""
    limits = enumerated([words.limit(limit) for limit in box.limits], words.language)
    facts = {"density": box.density, "coverage": box.coverage, "mass": box.mass, "limits": limits}
    return words.t(
        "conclusion.domain",
        block=words.circumstances(scenario, events),
        policy=words.policy(policy),
        everywhere=float(_wins(words, scenario, policy, events)["wins"]),
        **facts,
    )


def _wins(words: Words, scenario: str, policy: str, events: str) -> pd.Series:
    """The row of a way to steer in the table of who does best how often."""
    table = words.answers.tables["wins"]
    mine = (table["scenario"] == scenario) & (table["events"] == events) & (table["policy"] == policy)
    return table[mine].iloc[0]


def worked_on(words: Words, name: str, effects: pd.DataFrame) -> str:
    """Which factor does most for each outcome."""
    parts = []
    for outcome in words.answers.experiment.outcomes:
        best = words.answers.does_most(effects, outcome)
        label = small(words.outcome(outcome))
        ending = "_moves" if words.answers.direction(outcome) == NEITHER else ""
        if best is None:
            parts.append(words.t(f"conclusion.worked_on_by_none{ending}", outcome=label))
            continue
        limits = {end: words.number(best[end], outcome, signed=True) for end in ("low", "high")}
        facts = {"factor": words.lower(best["factor"]), "effect": words.difference(best["effect"], outcome), **limits}
        parts.append(words.t(f"conclusion.worked_on_by{ending}", outcome=label, **facts))
    return words.t("conclusion.worked_on", block=name, parts=parts)


def effect_table(words: Words, effects: pd.DataFrame) -> Table:
    """Main effects of every factor on every outcome; the strongest on an outcome has a mark."""
    outcomes = list(words.answers.experiment.outcomes)
    best = {outcome: words.answers.does_most(effects, outcome) for outcome in outcomes}
    marked = {(outcome, str(row["factor"])) for outcome, row in best.items() if row is not None}
    main = effects[effects["other"] == ""].pivot(index="factor", columns="outcome", values="effect")
    values = main.loc[words.answers.factors, outcomes].to_numpy(dtype=float)
    rows = [
        (
            words.factor(name),
            *(
                words.number(value, outcome, signed=True) + (MARK if (outcome, name) in marked else "")
                for outcome, value in zip(outcomes, row, strict=True)
            ),
        )
        for name, row in zip(words.answers.factors, values.tolist(), strict=True)
    ]
    headings = [words.t("column.what"), *(words.outcome(outcome) for outcome in outcomes)]
    return Table(headings, rows, frozenset(range(1, len(headings))))


def robust(words: Words, table: pd.DataFrame) -> str:
    """Which choice holds up in the worst world, and which falls short of the best by the least."""
    worst, regret = (table[table[f"best_{name}"]].iloc[0] for name in ("worst", "regret"))
    close = int((~table["told"]).sum()) - 1  # without the best itself
    facts: dict[str, object] = {"worst": words.number(worst["worst"], words.answers.main), "outcome": words.main()}
    if close == len(table) - 1:
        return words.t("conclusion.robust_alike", **facts)
    facts["close"] = _added(words, "robust_close", number=close, choices=len(table) - 1) if close else ""
    same = int(worst["choice"]) == int(regret["choice"])
    names = {"choice": words.choice(worst), "other": words.choice(regret)}
    return words.t("conclusion.robust_same" if same else "conclusion.robust", **facts, **names)


def shares(words: Words, indices: pd.DataFrame, groups: pd.DataFrame) -> Iterator[str]:
    """How much of the differences comes from choices and how much from circumstances, if that can be told from luck."""
    main, of_main = (table[table["outcome"] == words.answers.main] for table in (indices, groups))
    for names, rows in main.groupby(list(BLOCK), sort=False):
        same = np.logical_and.reduce([of_main[part] == name for part, name in zip(BLOCK, names, strict=True)])
        block, top = words.block(*(str(name) for name in names)), rows.iloc[0]
        facts = {"block": block, "outcome": words.main(), "top": words.lower(top["input"])}
        facts |= {"total": top["total"], "low": top["total_low"], "high": top["total_high"], "noise": top["noise"]}
        if not rows["told"].any() or top["total_high"] - top["total_low"] > WIDE:
            key = "wide" if rows["told"].any() else "not_told" if np.isfinite(top["total"]) else "unknown"
            yield words.t(f"conclusion.shares_{key}", **facts)
            continue
        parts = [
            words.t(f"conclusion.share_{row['group']}", share=row["share"], low=row["low"], high=row["high"])
            for _, row in of_main[same].iterrows()
            if _members(words, row["group"])
        ]
        others = _also(words, rows, "total_low", "total_high")
        if max(rows["total"].max(), of_main[same]["share"].max()) > WIDE:
            others += _added(words, "shares_over")
        yield words.t("conclusion.shares", parts=parts, others=others, **facts)


def strongest(words: Words, table: pd.DataFrame) -> Iterator[str]:
    """Which factor moves the outcome most, if any can be told from luck."""
    main = table[table["outcome"] == words.answers.main]
    for names, indices in main.groupby(list(BLOCK), sort=False):
        top = indices.iloc[0]
        facts = {name: words.difference(top[name]) for name in ("low", "high", "noise")}
        facts |= {"top": words.lower(top["input"]), "size": words.difference(top["mu_star"])}
        facts |= {"block": words.block(*(str(name) for name in names)), "outcome": words.main()}
        if np.isnan(top["noise"]):
            yield words.t("conclusion.morris_one_run", **facts)
        elif not indices["told"].any():
            key = "nothing" if top["mu_star"] == 0.0 else "not_told"
            yield words.t(f"conclusion.morris_{key}", **facts)
        else:
            yield words.t("conclusion.morris", others=_also(words, indices, "low", "high"), **facts)


def _members(words: Words, group: str) -> list[str]:
    """The factors that are chosen, or given."""
    given = words.answers.experiment.uncertainties
    return [name for name in words.answers.factors if (name in given) == (group == "given")]


def _also(words: Words, indices: pd.DataFrame, low: str, high: str) -> str:
    """The factors whose interval overlaps with that of the first, which need not be the first; nothing when none does."""
    close = indices.iloc[1:]
    close = close[close["told"] & (close[high] >= indices.iloc[0][low])]
    names = [words.lower(name) for name in close["input"]]
    return _added(words, "cannot_be_told", others=names) if names else ""


def _added(words: Words, key: str, **facts: object) -> str:
    """A sentence behind another one."""
    return f" {words.t(f'conclusion.{key}', **facts)}"


def _estimate(row: pd.Series, mean: str) -> Estimate:
    """The estimate in a row of a table of answers, which does not say of how many runs."""
    return Estimate(float(row[mean]), float(row["low"]), float(row["high"]), 0)
