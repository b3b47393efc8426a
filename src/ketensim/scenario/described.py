"""Descriptions of fields, from the strings that stand below them in the sources.

Pydantic can do this itself (``use_attribute_docstrings``), but does it whenever a class is made: a tenth of every start
of the command line, for a schema that is rarely asked for. Here it is done when the schema is made.
"""

from __future__ import annotations

import ast
import inspect
import sys
from functools import cache

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaValue

PACKAGE = __name__.partition(".")[0]


def describe(cls: type[BaseModel], properties: dict[str, JsonSchemaValue]) -> None:
    """Put its description with every property of a class."""
    for kind in reversed(cls.__mro__):
        if kind.__module__.partition(".")[0] == PACKAGE:
            for name, words in _words(kind.__module__).get(kind.__name__.partition("[")[0], {}).items():
                field = cls.model_fields[name]
                properties[field.alias or name]["description"] = field.description or words


@cache
def _words(module: str) -> dict[str, dict[str, str]]:
    tree = ast.parse(inspect.getsource(sys.modules[module]))
    return {node.name: _of_class(node) for node in tree.body if isinstance(node, ast.ClassDef)}


def _of_class(node: ast.ClassDef) -> dict[str, str]:
    words = {}
    for field, below in zip(node.body, node.body[1:], strict=False):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and isinstance(below, ast.Expr):
            match below.value:
                case ast.Constant(value=str(text)):
                    words[field.target.id] = inspect.cleandoc(text)
    return words
