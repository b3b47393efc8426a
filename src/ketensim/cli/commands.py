"""How a command is made in the reader's language, and what holds when an option is silent.

(No ``from __future__ import annotations`` where commands are: typer reads the annotations, and they hold words of one
language.)
"""

from collections.abc import Callable
from typing import Annotated, Any, Final

import typer

import ketensim
from ketensim.texts import t

DEFAULT_RUNS: Final = 200
RESULTS: Final = "results"  # folder of results when --out is silent
PORT: Final = "8765"
EVERY_ADDRESS: Final = "0.0.0.0"
THIS_MACHINE: Final = "127.0.0.1"


class Commands:
    """The commands of ``ketensim`` with their help in one language.

    Parameters
    ----------
    language : one of ``texts.languages()``
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self.typer = typer.Typer(name="ketensim", help=self.words("app"), add_help_option=False)
        self.typer.callback(invoke_without_command=True)(self._version_command())

    def _version_command(self) -> Callable[[bool], None]:
        def show_version(version: Annotated[bool, self.switch("version")] = False) -> None:
            if version:
                typer.echo(f"ketensim {ketensim.__version__}")

        return show_version

    def words(self, key: str, **facts: object) -> str:
        """A text about the command line."""
        return t(f"cli.{key}", self.language, **facts)

    def add(self, name: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
        """Decorator that makes a function a command."""
        return self.typer.command(name, help=self.words(f"command.{name}"), add_help_option=False)

    def option(self, name: str, kind: str, text: str = "", **facts: object) -> Any:
        """An option with a value.

        Parameters
        ----------
        name : without hyphens in front
        kind : of value, as named under ``cli.metavar``
        text : under ``cli.option``; without it the name
        facts : for the text
        """
        help_text = self.words(f"option.{text or name}", **facts)
        return typer.Option(f"--{name}", metavar=self.words(f"metavar.{kind}"), help=help_text)

    def switch(self, name: str, text: str = "") -> Any:
        """An option without a value."""
        return typer.Option(f"--{name}", help=self.words(f"option.{text or name.replace('-', '_')}"))

    def argument(self, kind: str, text: str = "") -> Any:
        """An argument, by the kind of its value."""
        return typer.Argument(metavar=self.words(f"metavar.{kind}"), help=self.words(f"option.{text or kind}"))
