"""What came out of an experiment in a few sentences, and which factor works on which outcome as a table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from ketensim.analysis.answers import BLOCK
from ketensim.analysis.dependence import POLICY
from ketensim.analysis.discovery import WORKBENCH, Box
from ketensim.run.estimate import HIGHER, Estimate
from ketensim.run.extras import of_extra
from ketensim.texts import enumerated, t
from ketensim.views.drawing.table import Table
from ketensim.views.experiment.experiment_words import Words, small

if TYPE_CHECKING:
    import pandas as pd

MOST_DEPENDENT: Final = 8  # sentences; with more only the largest that are sure
MARK: Final = " ●"  # behind the strongest effect on an outcome


def conclusions(words: Words) -> Iterator[str]:
    """What came out, in a few sentences."""
    answers, tables = words.answers, words.answers.tables
    if "first" in tables:
        for names, table in tables["first"].groupby(list(BLOCK), sort=False):
            yield leading_block(words, words.block(*(str(name) for name in names)), table.iloc[0], table.iloc[1])
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
        yield domain(words, scenario, policy, events, boxes[0])
    if "robustness" in tables:
        yield robust(words, tables["robustness"])
    for scenario, policy, events, boxes in answers.boxes:
        if boxes and not answers.domains:  # where each way to steer does best says more than where each goes well
            name = words.block(scenario, policy, events)
            yield f"{name}: {words.box(boxes[0])}" if len(answers.blocks) > 1 else words.box(boxes[0])
    if "sobol" in tables:
        yield from shares(words, tables["sobol"])
    if "morris" in tables:
        yield from strongest(words, tables["morris"])
    if answers.discovery_left_out:
        yield words.t("prim_left_out")
        yield t("error.no_extra", words.language, **of_extra(WORKBENCH, "PRIM"))


def leading_block(words: Words, name: str, best: pd.Series, second: pd.Series) -> str:
    """Which condition to start with."""
    main = words.answers.main
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
    return words.t(
        "conclusion.first" if _estimate(best, "effect").verdict() == HIGHER else "conclusion.none_first", **facts
    )


def best_policy(words: Words, scenario: str, events: str, table: pd.DataFrame) -> str:
    """The best way to steer against the first one."""
    main = words.answers.main
    sign = -1.0 if words.answers.less_is_better(main) else 1.0
    best = table.iloc[int((sign * table["mean"]).to_numpy().argmax())]
    base = table.iloc[0]
    facts = {
        "block": words.circumstances(scenario, events),
        "best": words.policy(best["policy"]),
        "base": words.policy(base["policy"]),
        "outcome": words.main(),
        "mean": words.number(best["mean"], main),
        "difference": words.difference(best["difference"]),
        "low": words.number(best["low"], main, signed=True),
        "high": words.number(best["high"], main, signed=True),
    }
    if best["policy"] == base["policy"]:
        return words.t("conclusion.base_best", **facts)
    return words.t("conclusion.best_policy" if _estimate(best, "difference").sure else "conclusion.undecided", **facts)


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
    best, *others = [row for _, row in table.iterrows()]
    parts = [
        words.t(
            "conclusion.wins_too", policy=small(words.policy(row["policy"])), wins=row["wins"], sure=row["sure_wins"]
        )
        for row in others
    ]
    facts = {"block": words.circumstances(scenario, events), "best": words.policy(best["policy"])}
    return words.t(
        "conclusion.wins",
        wins=best["wins"],
        sure=best["sure_wins"],
        others=enumerated(parts, words.language),
        **facts,
    )


def domain(words: Words, scenario: str, policy: str, events: str, box: Box) -> str:
    """In which part of the circumstances a way to steer does better than all others."""
    table = words.answers.tables["wins"]
    mine = (table["scenario"] == scenario) & (table["events"] == events) & (table["policy"] == policy)
    limits = enumerated([words.limit(limit) for limit in box.limits], words.language)
    facts = {"density": box.density, "coverage": box.coverage, "mass": box.mass, "limits": limits}
    return words.t(
        "conclusion.domain",
        block=words.circumstances(scenario, events),
        policy=words.policy(policy),
        everywhere=float(table.loc[mine, "wins"].to_numpy()[0]),
        **facts,
    )


def worked_on(words: Words, name: str, effects: pd.DataFrame) -> str:
    """Which factor does most for each outcome."""
    parts = []
    for outcome in words.answers.experiment.outcomes:
        best = words.answers.does_most(effects, outcome)
        label = small(words.outcome(outcome))
        if best is None:
            parts.append(words.t("conclusion.worked_on_by_none", outcome=label))
            continue
        facts = {"factor": words.lower(best["factor"]), "effect": words.difference(best["effect"], outcome)}
        parts.append(words.t("conclusion.worked_on_by", outcome=label, **facts))
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
    facts = {"worst": words.number(worst["worst"], words.answers.main), "outcome": words.main()}
    same = int(worst["choice"]) == int(regret["choice"])
    names = {"choice": words.choice(worst), "other": words.choice(regret)}
    return words.t("conclusion.robust_same" if same else "conclusion.robust", **facts, **names)


def shares(words: Words, table: pd.DataFrame) -> Iterator[str]:
    """How much of the differences comes from choices and how much from circumstances."""
    given = set(words.answers.experiment.uncertainties)
    main = table[table["outcome"] == words.answers.main]
    for names, indices in main.groupby(list(BLOCK), sort=False):
        outside = indices["input"].isin(given)
        facts = {"chosen": indices[~outside]["first"].sum(), "given": indices[outside]["first"].sum()}
        top = indices.iloc[0]
        block = words.block(*(str(name) for name in names))
        yield words.t("conclusion.shares", block=block, top=words.lower(top["input"]), total=top["total"], **facts)


def strongest(words: Words, table: pd.DataFrame) -> Iterator[str]:
    """Which factor moves the outcome most."""
    main = table[table["outcome"] == words.answers.main]
    for names, indices in main.groupby(list(BLOCK), sort=False):
        top = indices.iloc[0]
        facts = {name: words.difference(top[name]) for name in ("low", "high", "noise")}
        facts |= {"top": words.lower(top["input"]), "size": words.difference(top["mu_star"])}
        yield words.t(
            "conclusion.morris", block=words.block(*(str(name) for name in names)), outcome=words.main(), **facts
        )


def _estimate(row: pd.Series, mean: str) -> Estimate:
    """The estimate in a row of a table of answers, which does not say of how many runs."""
    return Estimate(float(row[mean]), float(row["low"]), float(row["high"]), 0)
