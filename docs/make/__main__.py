"""``uv run python -m docs.make``: see ``docs/make/__init__.py``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from docs.make.steps import STEPS, Pages, Step


def chosen(names: Sequence[str]) -> list[Step]:
    """The named steps and the pages that show what they make, in the order of the table; all without names."""
    shows = {step.name for step in STEPS if isinstance(step, Pages) and set(step.after) & set(names)}
    return [step for step in STEPS if not names or step.name in shows.union(names)]


def table_of_steps() -> str:
    """Every step with what it needs, how long it takes and what it writes."""
    rows = [
        (
            step.name,
            step.takes,
            " ".join(step.after) or "-",
            "pages" if isinstance(step, Pages) else " ".join(step.writes),
        )
        for step in STEPS
    ]
    widths = [max(len(row[place]) for row in rows) for place in range(3)]
    return "\n".join(
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[3]]) for row in rows
    )


def check(names: Sequence[str]) -> list[str]:
    """What is not as it would be made now; without names only what can be told within seconds."""
    steps = [step for step in chosen(names) if step.quick or step.name in names]
    return [f"{file}  (uv run python -m docs.make {step.name})" for step in steps for file in step.stale()]


def refresh(names: Sequence[str]) -> None:
    """Make what is stale, and what is named in any case."""
    for step in chosen(names):
        if isinstance(step, Pages) or step.name in names or step.stale():
            print(f"{step.name} ({step.takes})", flush=True)
            print("\n".join(f"  {file}" for file in step.refresh()) or "  as it was", flush=True)


def main(given: Sequence[str]) -> int:
    """Make, check or list; gives the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m docs.make", description="Make what people do not write in the documentation."
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these steps, and the pages that show them")
    parser.add_argument("--check", action="store_true", help="only say what is stale; exit code 1 when there is any")
    parser.add_argument("--list", action="store_true", help="only say what there is")
    asked = parser.parse_args(given)
    if unknown := set(asked.names) - {step.name for step in STEPS}:
        parser.error(f"there is no step {', '.join(sorted(unknown))}; --list says which there are")
    if asked.list:
        print(table_of_steps())
        return 0
    if not asked.check:
        refresh(asked.names)
        return 0
    stale = check(asked.names)
    print("\n".join(stale) or "everything is as it would be made now")
    return int(bool(stale))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
