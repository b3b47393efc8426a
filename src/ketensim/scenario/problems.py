"""From what pydantic found wrong to problems with a key, a path and facts; no sentence is made here."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from ketensim.foundation.errors import InputError, Problem

MOST_PROBLEMS: Final = 50
LONGEST_GIVEN: Final = 80
LIKENESS: Final = 0.6
TRANSPARENT: Final = frozenset({"by_type", "all_types"})  # fields of PerType that do not stand in the file
KINDS: Final[Mapping[str, str]] = {
    "model_type": "error.not_a_mapping",
    "model_attributes_type": "error.not_a_mapping",
    "dict_type": "error.not_a_mapping",
    "tuple_type": "error.not_a_list",
    "list_type": "error.not_a_list",
    "string_type": "error.not_text",
    "string_sub_type": "error.not_text",
    "string_unicode": "error.not_text",
    "bool_type": "error.not_true_or_false",
}


def excerpt(value: object) -> str:
    """A value as a short string, at most 80 characters, safe to print."""
    if isinstance(value, str):
        text = value[: LONGEST_GIVEN + 1]
    elif isinstance(value, Mapping):
        text = "{" + ", ".join(excerpt(key) for key in list(value)[:5]) + "}"
    elif isinstance(value, list | tuple):
        text = f"[{len(value)}]"
    elif isinstance(value, bool):
        text = str(value).lower()
    elif isinstance(value, int) and value.bit_length() > 2 * LONGEST_GIVEN:
        text = f"{'-' if value < 0 else ''}1e{int(value.bit_length() * math.log10(2))}"
    elif isinstance(value, float) and value.is_integer():
        text = f"{value:.15g}"
    else:
        text = "null" if value is None else str(value)
    text = "".join(sign if sign.isprintable() else "·" for sign in text)
    return text if len(text) <= LONGEST_GIVEN else text[: LONGEST_GIVEN - 1] + "…"


def nearest(given: object, known: Iterable[str]) -> dict[str, str]:
    """The fact ``nearest`` when one of the known names resembles what was given, else nothing."""
    if not isinstance(given, str):
        return {}
    short = given[:LONGEST_GIVEN].casefold()
    by_fold = {name.casefold(): name for name in known}
    close = difflib.get_close_matches(short, list(by_fold), n=1, cutoff=LIKENESS)
    return {"nearest": by_fold[close[0]]} if close else {}


def refusal(key: str, path: str = "", **facts: Any) -> PydanticCustomError:
    """What a validator raises: a problem at a path relative to the field it stands on."""
    return PydanticCustomError("problem", "{key}", {"key": key, "path": path, "facts": facts})


def deeper(path: str, error: PydanticCustomError) -> PydanticCustomError:
    """The same refusal, one step deeper."""
    context = error.context or {}
    return refusal(context["key"], dotted(path, context["path"]), **context["facts"])


def dotted(*parts: str) -> str:
    """Paths put together: ``joined("links[2]", "share")`` is ``links[2].share``."""
    return ".".join(part for part in parts if part)


def path_of_steps(steps: Iterable[int | str]) -> str:
    """``("organisations", 2, "fte")`` as ``organisations[2].fte``."""
    path = ""
    for step in steps:
        if isinstance(step, int):
            path += f"[{step}]"
        elif step not in TRANSPARENT:
            path = dotted(path, excerpt(step))
    return path


def read_model[Kind: BaseModel](kind: type[Kind], data: object, context: Mapping[str, Any] | None = None) -> Kind:
    """What a file says, as a model, seen in a context that its checks may ask for; raises InputError with every problem."""
    try:
        return kind.model_validate(data, context=context)
    except ValidationError as error:
        raise InputError(problems_of(error, kind)) from None


def problems_of(error: ValidationError, model: type[BaseModel]) -> list[Problem]:
    """Every problem in a pydantic error, in the order of the file, at most 50 and then how many more.

    Parameters
    ----------
    error : what pydantic raised
    model : the model that was being validated; gives the names that are allowed at an unknown key
    """
    details = error.errors(include_url=False)
    problems = [_problem(detail, model) for detail in details[:MOST_PROBLEMS]]
    meant = {
        dotted(_parent(problem.path), problem.facts["nearest"])
        for problem in problems
        if problem.key == "error.unknown_key" and "nearest" in problem.facts
    }
    problems = [problem for problem in problems if not (problem.key == "error.missing_key" and problem.path in meant)]
    if len(details) > MOST_PROBLEMS:
        problems.append(Problem("error.too_many_problems", "", {"given": len(details) - MOST_PROBLEMS}))
    return problems


def _parent(path: str) -> str:
    return path.rpartition(".")[0]


def _problem(detail: ErrorDetails, model: type[BaseModel]) -> Problem:
    path = path_of_steps(detail["loc"])
    given = excerpt(detail["input"])
    match detail["type"]:
        case "problem":
            context = detail["ctx"]
            return Problem(context["key"], dotted(path, context["path"]), context["facts"])
        case "missing":
            return Problem("error.missing_key", path, {"given": excerpt(detail["loc"][-1])})
        case "extra_forbidden":
            return _unknown_key(path, detail["loc"], model)
        case "string_too_short":
            return Problem("error.text_empty", path, {})
        case "string_too_long":
            facts = {"given": len(detail["input"]), "allowed": detail["ctx"]["max_length"]}
            return Problem("error.text_length", path, facts)
        case kind:
            return Problem(KINDS.get(kind, "error.wrong_value"), path, {"given": given})


def _unknown_key(path: str, steps: Sequence[int | str], model: type[BaseModel]) -> Problem:
    part = _part_at(steps[:-1], model)
    known = tuple(sorted(field.alias or name for name, field in part.model_fields.items())) if part else ()
    return Problem(
        "error.unknown_key", path, {"given": excerpt(steps[-1]), "allowed": known, **nearest(steps[-1], known)}
    )


def _part_at(steps: Sequence[int | str], model: type[BaseModel]) -> type[BaseModel] | None:
    """The model that reads the block at these steps."""
    kind: Any = model
    for step in steps:
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            fields = {field.alias or name: field.annotation for name, field in kind.model_fields.items()}
            kind = _bare(fields.get(str(step)))
        else:
            arguments = [part for part in get_args(kind) if part is not Ellipsis]
            kind = _bare(arguments[-1]) if arguments else None
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None


def _bare(kind: Any) -> Any:
    """An annotation without Annotated and without "or None"."""
    if hasattr(kind, "__metadata__"):
        return _bare(kind.__origin__)
    kept = [part for part in get_args(kind) if part is not type(None)]
    return _bare(kept[0]) if type(None) in get_args(kind) and len(kept) == 1 else kind
