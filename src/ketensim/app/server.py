"""One process that serves the app: everything from this machine, nothing outside it.

What is set here before Solara is imported was measured as needed (telemetry is on by default, assets come from a CDN,
kernels live for a day). Solara is mounted last; its pages are rewritten a little on their way out, because its template
has no language, forbids zooming and speaks English when the connection is lost.
"""

from __future__ import annotations

import importlib
import os
import re
import sys
import threading
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Final

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from ketensim.app.setting import SPOKEN, Setting
from ketensim.door.guard import Entrance, Guard
from ketensim.texts import LANGUAGES, language_wished, script, t
from ketensim.views.drawing.palette import stylesheet

PAGES: Final = "ketensim.app.pages"
VENDOR: Final = "/vendor"
SETTINGS: Final = {
    "SOLARA_APP": PAGES,
    "SOLARA_ASSETS_PROXY": "false",
    "SOLARA_ASSETS_CDN": VENDOR,
    "SOLARA_ASSETS_EXTRA_LOCATIONS": "ketensim.app.assets",
    "SOLARA_ASSETS_FONTAWESOME_ENABLED": "false",
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "false",
    "SOLARA_SESSION_HTTP_ONLY": "true",
    "SOLARA_SESSION_SAME_SITE": "strict",
    "SOLARA_KERNEL_CULL_TIMEOUT": "10m",
    "SOLARA_KERNEL_MAX_COUNT": "200",
    "SOLARA_KERNEL_MAX_PER_SESSION": "20",
    "SOLARA_THEME_SHOW_BANNER": "false",
    "SOLARA_THEME_FORCE_REFRESH": "true",  # after a restart a page loads itself again; its dialog could not be clicked
    "SOLARA_THEME_VARIANT": "light",  # "auto" leaves its template without a page; custom.css follows the system
    "SOLARA_THEME_LOADER": "plain",
    "SOLARA_THEME_TITLE": "ketensim",
    "SOLARA_MODE": "production",
}
NOT_SERVED: Final = ("/resourcez", "/_solara/auth", "/_solara/cdn", "/_solara/api/evict")
LARGEST_BODY: Final = 1_000_000
STORE: Final = """<script>
/* In a frame on a page of somebody else a browser may refuse to keep anything; then it is kept until the page is closed. */
for (const name of ["localStorage", "sessionStorage"]) {
  try { window[name].length; } catch (refused) {
    const kept = new Map();
    Object.defineProperty(window, name, { configurable: true, value: {
      getItem: (key) => (kept.has(key) ? kept.get(key) : null), setItem: (key, value) => { kept.set(key, String(value)); },
      removeItem: (key) => { kept.delete(key); }, clear: () => kept.clear(), key: (place) => [...kept.keys()][place] || null,
      get length() { return kept.size; } } });
  }
}
</script>"""
SAME_SITE: Final = re.compile(r"samesite=\w+", re.IGNORECASE)
HEADERS: Final = {
    "Content-Security-Policy": "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self' ws: wss:; worker-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self'; "
    "frame-ancestors 'none'",
}


def headers(framed_by: tuple[str, ...]) -> dict[str, str]:
    """The headers of every page, with who may show it in a frame."""
    policy = HEADERS["Content-Security-Policy"]
    named = " ".join(("'self'", *framed_by)) if framed_by else "'none'"
    return {"Content-Security-Policy": policy.replace("frame-ancestors 'none'", f"frame-ancestors {named}")}


def application(names: tuple[str, ...] = (), framed_by: tuple[str, ...] = ()) -> Starlette:
    """The app as an ASGI application.

    Parameters
    ----------
    names : under which it may be asked, beside addresses and ``localhost``
    framed_by : origins whose pages may show the app in a frame
    """
    os.environ.update(SETTINGS)
    # about cookies of a server that is embedded elsewhere, which ours may not be
    warnings.filterwarnings("ignore", message="Cookies with samesite=none", category=UserWarning)
    from solara.lab import on_kernel_start
    from solara.server import starlette as solara_server

    from ketensim.app.background import TURNS
    from ketensim.app.compare import comparison_file
    from ketensim.app.experiments import library
    from ketensim.app.explore import computing, downloads
    from ketensim.app.own import kept_lists
    from ketensim.app.processors import PROCESSORS

    on_kernel_start(load_pandas)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        PROCESSORS.open()
        TURNS.open()
        kept_lists.remove_leftovers()
        threading.Thread(target=load_pandas, name="ketensim-pandas", daemon=True).start()
        threading.Thread(target=computing.compute_ahead, args=(Setting(),), name="ketensim-first", daemon=True).start()
        async with solara_server.app.router.lifespan_context(solara_server.app):
            try:
                yield
            finally:
                TURNS.close()
                PROCESSORS.close()

    entrance = Entrance(LARGEST_BODY, headers(framed_by), names, NOT_SERVED, _language_of, framed_by)
    vendor = Path(sys.prefix) / "share" / "solara" / "cdn"
    return Starlette(
        routes=[
            *downloads.routes,
            *comparison_file.routes,
            *library.routes,
            Mount(VENDOR, app=StaticFiles(directory=vendor)),
            Mount("/", app=BaseHTTPMiddleware(solara_server.app, dispatch=_readable_page)),
        ],
        middleware=[Middleware(Guard, entrance=entrance)],
        lifespan=lifespan,
    )


def load_pandas() -> None:
    """Have pandas there before anything is drawn, and wait where another thread is loading it.

    At each drawing Reacton looks whether pandas is there, and fails where it is there by half: the page stayed empty of who
    came while somebody's first comparison loaded it. Beside the server it costs no visitor a second.
    """
    importlib.import_module("pandas")


async def _readable_page(request: Request, solara_page: RequestResponseEndpoint) -> Response:
    """Solara's page with a language, with zooming, and with words of ours when the connection is lost."""
    path = request.url.path
    if "." in path.rpartition("/")[2] or path.startswith("/_solara"):
        return await solara_page(request)
    request.scope["headers"] = [pair for pair in request.scope["headers"] if pair[0] != b"accept-encoding"]
    answer = await solara_page(request)
    if answer.status_code == HTTPStatus.NOT_FOUND:
        return HTMLResponse(missing_page(_language_of(request)), answer.status_code)
    if not answer.headers.get("content-type", "").startswith("text/html"):
        return answer
    page = b"".join([part async for part in answer.body_iterator])  # type: ignore[attr-defined]  # of a StreamingResponse
    ours = HTMLResponse(readable(page.decode(), _language_of(request)), answer.status_code)
    for cookie in answer.headers.getlist("set-cookie"):
        if "-lax=" not in cookie:  # a twin for old browsers
            ours.headers.append("set-cookie", SAME_SITE.sub("SameSite=Strict", cookie))
    return ours


def _language_of(request: HTTPConnection) -> str:
    """The language of the link, else the one that was chosen before, else the one that the browser asks for."""
    for asked in (request.query_params.get("lang"), request.cookies.get(SPOKEN)):
        if asked in LANGUAGES:
            return str(asked)
    return language_wished(request.headers.get("accept-language", ""))


def missing_page(language: str) -> str:
    """What is seen at an address where nothing is."""
    title, told, back = (t(f"app.missing.{key}", language) for key in ("title", "told", "back"))
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{title} – ketensim</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{stylesheet()}'
        "body { font: 18px/1.5 var(--font); background: var(--paper); color: var(--ink); max-width: 40rem; margin: 4rem auto; "
        f"padding: 0 1rem }} a {{ color: var(--accent) }}</style></head><body><main><h1>{title}</h1><p>{told}</p>"
        f'<p><a href="/?lang={language}">{back}</a></p></main></body></html>'
    )


def readable(page: str, language: str) -> str:
    """Solara's page with a language, the palette and words of ours; zooming is allowed."""
    lost = t("app.connection.lost", language)
    shared = f"<style>{stylesheet()}</style><script>{script()}</script></head>"
    for theirs, ours in (
        ("<html>", f'<html lang="{language}">'),
        ("<head>", f"<head>{STORE}"),
        ("</head>", shared),
        ("initial-scale=1, maximum-scale=1, user-scalable=no, minimal-ui", "initial-scale=1"),
        ("Server\n                disconnected.", lost),
        ("App is disconnected, and may not function properly. Please refresh the page.", lost),
        ("Could not restore session. Please refresh the page.", t("app.connection.gone", language)),
        ("Could not restore session. Please refresh.", t("app.connection.gone", language)),
        ("Please refresh the page", t("app.connection.title", language)),
        ("Refresh now", t("app.connection.again", language)),
        ("Restoring session…", t("app.connection.restoring", language)),
    ):
        page = page.replace(theirs, ours)
    return page
