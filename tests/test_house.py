"""The house: contracts that keep it readable, and defects of the field made impossible."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import ketensim
import ketensim.chain.week
from ketensim.foundation import compiled, outcome_table, state
from ketensim.foundation.parameters import BY_NAME, LEVER_NAMES, LEVERS, PARAMETERS

PACKAGE = Path(ketensim.__file__).parent
ROOT = PACKAGE.parent.parent
CONDITIONS = ("ambition", "binding", "information", "steering", "trust", "urgency")
FILES = sorted(PACKAGE.rglob("*.py"))
NUMBERS_OF_A_FORM = {0, 1, 2}
# where numbers belong to a method, not to the model: series, generators, bits
METHOD_FILES = {"luck.py", "mathematics.py"}


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def name_of(function) -> str:
    return f"{function.__module__.rsplit('.', 1)[-1]}.{function.__name__}"


def test_the_import_contract_holds():
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_every_parameter_is_read_by_a_rule():
    sources = "\n".join(path.read_text() for path in FILES if path.parent.name in ("chain", "conditions", "scenario"))
    read = set(re.findall(r"\bp\.(\w+)", sources)) | set(re.findall(r'parameter\("(\w+)"\)', sources))
    build = (PACKAGE / "scenario" / "build.py").read_text()
    read |= {name for name in BY_NAME if f'"{name}"' in build}
    assert {row.name for row in PARAMETERS} - read == set()


def test_every_lever_is_read_by_a_rule():
    sources = "\n".join(path.read_text() for path in FILES if path.parent.name in ("chain", "conditions"))
    for lever in LEVER_NAMES:
        assert re.search(rf"lever(_one|_other)?\.{lever}\b", sources), lever


def test_every_default_lies_in_its_range_and_names_and_symbols_are_unique():
    rows = [*PARAMETERS, *LEVERS]
    assert all(row.lower <= row.default <= row.upper for row in rows)
    assert len({row.name for row in rows}) == len(rows)
    assert len({row.symbol for row in rows}) == len(rows)


def test_a_parameter_has_its_default_in_one_place_only():
    for path in FILES:
        if path.name == "parameters.py":
            continue
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.keyword) and node.arg in BY_NAME and isinstance(node.value, ast.Constant):
                pytest.fail(f"{path.name}:{node.lineno} holds a value for {node.arg}")


@pytest.mark.parametrize("name", CONDITIONS)
def test_a_condition_has_the_fixed_shape(name):
    body = tree(PACKAGE / "conditions" / f"{name}.py").body
    text = ast.get_docstring(tree(PACKAGE / "conditions" / f"{name}.py")) or ""
    assert re.match(r"Condition [1-6]: ", text)
    assert "ODD submodel" in text
    assert ".. math::" in text
    names = [node.targets[0].id for node in body if isinstance(node, ast.Assign)]
    assert names[:2] == ["READS", "WRITES"]
    functions = [node.name for node in body if isinstance(node, ast.FunctionDef)]
    assert "update" in functions
    kinds = [node.decorator_list[0].id for node in body if isinstance(node, ast.FunctionDef)]
    assert kinds == sorted(kinds, reverse=True), "rules come before kernels"


@pytest.mark.parametrize("name", CONDITIONS)
def test_a_condition_reads_and_writes_what_it_says(name):
    path = PACKAGE / "conditions" / f"{name}.py"
    records = {"organisation": "organisation", "one": "organisation", "other": "organisation", "lever": "lever"}
    records |= {"lever_one": "lever", "lever_other": "lever", "luck": "luck", "link": "link", "dyad": "dyad"}
    records |= {"common": "common"}
    reads, writes = set(), set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in records:
            field = f"{records[node.value.id]}.{node.attr}"
            (writes if isinstance(node.ctx, ast.Store) else reads).add(field)
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Attribute):
            target = node.target
            if isinstance(target.value, ast.Name) and target.value.id in records:
                reads.add(f"{records[target.value.id]}.{target.attr}")
    module = __import__(f"ketensim.conditions.{name}", fromlist=["READS"])
    assert writes == set(module.WRITES)
    assert reads - writes <= set(module.READS)
    assert set(module.READS) <= reads


@pytest.mark.parametrize("function", compiled.registered("rule"), ids=name_of)
def test_a_rule_is_mathematics(function):
    """Scalars in, scalars out, at most six arguments, documented, with an example, no power and no library."""
    assert len(inspect.signature(function).parameters) <= 6
    text = inspect.getdoc(function) or ""
    assert text or function.__name__.startswith("_")
    assert ">>>" in text or function.__name__.startswith("_"), "a rule shows an example"
    source = ast.parse(inspect.getsource(function))
    for node in ast.walk(source):
        assert not (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            assert node.value.id != "np"
            assert node.value.id != "math" or node.attr == "sqrt"


@pytest.mark.parametrize(
    "path", [path for path in FILES if path.parent.name in ("conditions", "chain")], ids=lambda p: p.name
)
def test_the_theory_holds_no_nameless_numbers_and_nothing_that_differs_between_machines(path):
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef):
            for inner in ast.walk(node):
                if (
                    isinstance(inner, ast.Constant)
                    and isinstance(inner.value, int | float)
                    and not isinstance(inner.value, bool)
                ):
                    assert inner.value in NUMBERS_OF_A_FORM, f"{path.name}:{inner.lineno}: {inner.value}"
                assert not (isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Pow)), (
                    f"{path.name}:{inner.lineno}"
                )
        if isinstance(node, ast.Import | ast.ImportFrom):
            module = getattr(node, "module", None) or node.names[0].name
            assert module.split(".")[0] in ("__future__", "ketensim", "numpy"), f"{path.name}: {module}"


SHORT = {  # files below 60 lines, and why
    "cli/__main__.py": "what Python starts",
    "workshop/web/static/door.js": "one step before the page exists",
    "foundation/events.py": "a table of five rows",
    "foundation/compiled_usual.py": "loaded only where an installed numba does not fit our own way",
    "experiment/extras.py": "asked by experiment and analysis",
    "cli/server_commands.py": "one of three groups of commands",
    "workshop/paper/choices_csv.py": "two tables, of one sentence each",
    "workshop/web/projector/page.py": "a projector sends nothing back",
    "run/agents.py": "the face for Mesa is thin by design",
    "run/extras.py": "asked by four floors, which otherwise know nothing of one another's packages",
    "app/pages.py": "a list of six lines",
    "app/levers.py": "asked by three pages, which may not know each other",
    "app/curves.py": "asked by four pages, which may not know each other",
    "app/explore/downloads.py": "asked by the server, and by nobody with a page in hand",
    "app/explore/chains.vue": "a row of buttons",
    "app/explore/panels.vue": "a part of a page stands in a file of its own",
    "app/own/own_tabs.vue": "stands above two different forms",
    "app/learn/learn.vue": "only to be read",
    "scenario/shipped.py": "asked by scenario and analysis, which may not know each other",
    "scenario/described.py": "a library would do it at every start",
}
SHORT_STILL_TO_DO = {
    *("views/evidence_in_docs.py", "views/picture_file.py", "views/report.js", "views/report/explain.py"),
}


def test_a_file_is_large_enough_for_its_name_and_small_enough_to_read():
    """From 60 to 400 lines; below 60 only with a reason."""
    paths = [path for kind in ("*.py", "*.vue", "*.js") for path in PACKAGE.rglob(kind) if path.name != "__init__.py"]
    lines = {path.relative_to(PACKAGE).as_posix(): len(path.read_text("utf-8").splitlines()) for path in paths}
    assert {name: size for name, size in lines.items() if size > 400} == {}
    assert {name for name, size in lines.items() if size < 60} - set(SHORT) - SHORT_STILL_TO_DO == set()


def test_a_function_fits_on_a_screen():
    """At most 60 lines without its signature and docstring."""
    for path in FILES:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                begin = node.body[1 if ast.get_docstring(node) and len(node.body) > 1 else 0].lineno
                length = (node.end_lineno or begin) - begin + 1
                assert length <= 60, f"{path.name}:{node.name} has {length} lines"


def test_no_module_is_called_utils():
    assert not {path.stem for path in FILES} & {"utils", "helpers", "common", "misc"}


def test_no_field_of_a_record_is_hidden_by_numpy():
    """numpy's records answer ``size`` themselves: a field of that name reads 1 in plain Python (it happened)."""
    taken = set(dir(np.record)) | set(dir(np.recarray))
    for module in (state, outcome_table):
        for name, value in vars(module).items():
            if isinstance(value, np.dtype) and value.names:
                assert not taken & set(value.names), name


def test_the_order_of_the_week_is_the_order_of_the_odd_document():
    source = inspect.getsource(ketensim.chain.week)
    steps = re.findall(r"# (\d+) ", source)
    assert steps == [str(number) for number in range(1, 11)]


def test_no_outcome_takes_a_lever_or_a_trust_into_goal_realisation():
    source = inspect.getsource(ketensim.chain.outcomes)
    for function in ("realised_of_cohorts", "write_cohort"):
        body = source.split(f"def {function}")[1].split("\n@kernel")[0]
        assert not re.search(r"trust|lever|motivation|frame|weight", body)


def test_names_of_rules_are_unique_per_module_and_registered_once():
    seen: dict[str, str] = {}
    for function in [*compiled.registered("rule"), *compiled.registered("kernel")]:
        key = name_of(function)
        assert key not in seen
        seen[key] = function.__module__


# --- names ---------------------------------------------------------------------------------------------------------
SAME_EVERYWHERE = {  # by contract the same in each module that has it
    "update",  # of a condition: its step of the week
    "application",  # what a server or a command line runs
}
STILL_TO_DO = {
    *("Answers", "Box", "Cell", "Comparison", "Event", "Field", "Finding", "Found", "Frame", "Order", "Organisation"),
    *("Place", "Plan", "Pool", "Row", "Shown", "State", "Store", "Table", "Told", "added", "address", "advance"),
    *("as_json", "at", "by_organisation", "change", "changed", "changes", "choice_of", "chosen", "code_page"),
    *("combinations", "computed", "confirm_page", "counted", "decisions", "differences", "empty", "energy", "examined"),
    *("figures", "fingerprint", "first", "for_screen", "give_report", "goal", "handout", "hours", "html", "humps"),
    *("indicators", "interventions", "joined", "json_schema", "keep", "key_of", "language_of", "letting_go", "levers"),
    *("lines", "listed", "longest_norm", "main", "matrix", "mean_of", "moved", "named", "names", "of", "opened"),
    *("organisations", "page", "parts", "place_of", "plain", "problems", "provenance", "read", "refresh"),
    *("rejoin_page", "report", "rewrite", "rounded", "routes", "scenario_of", "section", "sentence", "sentences"),
    *("series", "share_of", "shipped", "shown", "signs", "simulate", "spread", "stored", "summary", "title"),
    *("told", "trust", "verdict", "verify", "whole", "words", "work", "written"),
}
FILES_STILL_TO_DO = {"answers", "chain", "options", "patterns", "workshop"}
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
    new = {name: places for name, places in double.items() if name not in SAME_EVERYWHERE | STILL_TO_DO}
    assert new == {}, "\n".join(f"{name}: {', '.join(places)}" for name, places in sorted(new.items()))


def test_a_file_name_stands_once():
    stems = [path.stem for path in FILES]
    double = {stem for stem in stems if stems.count(stem) > 1}
    assert double - SAME_FILE_NAME - FILES_STILL_TO_DO == set()
