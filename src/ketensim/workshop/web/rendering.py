"""What a browser draws a page from: the templates, the style and script files, and the texts that scripts say.

In a template text is never markup, a fact that is missing is an error, and words come from the catalogues: ``t(KEY,
facts)`` in the language of the page. ``templates/fields.html`` holds the parts of forms that come back.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from ketensim.scenario.numbers import Text
from ketensim.texts import catalogue, languages, script, t, worded
from ketensim.views.drawing.markup import embedded_json
from ketensim.views.drawing.palette import stylesheet

MEDIA_TYPES: Final = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
FOREVER: Final = "public, max-age=31536000, immutable"  # the address changes when the file does
VERSION_LENGTH: Final = 12


def html_page(
    request: Request, template: str, language: str, *, status: int = 200, problem: str = "", **facts: Any
) -> HTMLResponse:
    """A page of a template.

    Parameters
    ----------
    template : name of a file in ``templates``, without ``.html``
    language : one of ``texts.languages()``
    status : of the answer
    problem : what went wrong, in a sentence; empty = nothing
    facts : what the template names besides
    """
    facts |= {"language": language, "asked": query_of(request), "problem": problem}
    return HTMLResponse(environment().get_template(f"{template}.html").render(facts), status)


def live_page(
    request: Request,
    title: str,
    language: str,
    name: str,
    texts: Sequence[str],
    data: Mapping[str, Any],
    *,
    words: Mapping[str, str] | None = None,
    projector: bool = False,
) -> HTMLResponse:
    """A page that is drawn by a script.

    Parameters
    ----------
    title : of the window
    name : of its script file and of its style file, without ``.js`` and ``.css``
    texts : parts of the catalogue that the script says, e.g. ``room.phone``
    data : what the script starts with
    words : what the chain handles (``Scenario.words``), silent = cases
    projector : light colours also where the browser likes dark ones, and nothing for who reads with a screen reader
    """
    facts: dict[str, Any] = {"title": title, "script": name, "data": data, "projector": projector}
    said = {part.rsplit(".", 1)[-1]: worded(_part(part, language), words or {}, language) for part in texts}
    return html_page(request, "live", language, texts=said, **facts)


def page_language(request: Request, otherwise: str) -> str:
    """The language that the address asks for with ``?lang=``, else the other one."""
    wish = request.query_params.get("lang", "")
    return wish if wish in languages() else otherwise


def query_of(request: Request) -> str:
    """What keeps the language that somebody has asked for in an address of ours: ``?lang=nl``, or nothing."""
    wish = page_language(request, "")
    return f"?lang={wish}" if wish else ""


@cache
def environment() -> Environment:
    """How templates are filled in."""
    made = Environment(
        loader=PackageLoader(__package__),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {"t": _text, "file": file_address, "languages": languages}
    made.filters |= {"in_language": _in_language, "embedded_json": lambda value: Markup(embedded_json(value))}
    return made


@pass_context
def _text(context: Context, key: str, /, **facts: Any) -> str:
    return t(key, facts.pop("language", context["language"]), **facts)


@pass_context
def _in_language(context: Context, text: Text) -> str:
    return text.in_language(context["language"])


def _part(name: str, language: str) -> Any:
    part: Any = catalogue(language)
    for word in name.split("."):
        part = part[word]
    return part


# --- style and script files ----------------------------------------------------------------------------------------
@cache
def files() -> Mapping[str, bytes]:
    """Style and script files by name, with the palette and the sentences that the app has too."""
    folder = resources.files(__package__).joinpath("static")
    ours = {
        item.name: item.read_bytes()
        for item in sorted(folder.iterdir(), key=lambda item: item.name)
        if item.name[item.name.rfind(".") :] in MEDIA_TYPES
    }
    return {"palette.css": stylesheet().encode(), "sentences.js": script().encode()} | ours


@cache
def version() -> str:
    """Changes whenever a style or script file does."""
    whole = hashlib.sha256()
    for name, content in files().items():
        whole.update(name.encode() + b"\0" + content)
    return whole.hexdigest()[:VERSION_LENGTH]


def file_address(name: str) -> str:
    """Where a style or script file lies."""
    return f"/static/{version()}/{name}"


async def static_file(request: Request) -> Response:
    """A style or script file; an older version of a page gets the file as it is now, kept for no time."""
    name = request.path_params["name"]
    content = files().get(name)
    if content is None:
        return Response("not found", 404, media_type="text/plain")
    kept = FOREVER if request.path_params["version"] == version() else "no-store"
    return Response(content, media_type=MEDIA_TYPES[name[name.rfind(".") :]], headers={"Cache-Control": kept})
