"""The house: contracts that keep it readable. What a rule may be made of stands in ``test_rules.py``."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import subprocess
import sys
from pathlib import Path

import numpy as np

import ketensim
from ketensim.foundation import outcome_table, state

PACKAGE = Path(ketensim.__file__).parent
ROOT = PACKAGE.parent.parent
FILES = sorted(PACKAGE.rglob("*.py"))


def test_the_import_contract_holds():
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


# --- sizes ---------------------------------------------------------------------------------------------------------
SHORT = {  # files below 60 lines, and why
    "app/beside.py": "a part of a link that one page writes and another reads, and pages never import each other",
    "app/curves.py": "asked by pages that never import each other",
    "app/explore/slides.py": "asked by the page and by the hand, which names a pin as its slide",
    "app/explore/downloads.py": "asked by the server, for a link and with no page in hand",
    "app/levers.py": "asked by pages that never import each other",
    "analysis/patterns/sums.py": "the small language of pattern files, read by two others",
    "app/pages.py": "the list of pages, a line each",
    "cli/__main__.py": "what Python starts",
    "cli/messages.py": "how commands are called, of which typer tells little",
    "cli/log_commands.py": "one of the groups of commands",
    "cli/server_commands.py": "one of the groups of commands, and there are two servers",
    "foundation/compiled_usual.py": "the one place that knows numba's own way",
    "foundation/events.py": "a table of five rows",
    "foundation/shown.py": "what can be looked at, on a floor that shows nothing",
    "run/extras.py": "what to say when an extra is missing, for whoever needs one",
    "scenario/described.py": "what a library would do at every start",
    "scenario/shipped.py": "asked on three floors that know nothing else of each other",
    "views/drawing/figures.js": "plotly does the rest",
    "views/drawing/table.py": "page, terminal and documentation each show a table in their way",
    "views/refusals.py": "asked by the command line and by everybody who reads an error in Python",
    "views/experiment/experiment_workbook.py": "one file to take along, made of what others tell",
    "workshop/paper/choices_csv.py": "the only paper of a room that a spreadsheet reads",
    "workshop/web/clock.py": "the one clock of everything that happens in a room",
    "workshop/web/order.py": "one rule, and what it remembers",
    "workshop/web/projector/page.py": "a projector only shows",
    "workshop/web/static/door.js": "one step before the page exists",
}


def test_a_file_is_large_enough_for_its_name_and_small_enough_to_read():
    """From 60 to 400 lines; below 60 only with a reason. What is drawn with few lines (a Vue file) may be short."""
    paths = [path for kind in ("*.py", "*.vue", "*.js") for path in PACKAGE.rglob(kind) if path.name != "__init__.py"]
    lines = {path.relative_to(PACKAGE).as_posix(): len(path.read_text("utf-8").splitlines()) for path in paths}
    assert {name: size for name, size in lines.items() if size > 400} == {}
    short = {name for name, size in lines.items() if size < 60 and not name.endswith(".vue")}
    assert short - set(SHORT) == set()


def test_a_function_fits_on_a_screen():
    """At most 60 lines without its signature and docstring."""
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                begin = node.body[1 if ast.get_docstring(node) and len(node.body) > 1 else 0].lineno
                length = (node.end_lineno or begin) - begin + 1
                assert length <= 60, f"{path.name}:{node.name} has {length} lines"


# --- names ---------------------------------------------------------------------------------------------------------
SAME_EVERYWHERE = {  # by contract the same in each module that has it
    "update",  # of a condition: its step of the week
    "application",  # what a server or a command line runs
}
SAME_FILE_NAME = {"__init__", "page", "view"}


def test_a_public_name_is_defined_in_one_module_only():
    """Who reads a name need not ask whose it is: the same name never means different things in different modules."""
    modules: dict[str, list[str]] = {}
    for module in pkgutil.walk_packages(ketensim.__path__, "ketensim."):
        if not module.name.endswith("__main__"):
            for name, value in vars(importlib.import_module(module.name)).items():
                own = getattr(value, "__module__", None) == module.name
                if own and not name.startswith("_") and callable(value):
                    modules.setdefault(name, []).append(module.name)
    double = {name: places for name, places in modules.items() if len(places) > 1}
    new = {name: places for name, places in double.items() if name not in SAME_EVERYWHERE}
    assert new == {}, "\n".join(f"{name}: {', '.join(places)}" for name, places in sorted(new.items()))


def test_a_file_name_stands_once():
    stems = [path.stem for path in FILES]
    double = {stem for stem in stems if stems.count(stem) > 1}
    assert double - SAME_FILE_NAME == set()


def test_no_module_is_called_utils():
    assert not {path.stem for path in FILES} & {"utils", "helpers", "common", "misc"}


def test_no_field_of_a_record_is_hidden_by_numpy():
    """numpy's records answer ``size`` themselves: a field of that name reads 1 in plain Python (it happened)."""
    taken = set(dir(np.record)) | set(dir(np.recarray))
    for module in (state, outcome_table):
        for name, value in vars(module).items():
            if isinstance(value, np.dtype) and value.names:
                assert not taken & set(value.names), name
