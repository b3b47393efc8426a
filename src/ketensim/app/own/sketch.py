"""The chain as a drawing in which one works: who stands in which row, and every link, also of a chain that is not right yet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from ketensim.app.own.building import Data, by_name, number_of, value_at
from ketensim.app.own.form_fields import cell_text
from ketensim.texts import t
from ketensim.views.drawing.layers import rows_of

TALK: Final = 0.01  # what consultation counts for beside shares, where organisations are put in rows
Blocks = Sequence[dict[str, Any]]  # as ``form.form`` gives them


def sketch(data: Data, blocks: Blocks, language: str) -> dict[str, Any]:
    """Boxes, links and rows, as plain values for the page.

    Parameters
    ----------
    data : content of the draft
    blocks : its form, in which stands what each part is called and what is wrong with it
    language : of the words
    """
    rows = {block["name"]: block["rows"] for block in blocks}
    names = [part.get("id") for part in data.get("organisations", [])]
    place = {name: number for number, name in enumerate(names)}
    ends = [(place.get(link.get("from")), place.get(link.get("to"))) for link in data.get("links", [])]
    return {
        "count": len(ends),
        "rows": _rows(data, names, ends),
        "boxes": [
            {
                "title": row["title"],
                "staff": t("own.draw.staff", language, fte=_staff(data, number, language)),
                "entry": _enters(data, names[number]) > 0,
                "wrong": _wrong(row),
                "cells": _own_cells(row, "organisations"),
            }
            for number, row in enumerate(rows["organisations"])
        ],
        "links": [
            {
                "place": number,
                "from": source,
                "to": target,
                "title": row["title"],
                "carried": _carried(data["links"][number], language),
                "talk": data["links"][number].get("consultation") is True,
                "wrong": _wrong(row),
                "cells": _own_cells(row, "links"),
            }
            for number, (row, (source, target)) in enumerate(zip(rows["links"], ends, strict=True))
            if source is not None and target is not None and source != target
        ],
    }  # fmt: skip


def _staff(data: Data, place: int, language: str) -> str:
    return cell_text(value_at(data, ("organisations", place, "fte")), "number", language)


def _rows(data: Data, names: list[Any], ends: list[tuple[int | None, int | None]]) -> list[list[int]]:
    flow = np.zeros((len(names), len(names)))
    for link, (source, target) in zip(data.get("links", []), ends, strict=True):
        if source is not None and target is not None and source != target:
            flow[source, target] += max(TALK, _mean_share(link))
    return rows_of(flow, np.array([_enters(data, name) for name in names]))


def _mean_share(link: Data) -> float:
    values = [number_of(value) or 0.0 for value in _shares(link)]
    return sum(values) / max(1, len(values))


def _shares(link: Data) -> list[Any]:
    """The share of a link, or of each case type."""
    share = link.get("share")
    return list(share.values()) if isinstance(share, dict) and by_name(share) else [share]


def _enters(data: Data, name: Any) -> float:
    """Parts of the case types that come in at an organisation, added up."""
    total = 0.0
    for kind in data.get("case_types", []):
        entry = kind.get("entry")
        total += float(entry == name) if isinstance(entry, str) else number_of((entry or {}).get(name)) or 0.0
    return total


def _carried(link: Data, language: str) -> str:
    """What stands beside a link: its share, or from the smallest to the largest when case types differ."""
    values = [value for value in _shares(link) if value is not None]
    texts = [cell_text(value, "percent", language) for value in sorted(values, key=lambda one: number_of(one) or 0.0)]
    both = [texts[0], texts[-1]] if texts and texts[0] != texts[-1] else texts[:1]
    return "–".join(both) + "%" if both else ""


def _wrong(row: dict[str, Any]) -> bool:
    return bool(row["errors"]) or any(cell["errors"] for cell in (*row["basic"], *row["more"]))


def _own_cells(row: dict[str, Any], block: str) -> list[dict[str, Any]]:
    """What can be typed beside the drawing; a link has its ends in the drawing itself."""
    return [cell for cell in row["basic"] if block != "links" or cell["kind"] == "percent"]
