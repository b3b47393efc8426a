"""The compiler's door: same bits, and an edited rule is never an old rule."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import ClassVar

import pytest

import ketensim
from ketensim.foundation import compiled
from ketensim.foundation.tables import Tables

PACKAGE = Path(ketensim.__file__).parent
ONE_RUN = """
import sys
import ketensim as ks
scenario = ks.load("reference").with_weeks(20)
print(ks.simulate(scenario, runs=1, seed=1, workers=1).runs.trust_persons[0])
"""


def outcome_of_copy(folder: Path, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", ONE_RUN],
        env={**os.environ, "PYTHONPATH": str(folder / "src"), "PYTHONDONTWRITEBYTECODE": "1", **environment},
        capture_output=True,
        text=True,
        check=True,
        cwd=folder,
    )
    return done.stdout


@pytest.mark.jit
def test_an_edited_rule_is_followed_at_once(tmp_path):
    source = PACKAGE.parent.parent
    shutil.copytree(PACKAGE, tmp_path / "src" / "ketensim", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(source / "scenarios", tmp_path / "scenarios")
    before = outcome_of_copy(tmp_path)
    assert outcome_of_copy(tmp_path) == before  # now from numba's cache
    rule = tmp_path / "src" / "ketensim" / "conditions" / "trust.py"
    text = rule.read_text()
    changed = text.replace("return (trust + gain * (1.0 - trust)) / (1.0 + loss)", "return trust / (1.0 + loss)")
    assert changed != text
    rule.write_text(changed)
    assert float(outcome_of_copy(tmp_path)) < float(before)


def test_the_package_works_where_no_folder_is_writable(monkeypatch):
    from numba.core.caching import FunctionCache

    def refuse(*_args, **_named):
        raise RuntimeError("cannot cache function: no locator available")

    monkeypatch.setattr(FunctionCache, "__init__", refuse)
    from ketensim.foundation.mathematics import lifted

    entry = compiled._entry(lifted)
    assert entry(0.5, 0.5) == 0.75


def test_a_name_without_fields_of_its_own_is_refused_in_a_table():
    class Two(Tables):
        LAYOUT: ClassVar = {}

    with pytest.raises(ValueError, match="unknown"):
        Two(other=None)


def test_importing_ketensim_loads_neither_numba_nor_mesa_nor_pandas():
    script = (
        "import sys, ketensim; print([name for name in ('numba', 'mesa', 'pandas', 'numpy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
