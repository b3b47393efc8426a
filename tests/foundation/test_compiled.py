"""The compiler's door: same bits, and an edited rule is never an old rule."""

from __future__ import annotations

import os
import pickle
import shutil
import subprocess
import sys
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest

import ketensim as ks
from ketensim.foundation import compiled, compiled_code
from ketensim.foundation.array_sets import WORDS, Tables, as_grid, records
from ketensim.foundation.mathematics import lifted
from ketensim.foundation.state import new_state
from ketensim.scenario import build

PACKAGE = Path(ks.__file__).parent
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
@pytest.mark.long
def test_an_edited_rule_is_followed_at_once(tmp_path):
    source = PACKAGE.parent.parent
    ks.simulate("reference", runs=1, seed=1, weeks=1)  # so that there is a file of machine code, which goes along
    shutil.copytree(PACKAGE, tmp_path / "src" / "ketensim", ignore=shutil.ignore_patterns("*.pyc", "*.nb?"))
    shutil.copytree(source / "scenarios", tmp_path / "scenarios")
    before = outcome_of_copy(tmp_path)
    rule = tmp_path / "src" / "ketensim" / "conditions" / "trust.py"
    text = rule.read_text()
    changed = text.replace("return (trust + gain * (1.0 - trust)) / (1.0 + loss)", "return trust / (1.0 + loss)")
    assert changed != text
    rule.write_text(changed)
    assert float(outcome_of_copy(tmp_path)) < float(before)


BROKEN = {
    "the pipeline cannot be imported": "import sys; sys.modules['ketensim.foundation.compiled_inner'] = None",
    "the pipeline takes other arguments": """
from ketensim.foundation import compiled_inner
compiled_inner.InnerLowering.run_pass = lambda self: None""",
    "functions are called in another way": """
from ketensim.foundation import compiled_code
compiled_code.PLACES_BEFORE = 3""",
}
KERNEL = """
import warnings
from ketensim.chain.hours import divide_hours
from ketensim.foundation.compiled import UsualPipelineWarning, compiled
from ketensim.foundation.state import new_state
from ketensim.scenario import build, files

scenario = files.load("reference")
chain, parameters, states = build.build(scenario), build.parameters(scenario)[0], []
with warnings.catch_warnings(record=True) as given:
    for function in (divide_hours, compiled(divide_hours), compiled(divide_hours)):
        states.append(new_state(chain, 256))
        function(chain, states[-1], parameters)
plain, *others = [[array.tobytes() for array in state.arrays().values()] for state in states]
print(plain != [array.tobytes() for array in new_state(chain, 256).arrays().values()], [one == plain for one in others])
print([warning.category is UsualPipelineWarning for warning in given])
"""


@pytest.mark.jit
@pytest.mark.parametrize("broken", BROKEN)
def test_where_numba_does_not_fit_the_lean_pipeline_its_own_gives_the_same_bits_and_warns_once(broken, tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", BROKEN[broken] + KERNEL],
        env={**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == ["True [True, True]", "[True]"]
    assert list(tmp_path.rglob("*.nbc"))


@pytest.mark.jit
def test_the_package_works_where_no_folder_is_writable(monkeypatch, tmp_path):
    nowhere = tmp_path / "file"
    nowhere.write_text("no folder")
    monkeypatch.setattr(compiled_code, "folders", lambda: iter([nowhere]))
    assert compiled._entry(lifted)(0.5, 0.5) == 0.75


@pytest.mark.jit
def test_machine_code_of_an_earlier_session_is_called_without_the_compiler(monkeypatch, tmp_path):
    monkeypatch.setattr(compiled_code, "folders", lambda: iter([tmp_path]))
    assert compiled._entry(lifted)(0.5, 0.5) == 0.75
    monkeypatch.setattr(compiled, "_address", None)
    assert compiled._entry(lifted)(0.25, 0.5) == 0.625


@pytest.mark.jit
def test_a_damaged_file_of_machine_code_is_not_used(monkeypatch, tmp_path):
    monkeypatch.setattr(compiled_code, "folders", lambda: iter([tmp_path]))
    compiled._entry(lifted)(0.5, 0.5)
    (file,) = tmp_path.iterdir()
    for damaged in (b"", b"half a line", file.read_bytes()[:-1]):
        file.write_bytes(damaged)
        assert compiled_code.kept(file.name) is None
        assert compiled._entry(lifted)(0.5, 0.5) == 0.75


def test_a_name_without_fields_of_its_own_is_refused_in_a_table():
    class Two(Tables):
        LAYOUT: ClassVar = {}

    with pytest.raises(ValueError, match="unknown"):
        Two(other=None)


def test_a_copy_and_a_copy_of_that_have_the_same_arrays_in_memory_of_their_own_and_know_no_other_names():
    class Pair(Tables):
        GRIDS: ClassVar = {"grid": "rows"}
        LAYOUT: ClassVar = {
            "empty": (np.dtype("i4"), 2),
            "rows": (np.dtype([("one", "f8"), ("two", "f8")]), 1),
            "grid": (np.dtype("f8"), 2),
            "flag": (np.dtype("i1"), 1),
            "last": (np.dtype("i8"), 1),
        }

    rows = records(3, Pair.LAYOUT["rows"][0])
    rows.two = 1.5, 2.5, 3.5
    first = Pair(empty=np.zeros((0, 4), "i4"), rows=rows, grid=as_grid(rows), flag=np.ones(3, "i1"), last=np.arange(5))
    second = first.copied()
    third = second.copied()
    for copy in (second, third):
        assert all(copy.arrays()[name].tobytes() == array.tobytes() for name, array in first.arrays().items())
        assert copy.empty.shape == (0, 4) and type(copy.rows) is type(rows) and copy.last.dtype == "i8"
        assert copy.nbytes >= first.nbytes == 3 * 16 + 3 + 5 * 8
        assert all(copy.rows.ctypes.data != other.rows.ctypes.data for other in (first, second) if other is not copy)
        places = copy._words.reshape(-1, WORDS)
        assert [array.ctypes.data for array in copy.arrays().values()] == places[:, 0].tolist(), (
            "as compiled code sees it"
        )
        with pytest.raises(AttributeError, match="Pair has no other"):
            _ = copy.other
    third.grid[0, 1] = 9.0
    third.last[:] = 7
    assert third.rows.two[0] == 9.0, "records and their numbers share memory in a copy too"
    assert second.rows.two[0] == first.rows.two[0] == 1.5 and second.last.tolist() == [0, 1, 2, 3, 4]
    assert pickle.loads(pickle.dumps(new_state(build.build(ks.load("reference")), 8).copied())).case.shape == (8,)


def test_importing_ketensim_loads_neither_numba_nor_mesa_nor_pandas():
    script = (
        "import sys, ketensim; print([name for name in ('numba', 'mesa', 'pandas', 'numpy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
