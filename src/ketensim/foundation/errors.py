"""What can be wrong with input, as a key and facts; the doors (cli, app) make sentences of it in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from numbers import Integral, Real
from typing import Any


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong.

    Attributes
    ----------
    key : entry of the catalogue of texts, e.g. ``error.unknown_key``
    path : where in the input, e.g. ``organisations[2].staff``; empty for the file as a whole
    facts : what the sentence needs: ``given``, ``allowed``, ``nearest``, ``line`` ...
    """

    key: str
    path: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        facts = ", ".join(f"{name}={value!r}" for name, value in self.facts.items())
        return f"{self.path or '(whole)'}: {self.key} ({facts})"


def wrong_number(given: object, lower: float, upper: float, *, whole: bool = False) -> str | None:
    """Key of what is wrong with a number, None when it is a number in the closed range [lower, upper].

    Parameters
    ----------
    given : anything; a bool, not-a-number, infinity or text is no number here
    lower, upper : smallest and largest value
    whole : whether only whole numbers are allowed

    Examples
    --------
    >>> wrong_number(0.5, 0, 1), wrong_number(2, 0, 1), wrong_number(0.5, 0, 1, whole=True)
    (None, 'error.out_of_range', 'error.not_whole')
    """
    if isinstance(given, bool) or not isinstance(given, Real) or given != given:
        return "error.not_a_number"
    number: Any = given
    if not lower <= number <= upper:
        return "error.out_of_range"
    return "error.not_whole" if whole and number % 1 else None


def check_whole(path: str, given: object, lower: int, upper: int) -> int:
    """A whole number of any kind in the closed range [lower, upper] as a plain one; 2.0 is none in Python.

    Raises
    ------
    InputError : with the range
    """
    whole = int(given) if isinstance(given, Integral) and not isinstance(given, bool) else None
    if whole is None or not lower <= whole <= upper:
        raise InputError(
            [Problem("error.not_whole", path, {"given": str(given), "lower": lower, "upper": upper, "unit": "number"})]
        )
    return whole


class InputError(Exception):
    """Input that cannot be used; carries every problem that was found.

    Parameters
    ----------
    problems : at least one
    file : the file they were found in, if any
    """

    def __init__(self, problems: Sequence[Problem], file: str | None = None) -> None:
        self.problems = tuple(problems)
        self.file = file
        super().__init__("\n".join([*([file] if file else []), *(str(problem) for problem in self.problems)]))

    def __str__(self) -> str:
        """The sentences of the doors where one has been opened; else keys and facts."""
        return spoken(self) if spoken is not None else super().__str__()

    def __reduce__(self) -> tuple[Any, ...]:
        return InputError, (self.problems, self.file)


spoken: Callable[[InputError], str] | None = None  # set by the package itself: this floor has no words
