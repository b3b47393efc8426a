"""Random scenarios for property tests: valid ones as mappings with the keys of a file, and ways to damage them."""

from __future__ import annotations

import copy
import datetime
import math
from typing import Any

from hypothesis import strategies as st

from ketensim.foundation.events import EVENT_NAMES
from ketensim.foundation.parameters import LEVER_NAMES, PARAMETERS, POLICIES
from ketensim.scenario.parts import RELATION_LEVERS

Data = dict[str, Any]
START = datetime.date(2024, 1, 1)
LETTERS = "ABCDEFGH"
TEXT = {"nl": "tekst", "en": "text"}
SMALL: Data = {
    "title": TEXT,
    "summary": TEXT,
    "look_at": TEXT,
    "try": TEXT,
    "start": datetime.date(2024, 1, 1),
    "weeks": 20,
    "burn_in": 10,
    "principals": [{"id": "council", "label": TEXT, "elections": [datetime.date(2024, 3, 20), 12], "tolerance": 0.1}],
    "organisations": [
        {"id": "Desk", "label": TEXT, "principal": "council", "fte": 4, "hours_per_case": 6, "tolerance": 0.2},
        {"id": "Team", "label": TEXT, "fte": 2.4, "hours_per_case": {"plain": 8, "hard": 12}, "stay": 2, "places": 30},
    ],
    "case_types": [
        {"id": "plain", "label": TEXT, "arrivals": 4, "entry": "Desk", "non_standard": 0.2, "norm": 8},
        {
            "id": "hard",
            "label": TEXT,
            "arrivals": 1,
            "entry": {"Desk": 0.25, "Team": 0.75},
            "non_standard": 0.8,
            "norm": 13,
        },
    ],
    "links": [
        {"from": "Team", "to": "Desk", "share": 0.1},
        {
            "from": "Desk",
            "to": "Team",
            "share": {"plain": 0.5, "hard": {"value": 0.9, "source": "report", "certainty": "low"}},
        },
    ],
    "sources": {"report": {"text": "a report", "tag": "L"}},
}
LARGEST_SHARE = 0.95  # of what leaves an organisation; the rest closes there


def numbers(lower: float, upper: float) -> st.SearchStrategy[float]:
    """Finite numbers in [lower, upper], rounded so that a file with them stays readable."""
    return st.floats(lower, upper, allow_nan=False).map(lambda value: min(upper, max(lower, round(value, 4))))


def quantities(lower: float, upper: float) -> st.SearchStrategy[Any]:
    """A number in [lower, upper], bare or with its provenance."""
    value = numbers(lower, upper)
    told = st.builds(
        lambda value, certainty: {"value": value, "source": "report", "certainty": certainty},
        value,
        st.sampled_from(["high", "medium", "low"]),
    )
    return st.one_of(value, told)


def texts() -> st.SearchStrategy[Data]:
    """A text in both languages, with whatever signs people type."""
    words = st.text(
        st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), min_size=1, max_size=30
    )
    return st.fixed_dictionaries({"nl": words, "en": words})


def lever_blocks() -> st.SearchStrategy[Data]:
    """Some levers with a value."""
    return st.dictionaries(st.sampled_from(LEVER_NAMES), numbers(0, 1), max_size=4)


@st.composite
def scenarios(draw: st.DrawFn, organisations: int = 8, case_types: int = 3, parameters: bool = True) -> Data:
    """A valid scenario: every organisation can be reached, every case can leave, every name exists.

    Parameters
    ----------
    organisations : at most this many, 1 to 8
    case_types : at most this many
    parameters : whether some parameters of the model get another value in their range
    """
    names = [f"{letter} {letter.lower()}" for letter in LETTERS[: draw(st.integers(1, organisations))]]
    types = [f"type {number}" for number in range(draw(st.integers(1, case_types)))]
    weeks, burn_in = draw(st.integers(1, 60)), draw(st.integers(0, 20))
    principals = [_principal(draw, number) for number in range(draw(st.integers(0, 2)))]
    links = [link for index in range(len(names)) for link in _links(draw, index, names, types)]
    pairs = sorted({tuple(sorted((link["from"], link["to"]))) for link in links})
    return {
        **dict.fromkeys(("summary", "look_at", "try"), TEXT),
        "title": draw(texts()),
        "start": START,
        "weeks": weeks,
        "burn_in": burn_in,
        "promise": draw(quantities(0, 1)),
        "context": {"capacity": draw(numbers(0.3, 2))},
        "policy": draw(st.sampled_from(POLICIES)),
        "levers": draw(lever_blocks()),
        "parameters": draw(_overrides()) if parameters else {},
        "principals": principals,
        "organisations": [_organisation(draw, name, types, principals) for name in names],
        "case_types": [_case_type(draw, name, names, first=index == 0) for index, name in enumerate(types)],
        "links": links,
        "calendar": draw(st.lists(_changes(names, pairs, weeks, burn_in), max_size=3)),
        "events": draw(st.lists(_events(names, types, weeks, burn_in), max_size=4)),
        "sources": {"report": {"text": "a report", "tag": "L"}},
    }


def _principal(draw: st.DrawFn, number: int) -> Data:
    moment = st.one_of(st.integers(-20, 100), st.dates(datetime.date(2023, 1, 1), datetime.date(2028, 1, 1)))
    elections = draw(st.lists(moment, max_size=2))
    return {"id": f"council {number}", "label": TEXT, "elections": elections, "tolerance": draw(numbers(-0.2, 0.2))}


@st.composite
def _overrides(draw: st.DrawFn) -> Data:
    rows = draw(st.lists(st.sampled_from(PARAMETERS), max_size=5, unique_by=lambda row: row.name))
    return {row.name: draw(numbers(row.lower, row.upper)) for row in rows}


def _organisation(draw: st.DrawFn, name: str, types: list[str], principals: list[Data]) -> Data:
    data = {
        "id": name,
        "label": TEXT,
        "fte": draw(quantities(0.3, 60)),
        "own_work": draw(quantities(0, 0.6)),
        "independence": draw(numbers(0, 1)),
        "drift": draw(numbers(0, 0.1)),
        "turnover": draw(numbers(0, 0.5)),
        "absence": draw(numbers(0, 0.3)),
        "hiring_weeks": draw(numbers(1, 52)),
        "term": draw(numbers(1, 12)),
        "ambition": {"x": draw(numbers(-2, 2)), "y": draw(numbers(-2, 2))},
        "levers": draw(lever_blocks()),
        "hours_per_case": draw(_per_type(types, quantities(0.5, 30))),
        "stay": draw(_per_type(types, st.integers(0, 12))),
        "cost": draw(quantities(0, 200)),
    }
    for name in ("reporting_politics", "reporting_operation"):
        if draw(st.booleans()):
            data[name] = draw(numbers(0, 0.3))
    if principals:
        data["principal"] = draw(st.sampled_from(principals))["id"]
    if draw(st.booleans()):
        data["places"] = draw(st.integers(1, 100))
    return data


def _per_type(types: list[str], number: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(number, st.fixed_dictionaries(dict.fromkeys(types, number)))


def _case_type(draw: st.DrawFn, name: str, names: list[str], first: bool) -> Data:
    norm = draw(st.integers(1, 30))
    second = draw(st.sampled_from(names))
    part = draw(st.integers(1, 10)) / 10
    shares = {names[0]: 1} if second == names[0] else {names[0]: part, second: round(1 - part, 1)}
    return {
        "id": name,
        "label": TEXT,
        "arrivals": draw(quantities(0.5 if first else 0, 12)),
        "entry": draw(st.sampled_from([names[0], shares])),
        "non_standard": draw(quantities(0, 1)),
        "urgent": draw(numbers(0, 1)),
        "norm": norm,
        "drop_after": norm + draw(st.integers(0, 60)),
        "counts": first or draw(st.booleans()),
    }


def _links(draw: st.DrawFn, index: int, names: list[str], types: list[str]) -> list[Data]:
    """Links that leave one organisation: always on to the next, sometimes further, sometimes back, sometimes to talk."""
    others = [name for name in names if name != names[index]]
    onwards = names[index + 1 : index + 2]
    more = draw(st.lists(st.sampled_from(others), max_size=2)) if others else []
    targets = list(dict.fromkeys(onwards + more))
    most = LARGEST_SHARE / max(1, len(targets))
    share = _per_type(types, quantities(0.01, math.floor(most * 1000) / 1000))
    links: list[Data] = [
        {"from": names[index], "to": target, "share": draw(share), "levers": draw(_of_a_relation())}
        for target in targets
    ]
    silent = [name for name in others if name not in targets]
    talk: bool = draw(st.booleans())
    if silent and talk:
        links.append({"from": names[index], "to": draw(st.sampled_from(silent)), "consultation": True})
    return links


def _of_a_relation(least: int = 0) -> st.SearchStrategy[Data]:
    return st.dictionaries(st.sampled_from(RELATION_LEVERS), numbers(0, 1), min_size=least, max_size=2)


@st.composite
def _moment(draw: st.DrawFn, weeks: int, burn_in: int) -> Data:
    week = draw(st.integers(-burn_in, weeks - 1))
    return draw(st.sampled_from([{"week": week}, {"date": START + datetime.timedelta(weeks=week)}]))


def _some(names: list[str]) -> st.SearchStrategy[Any]:
    """One name, or a list of names."""
    return st.sampled_from(names) | st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True)


def _where(names: list[str]) -> st.SearchStrategy[Data]:
    return st.just({}) | _some(names).map(lambda chosen: {"organisation": chosen})


@st.composite
def _changes(draw: st.DrawFn, names: list[str], pairs: list[tuple[str, ...]], weeks: int, burn_in: int) -> Data:
    levers = st.dictionaries(st.sampled_from(LEVER_NAMES), numbers(0, 1), min_size=1, max_size=3)
    if pairs and draw(st.booleans()):
        pair = draw(st.permutations(draw(st.sampled_from(pairs))))
        of_two = {"organisation": pair[:1], "partner": pair[1], "levers": draw(_of_a_relation(1))}
        return {**draw(_moment(weeks, burn_in)), **of_two}
    restraint = {"restraint": draw(numbers(-1, 1))} if draw(st.booleans()) else {}
    return {**draw(_moment(weeks, burn_in)), **draw(_where(names)), "levers": draw(levers), **restraint}


@st.composite
def _events(draw: st.DrawFn, names: list[str], types: list[str], weeks: int, burn_in: int) -> Data:
    kind = draw(st.sampled_from(EVENT_NAMES))
    case_type = {"case_type": draw(_some(types))} if kind == "arrival_wave" and draw(st.booleans()) else {}
    series = kind in ("arrival_wave", "capacity_loss")
    least, most = -1 if series else 0, 3 if kind == "arrival_wave" else 1
    then = {"then": draw(st.lists(numbers(least, most), max_size=3))} if series and draw(st.booleans()) else {}
    return {
        **draw(_moment(weeks, burn_in)),
        **(draw(_where(names)) if kind not in ("arrival_wave", "law") else {}),
        **case_type,
        **then,
        "type": kind,
        "size": draw(quantities(least, most)),
        "weeks": draw(st.integers(1, 30)),
        "label": TEXT,
    }


# --- damage --------------------------------------------------------------------------------------------------------
JUNK: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**400), 10**400),
    st.floats(),
    st.text(max_size=10),
    st.just([]),
    st.just({}),
    st.just({"value": {"value": 1}}),
    st.just({1: 2}),
    st.dates(),
    st.datetimes(),
    st.binary(max_size=5),
    st.sampled_from(["0.3", "A a", "type 0", "value", -1, 2, 1e308, 5e-324, [[]], ["A a"]]),
)


def _blocks(part: Any) -> list[Any]:
    """Every mapping and list in a structure that holds something."""
    inner = list(part.values()) if isinstance(part, dict) else part if isinstance(part, list) else []
    found = [block for one in inner for block in _blocks(one)]
    return [part, *found] if isinstance(part, dict | list) and part else found


@st.composite
def damaged(draw: st.DrawFn, data: Data) -> Data:
    """The same mapping with one to three things deleted, renamed, doubled or replaced by junk."""
    broken = copy.deepcopy(data)
    for _ in range(draw(st.integers(1, 3))):
        blocks = _blocks(broken)
        if blocks:
            _damage(draw, draw(st.sampled_from(blocks)))
    return broken


def _damage(draw: st.DrawFn, block: Any) -> None:
    keys = list(block) if isinstance(block, dict) else list(range(len(block)))
    key = draw(st.sampled_from(keys))
    match draw(st.sampled_from(["delete", "replace", "rename", "double"])):
        case "delete":
            del block[key]
        case "replace":
            block[key] = draw(JUNK)
        case "rename" if isinstance(block, dict):
            block[draw(st.one_of(st.text(max_size=8), st.just(f"{key}x")))] = block.pop(key)
        case _ if isinstance(block, dict):
            block[f"{key}_2"] = block[key]
        case _:
            block.append(copy.deepcopy(block[key]))
