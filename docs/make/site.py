"""What the documentation as a site has beside its pages: a page of reference per public name, made from the docstrings.

MkDocs calls these functions (``hooks`` in ``mkdocs.yml``). A link to a file outside ``docs/``, such as the changelog, leads
nowhere on a site in a folder of its own: there its text stands without a link.
"""

from __future__ import annotations

import re
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


def on_files(files: Any, config: Any) -> Any:
    """Add the pages of reference."""
    from mkdocs.structure.files import File

    names = reference()
    rows = "\n".join(f"- [`{name}`]({name}.md)" for name in names)
    files.append(File.generated(config, "reference/index.md", content=f"# Reference\n\n{rows}\n"))
    for name, place in names.items():
        files.append(File.generated(config, f"reference/{name}.md", content=f"# {name}\n\n::: {place}\n"))
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
