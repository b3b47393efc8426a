"""A page as one HTML file that needs nothing else: its style, its figures and what draws them travel along.

Plotly is packed (2 MB instead of 5) and unpacked by the browser; no request leaves the page.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Mapping
from importlib import resources
from typing import Final

from ketensim.texts import t
from ketensim.views.drawing.figure import Figure
from ketensim.views.drawing.markup import Markup, element, embedded_json
from ketensim.views.drawing.palette import dark_counterparts, stylesheet

PACKING: Final = 5  # of zlib: in half the time of the smallest, and one percent larger


def html_file(title: str, body: Markup, language: str) -> str:
    """The whole file.

    Parameters
    ----------
    title : of the window; the name of the program is added
    body : the element ``body``
    language : one of ``texts.languages()``
    """
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", f"{title} - ketensim"),
        element("style", Markup(stylesheet() + asset("page.css"))),
    )
    return f"<!DOCTYPE html>\n{element('html', head, body, lang=language)}\n"


def place_of_figure(name: str, figure: Figure, alternative: str, caption: Markup, language: str) -> Markup:
    """Where a browser draws a figure, with its caption; without a script the text alternative is all there is.

    Parameters
    ----------
    name : under which ``figure_scripts`` gets the figure
    figure : its specification
    alternative : the figure in words
    caption : the element ``figcaption``
    language : of the sentence that stands there until it is drawn
    """
    place = element(
        "div",
        id=name,
        class_="plot",
        role="img",
        aria_label=alternative,
        data_fallback=t("report.figure.fallback", language),
        style=f"min-height:{figure['layout']['height']}px",
    )
    return element("figure", place, caption)


def figure_scripts(figures: Mapping[str, Figure]) -> list[Markup]:
    """What draws the figures of a page, by the name of their place."""
    return [
        element("script", embedded_json(dict(figures)), type="application/json", id="figures"),
        element("script", embedded_json(dark_counterparts()), type="application/json", id="dark"),
        element("script", Markup(_packed_plotly()), type="text/plain", id="plotly"),
        element("script", Markup(asset("figures.js"))),
    ]


def asset(name: str) -> str:
    """The style or the script of a page."""
    return resources.files(__package__).joinpath(name).read_text("utf-8")


def _packed_plotly() -> str:
    from plotly.offline import get_plotlyjs

    return base64.b64encode(zlib.compress(get_plotlyjs().encode(), PACKING)).decode()
