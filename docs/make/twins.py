"""Pages in both languages that take the same steps, which are carried out once.

The steps stand on the English page and are run there; the Dutch page has the same blocks in the same order (or the first of
them), of which only comments and docstrings are Dutch. So what ran on the one runs on the other, and what it prints is copied.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from pathlib import Path

from docs.make import ROOT, examples
from docs.make.examples import Block, blocks

ENGLISH, DUTCH = "docs/en/howto", "docs/nl/howto"
TWINS = {"docs/en/extend.md": "docs/nl/uitbreiden.md"} | {
    f"{ENGLISH}/{english}.md": f"{DUTCH}/{dutch}.md"
    for english, dutch in {
        "index": "index",
        "own_chain": "eigen_keten",
        "log_to_chain": "van_lijst_naar_keten",
        "own_policy": "eigen_sturing",
        "own_rule": "eigen_regel",
        "own_outcome": "eigen_uitkomst",
        "stop_early": "eerder_stoppen",
        "cluster": "rekencluster",
        "optimise": "optimaliseren",
        "what_matters": "wat_telt",
        "calibrate": "ijken",
        "paper_figures": "figuren",
        "reproduce": "narekenen",
        "spreadsheet": "rekenblad",
    }.items()
}


def to_run() -> list[str]:
    """The English pages with something to run."""
    return [name for name in TWINS if name not in examples.PAGES and blocks((ROOT / name).read_text("utf-8"))]


def pages() -> Mapping[Path, str]:
    """README, tutorials and how-to pages with what their examples say now."""
    texts = dict(examples.pages((*examples.PAGES, *to_run())))
    for name in (name for name in TWINS if ROOT / name in texts):
        dutch = ROOT / TWINS[name]
        texts[dutch] = with_outputs(dutch.read_text("utf-8"), texts[ROOT / name])
    return texts


def steps(page: str) -> list[tuple[str, str, str]]:
    """What a page does: its blocks in order, without comments and docstrings.

    Examples
    --------
    >>> same = [steps(f"```python\\n{code}\\n```\\n") for code in ("x = 1  # one", "x = 1  # een")]
    >>> same[0] == same[1], steps("```bash\\nketensim new a\\n```\\n")
    (True, [('bash', '', 'ketensim new a\\n')])
    """
    return [(block.kind, block.comment, _bare(block)) for block in blocks(page)]


def _bare(block: Block) -> str:
    return ast.dump(_without_docstrings(ast.parse(block.body))) if block.kind == "python" else block.body


def _without_docstrings(tree: ast.Module) -> ast.Module:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node) is not None:
            node.body = node.body[1:]
    return tree


def with_outputs(dutch: str, english: str) -> str:
    """The Dutch page with what the English one prints."""
    printed = [block.body for block in blocks(english) if block.kind == "text"]
    places = [block for block in blocks(dutch) if block.kind == "text"]
    for block, body in reversed(list(zip(places, printed, strict=False))):
        dutch = dutch[: block.start] + body + dutch[block.end :]
    return dutch
