"""What a room says when it does not take something."""

from __future__ import annotations

from typing import Any

from ketensim.foundation.errors import InputError, Problem


class Refused(InputError):  # noqa: N818 - it says what the room did
    """Something that the room does not take; the room stays as it was.

    Parameters
    ----------
    key : entry of the catalogue under ``workshop.refused``
    facts : what the sentence needs
    """

    def __init__(self, key: str, **facts: Any) -> None:
        self.key = f"workshop.refused.{key}"
        self.facts = facts
        super().__init__([Problem(self.key, "", facts)])


def short_text(text: Any, most: int, what: str) -> str:
    """A short text on one line without signs that cannot be seen; refused when it is too long."""
    if not isinstance(text, str) or len(text) > 4 * most:
        raise Refused(what, allowed=most)
    clean = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    if len(clean) > most:
        raise Refused(what, allowed=most)
    return clean
