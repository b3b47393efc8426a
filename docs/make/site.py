"""What the documentation as a site has beside its pages: a page of reference per public name, made from the docstrings.

MkDocs calls these functions (``hooks`` in ``mkdocs.yml``). A link to a file outside ``docs/``, such as the changelog, leads
nowhere on a site in a folder of its own: there its text stands without a link.
"""

from __future__ import annotations

import inspect
import re
from importlib import import_module
from pathlib import Path, PurePosixPath
from typing import Any

import ketensim as ks

CONNECTORS = {"connect.ema": "ketensim.connect.ema", "connect.salib": "ketensim.connect.salib"}
LINK = re.compile(r"(!?)\[(?P<text>[^\]]*)\]\((?P<target>[^)\s]+)\)")
DOCS = Path(__file__).resolve().parents[1]


def reference() -> dict[str, str]:
    """Public name: where it is defined, as a path of Python."""
    places = {name: f"ketensim.{module}.{attribute}" for name, (module, attribute) in ks._PLACES.items()}
    return {**{name: places[name] for name in sorted(ks.__all__)}, **CONNECTORS}


def first_sentence(place: str) -> str:
    """The first paragraph of a docstring, on one line of a table.

    Examples
    --------
    >>> first_sentence("ketensim.scenario.files.load")[-1]
    '.'
    """
    module, _, name = place.rpartition(".")
    thing = import_module(place) if place in CONNECTORS.values() else getattr(import_module(module), name)
    text = inspect.getdoc(thing) or ""
    return " ".join(text.partition("\n\n")[0].split()).replace("|", "\\|").replace("``", "`")


def on_config(config: Any) -> Any:
    """Give every page of reference its place in the navigation."""
    names = [{name: f"reference/{name}.md"} for name in reference()]
    config.nav = [*config.nav[:-1], {"Reference": ["reference/index.md", *names]}]
    return config


def on_files(files: Any, config: Any) -> Any:
    """Add the pages of reference."""
    from mkdocs.structure.files import File

    names = reference()
    rows = "\n".join(f"| [`{name}`]({name}.md) | {first_sentence(place)} |" for name, place in names.items())
    index = f"# Reference\n\nWhat `import ketensim as ks` gives.\n\n| name | what it is |\n|---|---|\n{rows}\n"
    files.append(File.generated(config, "reference/index.md", content=index))
    for name, place in names.items():
        page = f"---\ntitle: {name}\n---\n\n::: {place}\n"
        files.append(File.generated(config, f"reference/{name}.md", content=page))
    return files


def on_page_markdown(markdown: str, page: Any, config: Any, files: Any) -> str:
    """Take away links that lead out of the site."""
    place = PurePosixPath(page.file.src_uri).parent

    def kept(link: re.Match[str]) -> str:
        target = link["target"].partition("#")[0]
        if not target or re.match(r"[a-z]+:", target):
            return link[0]
        file = (DOCS / place / target).resolve()
        inside = file.is_relative_to(DOCS) and "make" not in file.parts[len(DOCS.parts) :]
        served = target.endswith((".md", ".svg", ".png", ".ipynb"))
        return link[0] if (inside and served) or page.file.src_uri.startswith("reference/") else link["text"]

    return LINK.sub(kept, markdown)
