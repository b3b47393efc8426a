"""What can be taken along: QR code, hand-out, the page of a participant, the report for the client, the table of decisions."""

from __future__ import annotations

import io

import segno
from starlette.requests import Request
from starlette.responses import Response

from ketensim.workshop.web import passes
from ketensim.workshop.web.control_snapshot import join_address
from ketensim.workshop.web.site import site_of

NOT_FOUND = 404


async def qr_code(request: Request) -> Response:
    """The address of the phones as a QR code."""
    site, code = site_of(request), passes.plain_code(request.path_params["code"])
    room = site.room(code)
    if room is None or not site.facilitates(request, code):
        return Response("not found", NOT_FOUND, media_type="text/plain")
    drawn = io.BytesIO()
    made = segno.make(join_address(site, room), error="m")
    made.save(drawn, kind="svg", border=2, scale=10, dark="#17242f", light="#ffffff", xmldecl=False)
    return Response(drawn.getvalue(), media_type="image/svg+xml")
