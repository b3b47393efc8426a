"""A description of an experiment in the order of ODD, as Markdown: enough to judge it and to run it again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from ketensim.experiment.design_parts import Design, Factor
from ketensim.experiment.run_parts import OF_STOPPING, Stop
from ketensim.experiment.specification import Experiment
from ketensim.foundation.outcome_table import OUTCOME_OF, OUTCOMES
from ketensim.scenario.parts import Timed
from ketensim.texts import t, word
from ketensim.views.experiment.experiment_words import Words
from ketensim.views.report.run_tables import OF_TOTALS

UNITS: Final = {row.name: row.unit for row in OUTCOMES}


def description_of(words: Words, command: str) -> str:
    """The description in the language of the words.

    Parameters
    ----------
    words : of the experiment
    command : the command line that gives the same result again
    """
    return "\n".join(_lines(words, command)) + "\n"


def short_description(words: Words, command: str) -> list[tuple[str, str]]:
    """The same in a few rows of two cells, for a sheet."""
    experiment, manifest = words.answers.experiment, words.answers.result.manifest
    note = experiment.note.in_language(words.language) if experiment.note else ""
    return [
        (words.t("odd.title"), experiment.title.in_language(words.language)),
        (words.t("odd.purpose"), experiment.question.in_language(words.language)),
        (words.t("odd.chains"), ", ".join(_chains(words))),
        (words.t("odd.note"), note.strip()),
        (words.t("odd.size"), words.t("odd.size_in_words", points=manifest["points"], runs=experiment.runs)),
        ("seed", str(manifest["seed"])),
        ("model", manifest["model_sha256"]),
        (words.t("odd.again"), " ".join([command, *changed_model(words)])),
    ]


def _lines(words: Words, command: str) -> Iterator[str]:
    experiment, manifest = words.answers.experiment, words.answers.result.manifest
    yield f"# {experiment.title.in_language(words.language)}"
    yield from _section(words, "purpose", [experiment.question.in_language(words.language).strip()])
    yield from _section(words, "chains", [f"- {name}" for name in _chains(words)] + [words.t("odd.model")])
    yield from _section(words, "chosen", _chosen(words, experiment))
    yield from _section(words, "given", _given(words, experiment))
    yield from _section(words, "design", _design(words, experiment))
    yield from _section(words, "outcomes", [_outcome(words, name) for name in experiment.outcomes] + [_good(words)])
    if experiment.note:
        yield from _section(words, "note", [experiment.note.in_language(words.language).strip()])
    failed = [words.t("conclusion.failed", number=len(manifest["failed"]))] if manifest["failed"] else []
    versions = ", ".join(f"{name} {version}" for name, version in manifest["versions"].items())
    again = [*failed, f"`{command}`", f"{versions}, python {manifest['python']}; model `{manifest['model_sha256']}`."]
    yield from _section(words, "again", [*again, *changed_model(words)])


def changed_model(words: Words) -> list[str]:
    """That the model was changed, and what stands in for what; nothing when it was not."""
    changed = [facts for facts in words.answers.result.changed if facts]
    if not changed:
        return []
    places = dict.fromkeys(f"{name} = {place}" for facts in changed for name, place in facts.items() if name != "stamp")
    stamps = dict.fromkeys(facts["stamp"][:16] for facts in changed)
    return [words.t("changed_model", places="; ".join(places), stamps=", ".join(stamps))]


def _section(words: Words, name: str, lines: Sequence[str]) -> Iterator[str]:
    yield from ("", f"## {words.t(f'odd.{name}')}", "")
    yield from lines


def _chains(words: Words) -> list[str]:
    experiment = words.answers.experiment
    return [words.scenario(experiment.scenario_name(place)) for place in range(len(experiment.scenario))]


def _chosen(words: Words, experiment: Experiment) -> list[str]:
    lines = _factors(words, experiment.levers.items())
    if lines:
        lines.append(f"- {words.t('odd.always' if experiment.always else 'odd.decided')}")
    for policy in experiment.policies:
        settings = {name: part.value for name, part in policy.parameters.items()}
        settings |= {name: part.value for name, part in policy.levers.items()}
        details = [f"{words.factor(name)} {words.t('number', value=value)}" for name, value in settings.items()]
        told = {"odd.always": policy.always, "odd.one_roof": policy.one_roof}
        details += [words.t(key) for key, given in told.items() if given]
        for change in policy.calendar:
            moved = [
                f"{words.lower(name)} {words.t('number', value=part.value)}" for name, part in change.levers.items()
            ]
            levers = moved or [words.t("odd.restraint")]
            details.append(words.t("odd.change", week=_moment(change), levers=levers))
        lines.append(_with_details(words.policy(policy.id), details))
    return lines or [words.t("odd.nothing")]


def _given(words: Words, experiment: Experiment) -> list[str]:
    lines = _factors(words, experiment.uncertainties.items())
    for course in experiment.events:
        happens = [
            f"{event.label.in_language(words.language)} ({word(f'event.{event.type}', words.language).lower()}, "
            f"{words.t('odd.week', week=_moment(event))})"
            for event in course.events
        ]
        lines.append(_with_details(course.label.in_language(words.language), happens))
    return lines or [words.t("odd.nothing")]


def _with_details(name: str, details: list[str]) -> str:
    return f"- {name}" + (f": {'; '.join(details)}" if details else "")


def _moment(timed: Timed) -> object:
    """The week of an event or change, else its date."""
    return timed.date if timed.week is None else timed.week


def _factors(words: Words, factors: Iterable[tuple[str, Factor]]) -> list[str]:
    return [f"- {words.factor(name)} (`{name}`): {_values(words, factor)}" for name, factor in factors]


def _values(words: Words, factor: Factor) -> str:
    if factor.values:
        return "; ".join(words.t("number", value=value) for value in factor.values)
    return words.t("odd.between", low=factor.ends[0], high=factor.ends[1])


def _design(words: Words, experiment: Experiment) -> list[str]:
    points = words.answers.result.manifest["points"]
    luck = words.t("odd.equal_luck" if experiment.equal_luck else "odd.own_luck")
    lines = [words.t(f"odd.kind.{experiment.design.kind}", **_settings(experiment.design))]
    if experiment.worlds is not None:
        kind = words.t(f"odd.kind.{experiment.worlds.kind}", **_settings(experiment.worlds))
        lines.append(words.t("odd.worlds", kind=kind))
    sets = [words.t("odd.accepted")] if experiment.parameters == "accepted" else []
    size = words.t("odd.size_in_words", points=points, runs=experiment.runs)
    return [*lines, size, luck, *sets, *_kept(words, experiment)]


def _settings(design: Design) -> dict[str, object]:
    names = ("levels", "resolution", "points", "base", "trajectories")
    return {"rows": len(design.rows or ()), **{name: getattr(design, name) for name in names}}


def condition_of(words: Words, stop: Stop) -> str:
    """When runs stop, as a part of a sentence."""
    way = "above" if stop.above is not None else "below"
    facts = {"outcome": words.outcome(stop.outcome), "limit": stop.rule.limit, "weeks": stop.weeks}
    return words.t(f"stop.{way}", **facts)


def _kept(words: Words, experiment: Experiment) -> list[str]:
    """What is kept of every run and week, and when runs stop; nothing for most experiments."""
    lines = []
    if experiment.keep is not None:
        names = [*experiment.keep.chain, *experiment.keep.organisations]
        facts = {"names": ", ".join(f"`{name}`" for name in names), "files": words.answers.result.kept_tables}
        lines.append(words.t("odd.kept", **facts))
    if experiment.stop is not None:
        lines.append(words.t("odd.stop", condition=condition_of(words, experiment.stop)))
    return lines


def _outcome(words: Words, name: str) -> str:
    if name not in OUTCOME_OF:
        own = "" if name in OF_STOPPING else f": {words.t('odd.own_outcome')}"
        return f"- {words.outcome(name)} (`{name}`){own}"
    unit = word(f"unit.{UNITS[name]}", words.language, **words.handled)
    if OUTCOME_OF[name].summary == "sum":  # a run is told by its total, which is not per week
        unit = words.t("total", unit=word(f"unit.{OF_TOTALS[UNITS[name]]}", words.language, **words.handled))
    return f"- {words.outcome(name)} (`{name}`, {unit}): {t(f'outcome.{name}.help', words.language, **words.handled)}"


def _good(words: Words) -> str:
    """What is good enough, and when nobody said so."""
    if words.way() == "neither":
        return words.t("no_direction", outcome=words.main(), name=words.answers.main)
    return words.made_up() or words.t("odd.good", wanted=words.wanted())
