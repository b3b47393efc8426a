"""Whole parts of a chain of one's own: one more, one less, a number for each instead of one for all."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from itertools import permutations
from typing import Any, Final

from ketensim.app.own.building import (
    MENTIONS,
    Data,
    Steps,
    by_name,
    name_replaced,
    number_of,
    put,
    value_at,
    with_short_name,
)
from ketensim.scenario.fields import short_name
from ketensim.texts import LANGUAGES, t

FIRST_SHARE: Final = 0.5  # of the cases that go on to an organisation that is new
NEW: Final[Mapping[str, Data]] = {  # what a new part begins with, as an assumption
    "organisations": {"fte": 5, "hours_per_case": 6},
    "case_types": {"arrivals": 5, "norm": 13, "non_standard": 0.3},
    "principals": {},
}
KEPT_WITHOUT: Final = (  # the part stays when the name goes
    ("case_types", "entry"),
    ("organisations", "principal"),
    *MENTIONS["case_types"][:3],
)


def with_part(data: Data, block: str, language: str, after: int | None = None) -> Data:
    """The content with one part more; a new organisation gets a link, so that cases can reach it.

    Parameters
    ----------
    data : the content
    block : of the part
    language : in which it gets a short name that is made up
    after : place of the organisation that a new one gets its cases from; None = the last one
    """
    new = copy.deepcopy(data)
    new.setdefault(block, [])
    if block == "links":
        return _linked(new)
    number = len(new[block]) + 1
    label = {each: t(f"own.new.{block}", each, number=number) for each in LANGUAGES}
    part = {"id": "", "label": label, **copy.deepcopy(dict(NEW[block]))}
    new[block].append(part)
    new = with_short_name(new, block, number - 1, short_name(label[language]))
    if block == "organisations" and number > 1:
        giver = new[block][-2 if after is None else after].get("id")
        return with_link(_with_room(new, giver), giver, new[block][-1]["id"])
    if block == "organisations":
        for kind in new.get("case_types", []):
            kind["entry"] = kind.get("entry") or new[block][0]["id"]
    if block == "case_types":
        _typed_as_first(new)
    return new


def with_link(data: Data, giver: Any, receiver: Any) -> Data:
    """The content with a link; it carries half of the cases when the giver still closes so many, else all that it closes."""
    new = copy.deepcopy(data)
    share = min(FIRST_SHARE, _left(new, giver))
    way = {"share": share} if share > 0 else {"consultation": True}
    new.setdefault("links", []).append({"from": giver, "to": receiver, **way})
    return new


def _with_room(data: Data, giver: Any) -> Data:
    """The content in which an organisation has cases left to pass on: half of the most that it passes on to one other."""
    carried = {
        number: number_of(value_at(data, ("links", number, "share"))) or 0.0
        for number, link in enumerate(data.get("links", []))
        if link.get("from") == giver
    }
    most = max(carried, key=lambda number: carried[number], default=None)
    if most is None or _left(data, giver) > 0 or not carried[most]:
        return data
    return put(data, ("links", most, "share"), round(carried[most] / 2, 3))


def without_part(data: Data, block: str, place: int) -> tuple[Data, int]:
    """The content without a part, and how many other parts went with it because they were about it only."""
    new = copy.deepcopy(data)
    name = new[block].pop(place).get("id")
    gone = 0
    for other, field in MENTIONS.get(block, ()):
        kept = []
        for mention in new.get(other, []):
            before = mention.get(field)
            if before is not None:
                mention[field] = name_replaced(before, name, None)
                if mention[field] in (None, [], {}):
                    del mention[field]
            if field in mention or before is None or (other, field) in KEPT_WITHOUT:
                kept.append(mention)
        if other in new:
            gone += len(new[other]) - len(kept)
            new[other] = kept
    _whole_entries(new)
    return new, gone


def one_for_each(data: Data, steps: Steps) -> Data:
    """One number for all becomes a number for each; where cases come in becomes a share of each."""
    value = value_at(data, steps)
    if steps[-1] == "entry":
        entry = value if isinstance(value, str) else next(iter(value or {}), "")
        names = [part.get("id") for part in data["organisations"]]
        return put(data, steps, {name: 1.0 if name == entry else 0.0 for name in names})
    return put(data, steps, {part.get("id"): copy.deepcopy(value) for part in data.get("case_types", [])})


def one_for_all(data: Data, steps: Steps) -> Data:
    """A number for each becomes one number for all: the first; cases come in where most of them came in."""
    value = value_at(data, steps)
    if not isinstance(value, dict) or not value:
        return data
    if steps[-1] == "entry":
        return put(data, steps, {max(value, key=lambda name: number_of(value[name]) or 0.0): 1})
    return put(data, steps, next(iter(value.values())))


def _linked(data: Data) -> Data:
    """One link more, between two organisations that have none yet, from one that still has cases to pass on."""
    names = [part.get("id") for part in data.get("organisations", [])]
    taken = {(link.get("from"), link.get("to")) for link in data["links"]}
    pairs = [pair for pair in permutations(names, 2) if pair not in taken and pair[0] != pair[1]]
    pairs.sort(key=lambda pair: _left(data, pair[0]) <= 0)
    giver, receiver = pairs[0] if pairs else (names[0] if names else "", "")
    share = round(min(FIRST_SHARE, _left(data, giver)) / 2, 3)
    way = {"share": share} if share > 0 else {"consultation": True}
    data["links"].append({"from": giver, "to": receiver, **way})
    return data


def _left(data: Data, giver: Any) -> float:
    """Share of the cases of an organisation that closes there, of the type of which least does."""
    totals = {part.get("id"): 0.0 for part in data.get("case_types", [])}
    for link in data.get("links", []):
        if link.get("from") == giver:
            share = link.get("share")
            for name in totals:
                totals[name] += number_of(share.get(name) if by_name(share) else share) or 0.0
    return round(max(0.0, 1.0 - max(totals.values(), default=0.0)), 6)


def _typed_as_first(data: Data) -> None:
    """A new case type goes the way of the first one, takes as long, and comes in at the same place."""
    like, new = data["case_types"][0], data["case_types"][-1]
    if like is new:
        new["entry"] = next((part.get("id") for part in data.get("organisations", [])), "")
        return
    if "entry" in like:
        new["entry"] = copy.deepcopy(like["entry"])
    for block, field in MENTIONS["case_types"][:3]:
        for part in data.get(block, []):
            if by_name(part.get(field)) and like.get("id") in part[field]:
                part[field][new["id"]] = number_of(part[field][like["id"]])


def _whole_entries(data: Data) -> None:
    """Cases come in somewhere: what is left of their shares is made whole again."""
    names = [part.get("id") for part in data.get("organisations", [])]
    for part in data.get("case_types", []):
        entry = part.get("entry")
        if entry is None and names:
            part["entry"] = {names[0]: 1}
        elif isinstance(entry, dict):
            total = sum(number_of(share) or 0.0 for share in entry.values())
            if 0 < total < 1:
                part["entry"] = {name: (number_of(share) or 0.0) / total for name, share in entry.items()}
