"""Everything in the documentation that people do not write: tables, pictures, outputs and the results behind them.

``uv run python -m docs.make`` makes anew what is not as it would be made now, in the right order; ``--list`` tells what
there is, ``--check`` what is stale, and names do only those and the pages that show them. ``steps.py`` is the table.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
DOCS: Final = ROOT / "docs"
EXPERIMENTS: Final = ROOT / "experiments"
