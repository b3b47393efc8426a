"""HTML and SVG put together so that text from a file can never become markup: what is not ``Markup`` is escaped."""

from __future__ import annotations

import html
import json
from typing import Any, Final

VOID: Final = frozenset({"meta", "br", "hr", "wbr", "link", "img", "input"})


class Markup(str):
    """Text that is already HTML."""

    __slots__ = ()


def escaped(text: object) -> Markup:
    """Text made safe for HTML, in an element or between quotation marks.

    Examples
    --------
    >>> escaped("<b> & 'c'")
    '&lt;b&gt; &amp; &#x27;c&#x27;'
    """
    return text if isinstance(text, Markup) else Markup(html.escape(str(text), quote=True))


def element(name: str, /, *children: Markup | str | None, **attributes: object) -> Markup:
    """One element; a child that is plain text is escaped, None is left out.

    Parameters
    ----------
    name : e.g. ``p`` or ``svg``
    children : what stands inside
    attributes : ``class_`` is class, ``_`` elsewhere becomes ``-``; None is left out, True has no value

    Examples
    --------
    >>> element("p", "1 < 2", class_="note")
    '<p class="note">1 &lt; 2</p>'
    """
    written = "".join(_attribute(key, value) for key, value in attributes.items() if value is not None)
    if name in VOID:
        return Markup(f"<{name}{written}>")
    return Markup(f"<{name}{written}>{fragment(*children)}</{name}>")


def fragment(*children: Markup | str | None) -> Markup:
    """Several pieces one after another."""
    return Markup("".join(escaped(child) for child in children if child is not None))


def embedded_json(value: Any) -> Markup:
    """A value for inside a ``script`` element: no text in it can end the element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)


def _attribute(key: str, value: object) -> str:
    name = key.rstrip("_").replace("_", "-") if key != "viewBox" else key
    return f" {name}" if value is True else f' {name}="{escaped(value)}"'
