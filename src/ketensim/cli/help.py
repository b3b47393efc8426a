"""Help in the reader's language: what typer knows of the commands, with words from the catalogues."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ketensim.texts import t

NARROW = 100
LEFT = 2


class Screen(Console):
    """A console whose closed pipe is told to whoever called, as that of any other output is."""

    def on_broken_pipe(self) -> None:
        """Leave it to ``cli.main``."""
        raise BrokenPipeError


def show_help(command: Any, words: Sequence[str], language: str) -> None:
    """Help for the whole application, or for the command that is named among the words."""
    console = Screen(highlight=False, markup=False)
    console = Screen(highlight=False, markup=False, width=min(NARROW, console.width))
    chosen = next((command.commands[word] for word in words if word in command.commands), None)
    if chosen is None:
        _show_application(console, command, language)
    else:
        _show_command(console, chosen, language)


def _show_application(console: Console, command: Any, language: str) -> None:
    _usage(console, f"ketensim {t('cli.metavar.command', language)} {t('cli.metavar.options', language)}", language)
    console.print(Padding(t("cli.app", language), (0, LEFT, 1, LEFT)))
    _rows(console, t("cli.commands", language), [(name, part.help) for name, part in command.commands.items()])
    version = ("--version", t("cli.option.version", language))
    _rows(console, t("cli.options", language), [version, *_options_of_all(language)])
    console.print(Padding(t("cli.more", language), (0, LEFT)))


def _show_command(console: Console, command: Any, language: str) -> None:
    arguments = [part for part in command.params if not part.opts[0].startswith("-")]
    options = [part for part in command.params if part.opts[0].startswith("-")]
    names = " ".join(part.metavar for part in arguments)
    _usage(
        console, f"ketensim {command.name} {names} {t('cli.metavar.options', language)}".replace("  ", " "), language
    )
    console.print(Padding(command.help, (0, LEFT, 1, LEFT)))
    if arguments:
        _rows(console, t("cli.arguments", language), [(part.metavar, part.help) for part in arguments])
    own = [(_option(part), _with_default(part, language)) for part in options]
    _rows(console, t("cli.options", language), [*own, *_options_of_all(language)])


def _options_of_all(language: str) -> list[tuple[str, str]]:
    return [
        (f"--lang {t('cli.metavar.language', language)}", t("cli.option.lang", language)),
        ("--help, -h", t("cli.option.help", language)),
    ]


def _usage(console: Console, line: str, language: str) -> None:
    console.print(Text.assemble((f"{t('cli.usage', language)}: ", "bold"), line), end="\n\n", soft_wrap=True)


def _option(part: Any) -> str:
    return " ".join(filter(None, (", ".join(part.opts), part.metavar)))


def _with_default(part: Any, language: str) -> str:
    if part.default in (None, "", (), []) or callable(part.default):
        return str(part.help)
    return f"{part.help} ({t('cli.default', language, value=part.default)})"


def _rows(console: Console, title: str, rows: Sequence[tuple[str, str]]) -> None:
    console.print(Text(title, "bold"))
    table = Table.grid(padding=(0, LEFT))
    table.add_column(no_wrap=True, style="cyan")
    table.add_column()
    for left, right in rows:
        table.add_row(Text(left), Text(right))
    console.print(Padding(table, (0, 0, 1, LEFT)))
