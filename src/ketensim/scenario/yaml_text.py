"""From the text of a file to plain values with the line of each, and back; refuses what can hide or multiply content."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Final

import yaml
from yaml.error import MarkedYAMLError, YAMLError
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from ketensim.foundation.errors import InputError, Problem
from ketensim.scenario.problems import MOST_PROBLEMS, excerpt, path_of_steps

TAG: Final = "tag:yaml.org,2002:"
PLAIN: Final = frozenset(TAG + kind for kind in ("str", "int", "float", "bool", "null", "timestamp", "map", "seq"))
PARSER_SLIPS: Final = (YAMLError, ValueError, TypeError, AttributeError, LookupError, AssertionError, OverflowError)
COMMAS: Final = re.compile(r"(?P<name>\w+)\s*:\s*\[(?P<inside>[-+\d.\s,]*\d,\d[-+\d.\s,]*)\]")
DEEPEST: Final = 50  # levels of nesting; a scenario needs some eight
Steps = tuple[int | str, ...]


class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """PyYAML's quick loader with the words of YAML 1.2: ``no`` and ``on`` are texts, ``010`` is no number."""

    yaml_implicit_resolvers: ClassVar[dict[str, list[tuple[str, re.Pattern[str]]]]] = {}


for _kind, _pattern, _starts in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("int", r"[-+]?(0|[1-9][0-9]*)", "-+0123456789"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+\.[0-9]*|[0-9]+(?=[eE]))([eE][-+]?[0-9]+)?", "-+.0123456789"),
    ("float", r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)", "-+."),
    ("timestamp", r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "0123456789"),
):
    Loader.add_implicit_resolver(TAG + _kind, re.compile(rf"^(?:{_pattern})$"), list(_starts))


class Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]
    """PyYAML's quick writer; a text that either YAML 1.1 or YAML 1.2 would read as something else gets quotation marks."""

    yaml_implicit_resolvers: ClassVar[dict[str, list[tuple[str, re.Pattern[str]]]]] = {
        start: [*known, *(one for one in Loader.yaml_implicit_resolvers.get(start, ()) if one not in known)]
        for start, known in (
            dict.fromkeys(Loader.yaml_implicit_resolvers, ()) | yaml.SafeDumper.yaml_implicit_resolvers
        ).items()
    }

    def ignore_aliases(self, data: object) -> bool:
        """What is the same object twice is written twice: our reader refuses anchors."""
        return True


def list_doubts(text: str, lines: Mapping[str, int]) -> Iterator[Problem]:
    """Lists such as ``[0,1, 0,2]``, in which a comma may have been meant as a decimal sign: what was understood.

    Parameters
    ----------
    text : of the whole file
    lines : line of every path, as ``values_and_lines`` gives it
    """
    for number, line in enumerate(text.splitlines(), 1):
        for match in COMMAS.finditer(line):
            name, inside = match["name"], match["inside"]
            path = next((path for path, at in lines.items() if at == number and path.endswith(name)), name)
            parts = [part.strip() for part in inside.split(",")]
            facts = {"given": f"[{inside}]", "number": len(parts), "understood": parts, "line": number}
            yield Problem("improbable.decimal_comma", path, facts)


def values_and_lines(text: str) -> tuple[dict[str, Any], dict[str, int]]:
    """The values of a YAML text, and the line (from 1) at which each path stands.

    Raises
    ------
    InputError
        for text that does not parse, anchors and aliases, foreign tags, a key that occurs twice or is no text,
        values that cannot be read, an empty file, and a file that is no mapping
    """
    try:
        reader = _Reader()
        value = reader.whole(text)
    except RecursionError:
        raise InputError([Problem("error.yaml_too_deep")]) from None
    if reader.problems:
        raise InputError(reader.problems[:MOST_PROBLEMS])
    return value, reader.lines


class _Reader:
    """Walks the nodes of one text and keeps what was found."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.lines: dict[str, int] = {}

    def whole(self, text: str) -> dict[str, Any]:
        node = self._root(text)
        if node is None:
            raise InputError([Problem("error.file_empty")])
        value = self._value(node, ())
        if not isinstance(value, dict) and not self.problems:
            self.problems.append(Problem("error.not_a_mapping", "", {"given": excerpt(value)}))
        return value if isinstance(value, dict) else {}

    def _root(self, text: str) -> Node | None:
        try:
            self._anchors_and_depth(text)
            self.loader = Loader(text)
            return self.loader.get_single_node()
        except MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            facts = {"line": mark.line + 1, "column": mark.column + 1} if mark else {"line": 1, "column": 1}
            raise InputError([Problem("error.yaml_syntax", "", {**facts, "detail": str(error.problem)})]) from None
        except RecursionError:
            raise
        except PARSER_SLIPS as error:
            raise InputError([_unmarked(error, text)]) from None

    def _anchors_and_depth(self, text: str) -> None:
        """Look through the events first: composing follows anchors and nesting to any depth."""
        depth = 0
        for event in yaml.parse(text, Loader=Loader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > DEEPEST:
                raise RecursionError
            anchor = getattr(event, "anchor", None)
            if anchor is not None:
                facts = {"given": excerpt(anchor), "line": event.start_mark.line + 1}
                raise InputError([Problem("error.yaml_anchor", "", facts)])

    def _value(self, node: Node, steps: Steps) -> Any:
        path, line = path_of_steps(steps), node.start_mark.line + 1
        self.lines[path] = line
        if node.tag not in PLAIN:
            self._problem("error.yaml_tag", path, line, str(node.tag).replace(TAG, "!!"))
        elif isinstance(node, MappingNode):
            return self._mapping(node, steps)
        elif isinstance(node, SequenceNode):
            return [self._value(part, (*steps, index)) for index, part in enumerate(node.value)]
        elif isinstance(node, ScalarNode):
            return self._scalar(node, path, line)
        return None

    def _mapping(self, node: MappingNode, steps: Steps) -> dict[str, Any]:
        values: dict[str, Any] = {}
        first: dict[str, int] = {}
        for key, part in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, ScalarNode) or key.tag != TAG + "str":
                self._problem("error.yaml_key", path_of_steps(steps), line, getattr(key, "value", ""))
                continue
            if key.value in values:
                path = path_of_steps((*steps, key.value))
                self._problem("error.duplicate_key", path, line, key.value, first_line=first[key.value])
                continue
            first[key.value] = line
            values[key.value] = self._value(part, (*steps, key.value))
            self.lines[path_of_steps((*steps, key.value))] = line
        return values

    def _scalar(self, node: ScalarNode, path: str, line: int) -> Any:
        try:
            return self.loader.construct_object(node)
        except (YAMLError, ValueError, OverflowError):
            self._problem("error.yaml_value", path, line, node.value)
            return None

    def _problem(self, key: str, path: str, line: int, given: object, **facts: Any) -> None:
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(Problem(key, path, {"given": excerpt(given), "line": line, **facts}))


def _unmarked(error: Exception, text: str) -> Problem:
    """A syntax problem without a mark; characters that YAML does not allow have only a position."""
    position = getattr(error, "position", 0)
    before = text[: position if isinstance(position, int) else 0]
    line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
    return Problem("error.yaml_syntax", "", {"line": line, "column": column, "detail": type(error).__name__})
