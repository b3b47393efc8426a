"""What comes in by POST, checked for its shape, and what goes back."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from ketensim.foundation.errors import InputError
from ketensim.texts import t

MOST_FIELDS: Final = 400
LONGEST_TEXT: Final = 400  # characters of anything that is typed; rooms cut it shorter
SEE_OTHER: Final = 303


class BadRequest(Exception):  # noqa: N818  it becomes an answer
    """Something that no page of ours sends.

    Parameters
    ----------
    status : of the answer
    key : of its sentence, in the section ``room.problem``
    facts : what the sentence needs
    """

    def __init__(self, key: str = "not_understood", status: int = 400, **facts: Any) -> None:
        super().__init__(key)
        self.key, self.status, self.facts = key, status, facts


class NotHere(Exception):  # noqa: N818  it becomes an answer
    """Something that is not there, or not for who asks."""


async def json_of(request: Request) -> dict[str, Any]:
    """The JSON object in the body."""
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise BadRequest
    try:
        content = json.loads(await request.body(), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise BadRequest from None
    if not isinstance(content, dict):
        raise BadRequest
    return content


async def form_of(request: Request) -> dict[str, list[str]]:
    """The fields of a form; a field may stand in it more than once."""
    try:
        text = (await request.body()).decode()
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
    except ValueError:
        raise BadRequest from None
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(value[:LONGEST_TEXT])
    return fields


def field_value(form: Mapping[str, list[str]], name: str) -> str:
    """The first value of a field, empty when it is not there."""
    return form.get(name, [""])[0]


def text_in(data: Mapping[str, Any], name: str) -> str:
    """A text of a JSON object."""
    value = data.get(name, "")
    if not isinstance(value, str) or len(value) > LONGEST_TEXT:
        raise BadRequest
    return value


def number_in(data: Mapping[str, Any], name: str) -> float:
    """A finite number of a JSON object."""
    value = data.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadRequest
    try:
        number = float(value)
    except OverflowError:  # a whole number of hundreds of digits
        raise BadRequest from None
    if not math.isfinite(number):
        raise BadRequest
    return number


def whole_in(data: Mapping[str, Any], name: str) -> int:
    """A whole number of a JSON object."""
    value = data.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > 10**9:
        raise BadRequest
    return value


def flag_in(data: Mapping[str, Any], name: str) -> bool:
    """Yes or no in a JSON object."""
    value = data.get(name)
    if not isinstance(value, bool):
        raise BadRequest
    return value


def steps_in(data: Mapping[str, Any], name: str) -> dict[str, int]:
    """Decisions and their steps in a JSON object."""
    value = data.get(name)
    if not isinstance(value, dict) or len(value) > MOST_FIELDS:
        raise BadRequest
    return {key[:LONGEST_TEXT]: whole_in(value, key) for key in value}


def problem_sentence(error: InputError | BadRequest, language: str) -> str:
    """What went wrong, in a sentence."""
    if isinstance(error, BadRequest):
        return t(f"room.problem.{error.key}", language, **error.facts)
    return " ".join(t(problem.key, language, **problem.facts) for problem in error.problems)


def refused(error: InputError | BadRequest, language: str) -> JSONResponse:
    """The answer to a script: status and sentence."""
    status = error.status if isinstance(error, BadRequest) else 409
    return JSONResponse({"problem": problem_sentence(error, language)}, status)


def redirect_to(address: str) -> Response:
    """Send the browser to another page after a POST."""
    return RedirectResponse(address, SEE_OTHER)


def _no_constant(name: str) -> float:
    raise ValueError(name)
