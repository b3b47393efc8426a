"""The tables and sentences of the pages about evidence, one function each, from what experiments have stored."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

import numpy as np
from docs.make.blocks import markdown
from docs.make.stored_figures import stored_table

from ketensim.analysis.patterns import patterns
from ketensim.foundation.parameters import BY_NAME, LEVER_NAMES
from ketensim.texts import t, word
from ketensim.views.report import evidence

LEADING: Final = 12  # assumptions in a table
GOAL: Final = "outcome == 'goal_realisation'"
VISIBLE: Final = 0.02  # change of goal realisation
SURE: Final = 0.05  # chance, over all rows together, of calling one hump two


def _table(language: str, heads: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    """A table with headings from the catalogue; numbers come as (number, format)."""
    written = ([_written(cell, language) for cell in row] for row in rows)
    return markdown([t(f"evidence.head.{name}", language) for name in heads], written)


def _written(cell: Any, language: str) -> str:
    if isinstance(cell, str):
        return cell
    value, wish = cell
    return t(f"evidence.{wish}", language, value=float(value))


def _label(name: str, language: str) -> str:
    """An input in words, with the name that files use."""
    kind = "lever" if name in LEVER_NAMES else "parameter" if name in BY_NAME else "evidence.input"
    return f"{word(f'{kind}.{name}', language)} (`{name}`)"


def alone(language: str) -> str:
    """The assumptions that move goal realisation most when they move alone."""
    moves = stored_table("one").dropna(subset=["value"])
    size = moves.groupby("parameter")["effect"].agg(lambda effects: effects.abs().max())
    rows = []
    for name in size.sort_values(ascending=False).index[:LEADING]:
        ends = moves[moves.parameter == name].set_index("place")
        low, high = ends.loc[0.0], ends.loc[1.0]
        rows.append(
            (_label(name, language), (low.value, "number"), (high.value, "number"), (low.effect, "points"),
             (high.effect, "points"), (max(low.half_width, high.half_width), "points_plain"))
        )  # fmt: skip
    return _table(language, ("assumption", "half", "double", "effect_half", "effect_double", "half_width"), rows)


def humps(language: str) -> str:
    """Where the distribution over the runs is more than one hump (Hartigans' dip test, Holm's correction)."""
    tests = stored_table("one").sort_values("dip_p", ignore_index=True)
    limits = SURE / (len(tests) - np.arange(len(tests)))
    above = np.flatnonzero(tests.dip_p.to_numpy() > limits)
    number = int(above[0]) if len(above) else len(tests)
    facts = {"tests": len(tests), "least": float(tests.dip_p.min())}
    if number == 0:
        return t("evidence.humps.none", language, **facts)
    rows = [
        (_label(row.parameter, language) if isinstance(row.parameter, str) else t("evidence.as_it_is", language),
         (row.value, "number"), (row.p10, "percent"), (row.p90, "percent"), (row.dip_p, "number"))
        for row in tests.iloc[:number].itertuples()
    ]  # fmt: skip
    return (
        t("evidence.humps.some", language, number=number, **facts)
        + "\n\n"
        + _table(language, ("assumption", "value", "p10", "p90", "chance"), rows)
    )


def morris(language: str) -> str:
    """The screening of all assumptions together."""
    rows = [
        (_label(row.input, language), (row.mu_star, "points_plain"), (row.low, "points_plain"), (row.high, "points_plain"),
         (row.mu, "points"), (row.sigma, "points_plain"), (row.noise, "points_plain"))
        for row in stored_table("morris").query(GOAL).head(LEADING).itertuples()
    ]  # fmt: skip
    return _table(language, ("assumption", "mu_star", "low", "high", "mu", "sigma", "noise"), rows)


def _indices(indices: Any, language: str) -> str:
    rows: list[tuple[Any, ...]] = [
        (_label(row.input, language), (row.first, "percent"), (row.first_low, "percent"), (row.first_high, "percent"),
         (row.total, "percent"), (row.total_low, "percent"), (row.total_high, "percent"))
        for row in indices.itertuples()
    ]  # fmt: skip
    together = (t("evidence.interactions", language), (1.0 - indices["first"].sum(), "percent"), "", "", "", "", "")
    return _table(language, ("input", "first", "low", "high", "total", "low", "high"), [*rows, together])


def sobol(language: str) -> str:
    """Shares of the variance of goal realisation for the leading assumptions."""
    return _indices(stored_table("sobol").query(GOAL), language)


def levers(language: str) -> str:
    """Shares of the variance of goal realisation: capacity, mix of cases, levers, interactions."""
    return _indices(stored_table("levers").query(GOAL), language)


def clear(language: str) -> str:
    """Which levers explain something by themselves: those whose whole interval lies above nought."""
    indices = stored_table("levers").query(GOAL)
    own = indices[indices.input.isin(LEVER_NAMES)]
    names = [_label(name, language) for name in own[own.first_low > 0].input]
    return t(
        "evidence.clear" if names else "evidence.none_clear", language, levers=names, of=len(own), number=len(names)
    )


def lever_outcomes(language: str) -> str:
    """The same for all outcomes: total share per input."""
    indices = stored_table("levers")
    outcomes = list(dict.fromkeys(indices.outcome))
    total = indices.pivot(index="input", columns="outcome", values="total").loc[indices.query(GOAL).input, outcomes]
    rows = [
        (_label(name, language), *((value, "percent") for value in row))
        for name, row in zip(total.index, total.to_numpy(), strict=True)
    ]
    heads = [t("evidence.head.input", language), *(word(f"outcome.{name}", language) for name in outcomes)]
    return markdown(heads, ([_written(cell, language) for cell in row] for row in rows))


def submodels(language: str) -> str:
    """Which patterns hold under which form of the rules: in how many of the seeds."""
    table = stored_table("submodels")
    variants = list(dict.fromkeys(table.variant))
    held = table.assign(times=(table.holds * table.seeds).round()).pivot(
        index="pattern", columns="variant", values="times"
    )
    seeds = int(table.seeds.iloc[0])
    rows = [
        (name, *(t("evidence.times", language, times=int(held.loc[name, variant]), of=seeds) for variant in variants))
        for name in dict.fromkeys(table.pattern)
    ]
    heads = [t("evidence.head.pattern", language), *(t(f"evidence.variant.{name}", language) for name in variants)]
    return markdown(heads, rows)


def space(language: str) -> str:
    """In which share of the space of assumptions each pattern holds, and where."""
    rows = [
        (row.pattern, (row.share, "percent"), (row.low, "percent"), (row.high, "percent"), _box(row.pattern, language))
        for row in stored_table("space_shares").itertuples()
    ]
    return _table(language, ("pattern", "share", "low", "high", "where"), rows)


def _box(pattern: str, language: str) -> str:
    """The part of the space in which a pattern tends to hold, as a sentence."""
    boxes = stored_table("space_boxes")
    boxes = boxes[boxes.pattern == pattern]
    if not len(boxes):
        return t("evidence.box.nowhere", language)
    limits = []
    for row in boxes.itertuples():
        kind = "above" if np.isnan(row.high) else "below" if np.isnan(row.low) else "between"
        limits.append(t(f"evidence.box.{kind}", language, name=f"`{row.parameter}`", low=row.low, high=row.high))
    facts = {name: float(boxes[name].iloc[0]) for name in ("density", "coverage", "mass")}
    together = limits[0]
    for limit in limits[1:]:
        together = t("evidence.box.and", language, before=together, after=limit)
    return t("evidence.box.there", language, limits=together, **facts)


def waves(language: str) -> str:
    """How many sets each wave drew, and how many were left."""
    rows = [
        tuple((value, "number") for value in (row.wave, row.drawn, row.fit_figures, row.accepted, row.together))
        for row in stored_table("waves").itertuples()
    ]
    return _table(language, ("wave", "drawn", "fit_figures", "accepted", "together"), rows)


def figures(language: str) -> str:
    """Published figures beside the default set and the accepted sets."""
    rows = [
        (row.chain if language == "en" else _title(row.chain, language), f"`{row.indicator}`",
         t(f"evidence.{'asked' if row.asked else 'missed' if row.used_for == 'calibration' else 'held_back'}", language),
         *((value, "number") for value in (row.published, row.tolerance, row.default, row.p10, row.p50, row.p90)),
         (row.within, "percent"))
        for row in stored_table("figures").itertuples()
    ]  # fmt: skip
    heads = ("chain", "indicator", "used", "published", "tolerance", "default", "p10", "p50", "p90", "within")
    return _table(language, heads, rows)


def _title(title: str, language: str) -> str:
    """A chain's title in another language than English."""
    import ketensim as ks

    return next(chain.title.in_language(language) for chain in map(ks.load, ks.scenarios()) if chain.title.en == title)


def letting_go(language: str) -> str:
    """What more room, and no interventions, do over the accepted sets."""
    return _differences(stored_table("letting_go"), language)


def capacity(language: str) -> str:
    """What capacity does, what the levers do, and what they do together."""
    return _differences(stored_table("capacity"), language)


def _differences(table: Any, language: str) -> str:
    rows = []
    for row in table.itertuples():
        key = "_".join(filter(None, (row.question, *str(row.circumstances).replace("nan", "").split())))
        rows.append(
            (t(f"evidence.question.{key}", language), (row.mean, "points"), (row.half_width, "points_plain"),
             (row.p10, "points"), (row.p90, "points"), (row.better, "percent"), (row.again, "points"))
        )  # fmt: skip
    return _table(language, ("change", "mean", "half_width", "p10", "p90", "better", "again"), rows)


def bands(language: str) -> str:
    """The band of every chain, with luck alone and with the accepted sets, and what its variance is made of."""
    rows = [
        (f"`{row.chain}`", (row.luck_p10, "percent"), (row.luck_p90, "percent"), (row.p10, "percent"), (row.p90, "percent"),
         (row.parameters, "percent"), (1.0 - row.parameters, "percent"))
        for row in stored_table("bands").itertuples()
    ]  # fmt: skip
    return _table(language, ("chain", "luck_p10", "luck_p90", "p10", "p90", "parameters", "luck"), rows)


def moved(language: str) -> str:
    """How many assumptions move goal realisation visibly when they move alone."""
    size = (
        stored_table("one")
        .dropna(subset=["value"])
        .groupby("parameter")["effect"]
        .agg(lambda effects: effects.abs().max())
    )
    first, second = (_label(name, language) for name in size.sort_values(ascending=False).index[:2])
    facts = {"of": len(size), "number": int((size > VISIBLE).sum()), "limit": VISIBLE, "first": first, "second": second}
    return t("evidence.moved", language, **facts)


def kinds(language: str) -> str:
    """How many patterns are built in, in part, or not at all."""
    of_patterns = [pattern.kind for pattern in patterns()]
    facts = {kind: of_patterns.count(kind) for kind in ("built_in", "partly", "emerges")}
    return t("evidence.kinds", language, patterns=len(of_patterns), **facts)


TABLES: Final[dict[str, Callable[[str], str]]] = {
    make.__name__: make
    for make in (
        alone, humps, morris, sobol, levers, lever_outcomes, submodels, space, waves, figures, letting_go, capacity, bands,
        kinds, moved, clear,
    )
} | {"basis": evidence.basis_of_numbers}  # fmt: skip
