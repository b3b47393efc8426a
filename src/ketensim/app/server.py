"""One process that serves the app: everything from this machine, nothing outside it.

What is set here before Solara is imported was measured as needed (telemetry is on by default, assets come from a CDN,
kernels live for a day). Solara is mounted last; its pages are rewritten a little on their way out, because its template
has no language, forbids zooming and speaks English when the connection is lost.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ketensim.door.guard import Entrance, Guard
from ketensim.texts import LANGUAGES, script, t
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
    "SOLARA_THEME_VARIANT": "light",  # "auto" leaves its template without a page; custom.css follows the system
    "SOLARA_THEME_LOADER": "plain",
    "SOLARA_THEME_TITLE": "ketensim",
    "SOLARA_MODE": "production",
}
NOT_SERVED: Final = ("/resourcez", "/_solara/auth", "/_solara/cdn", "/_solara/api/evict")
LARGEST_BODY: Final = 1_000_000
SAME_SITE: Final = re.compile(rb"samesite=\w+", re.IGNORECASE)
HEADERS: Final = {
    "Content-Security-Policy": "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self' ws: wss:; worker-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self'; "
    "frame-ancestors 'none'",
}


def application(names: tuple[str, ...] = ()) -> Starlette:
    """The app as an ASGI application.

    Parameters
    ----------
    names : under which it may be asked, beside addresses and ``localhost``
    """
    os.environ.update(SETTINGS)
    from solara.server import starlette as solara_server

    from ketensim.app import downloads
    from ketensim.app.experiments import library

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with solara_server.app.router.lifespan_context(solara_server.app):
            yield

    vendor = Path(sys.prefix) / "share" / "solara" / "cdn"
    return Starlette(
        routes=[
            *downloads.routes,
            *library.routes,
            Mount(VENDOR, app=StaticFiles(directory=vendor)),
            Mount("/", app=_Readable(solara_server.app)),
        ],
        middleware=[Middleware(Guard, entrance=Entrance(LARGEST_BODY, HEADERS, names, NOT_SERVED))],
        lifespan=lifespan,
    )


class _Readable:
    """Solara's page with a language, with zooming, and with words of ours when the connection is lost."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or "." in scope["path"].rpartition("/")[2] or scope["path"].startswith("/_solara"):
            await self.app(scope, receive, send)
            return
        asked = parse_qs(scope["query_string"].decode("latin-1")).get("lang", [""])[0]
        language = asked if asked in LANGUAGES else LANGUAGES[0]
        plain = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
        page = _Page(send, language)
        await self.app({**scope, "headers": plain}, receive, page)


class _Page:
    """An answer that is held until it is whole, and then sent with our words."""

    def __init__(self, send: Send, language: str) -> None:
        self.send = send
        self.language = language
        self.start: Message | None = None
        self.body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.start = message
            return
        self.body += message.get("body", b"")
        if message.get("more_body") or self.start is None:
            return
        self.start["headers"] = [pair for pair in map(_strict, self.start["headers"]) if pair is not None]
        headers = dict(self.start["headers"])
        if headers.get(b"content-type", b"").startswith(b"text/html"):
            self.body = readable(self.body.decode(), self.language).encode()
            kept = [pair for pair in self.start["headers"] if pair[0] != b"content-length"]
            self.start["headers"] = [*kept, (b"content-length", str(len(self.body)).encode())]
        await self.send(self.start)
        await self.send({"type": "http.response.body", "body": self.body})


def _strict(pair: tuple[bytes, bytes]) -> tuple[bytes, bytes] | None:
    """A header with its cookie kept to our own pages; Solara's twin of it for old browsers is left out."""
    name, value = pair
    if name != b"set-cookie":
        return pair
    return None if b"-lax=" in value else (name, SAME_SITE.sub(b"SameSite=Strict", value))


def readable(page: str, language: str) -> str:
    """Solara's page with a language, the palette and words of ours; zooming is allowed."""
    lost = t("app.connection.lost", language)
    shared = f"<style>{stylesheet()}</style><script>{script()}</script></head>"
    for theirs, ours in (
        ("<html>", f'<html lang="{language}">'),
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
