"""The shell of every page: head, style, script files, and the texts that the scripts say."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from ketensim.texts import catalogue, languages, script, t
from ketensim.views.drawing.markup import Markup, element, embedded_json, joined
from ketensim.views.drawing.palette import stylesheet

KINDS: Final = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
FOREVER: Final = "public, max-age=31536000, immutable"  # the address changes when the file does
VERSION_LENGTH: Final = 12


@cache
def files() -> Mapping[str, bytes]:
    """Style and script files by name, with the palette and the sentences that the app has too."""
    folder = resources.files(__package__).joinpath("static")
    ours = {
        found.name: found.read_bytes()
        for found in sorted(folder.iterdir(), key=lambda item: item.name)
        if found.name[found.name.rfind(".") :] in KINDS
    }
    return {"palette.css": stylesheet().encode(), "sentences.js": script().encode()} | ours


@cache
def version() -> str:
    """Changes whenever a style or script file does."""
    whole = hashlib.sha256()
    for name, content in files().items():
        whole.update(name.encode() + b"\0" + content)
    return whole.hexdigest()[:VERSION_LENGTH]


def address_of(name: str) -> str:
    """Where a style or script file is found."""
    return f"/static/{version()}/{name}"


async def static(request: Request) -> Response:
    """A style or script file; an older version of a page gets the file as it is now, kept for no time."""
    name = request.path_params["name"]
    content = files().get(name)
    if content is None:
        return Response("not found", 404, media_type="text/plain")
    kept = FOREVER if request.path_params["version"] == version() else "no-store"
    kind = KINDS[name[name.rfind(".") :]]
    return Response(content, media_type=kind, headers={"Cache-Control": kept})


def page(
    title: str,
    language: str,
    *body: Markup | str | None,
    styles: Sequence[str] = (),
    script: str | None = None,
    texts: Sequence[str] = (),
    data: Mapping[str, Any] | None = None,
    status: int = 200,
    bright: bool = False,
) -> HTMLResponse:
    """A whole page.

    Parameters
    ----------
    title : of the window; the name of the program is added
    language : one of ``texts.languages()``
    body : what stands in it
    styles : style files after ``base.css``
    script : the script file of the page, if it has one
    texts : parts of the catalogue that the script says, e.g. ``room.phone``
    data : what the script starts with
    status : of the answer
    bright : light colours also where the browser likes dark ones, for a projector
    """
    sheets = [element("link", rel="stylesheet", href=address_of(name)) for name in ("palette.css", "base.css", *styles)]
    head = element(
        "head",
        Markup('<meta charset="utf-8">'),
        Markup('<meta name="viewport" content="width=device-width, initial-scale=1">'),
        element("title", f"{title} - ketensim"),
        Markup(f'<link rel="icon" href="{address_of("icon.svg")}" type="image/svg+xml">'),
        *(Markup(str(sheet).replace("</link>", "")) for sheet in sheets),
    )
    scripts: list[Markup] = []
    if script is not None:
        said = _parts(tuple(texts), language)
        scripts = [
            element("script", embedded_json(said), type="application/json", id="texts"),
            element("script", embedded_json(dict(data or {})), type="application/json", id="data"),
            element("script", type="module", src=address_of(script)),
        ]
    whole = element(
        "html", head, element("body", *body, *scripts), lang=language, data_shade="light" if bright else None
    )
    return HTMLResponse(f"<!DOCTYPE html>\n{whole}\n", status)


def _parts(names: tuple[str, ...], language: str) -> dict[str, Any]:
    """Parts of the catalogue under the last word of their name: ``room.phone`` as ``phone``."""
    found: dict[str, Any] = {}
    for name in names:
        part: Any = catalogue(language)
        for word in name.split("."):
            part = part[word]
        found[name.rsplit(".", 1)[-1]] = part
    return found


def language_of(request: Request, otherwise: str) -> str:
    """The language that the address asks for with ``?lang=``, else the other one."""
    wish = request.query_params.get("lang", "")
    return wish if wish in languages() else otherwise


def message_page(language: str, title: str, *body: Markup | str | None, status: int = 200) -> HTMLResponse:
    """A page that only says something."""
    content = element("main", _brand(), element("div", element("h1", title), *body, class_="card"), class_="narrow")
    return page(title, language, content, styles=("plain.css",), status=status)


def narrow(language: str, title: str, *body: Markup | str | None, status: int = 200) -> HTMLResponse:
    """A page of one narrow column without a script."""
    return page(
        title, language, element("main", _brand(), *body, class_="narrow"), styles=("plain.css",), status=status
    )


def _brand() -> Markup:
    return element("p", "ketensim", class_="brand")


def words(language: str) -> Any:
    """Texts of the section ``room`` in a language: ``words("nl")("join.title")``."""

    def said(key: str, **facts: Any) -> str:
        return t(f"room.{key}", language, **facts)

    return said


def noscript(language: str) -> Markup:
    """What a browser without scripts shows."""
    return element("noscript", element("p", words(language)("page.noscript"), class_="error"))


def lines(*parts: Markup | str | None) -> Markup:
    """Pieces one after another."""
    return joined(*parts)
