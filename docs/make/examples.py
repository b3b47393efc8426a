"""The examples of README, tutorial and how-to pages, carried out, and what they say written into the pages. What counts:

- a block ``python`` stands alone; a block ``text`` right under it is what it prints; with ``<!-- in plain Python -->`` above
  it nothing is compiled, and with ``<!-- file: NAME -->`` it is a file;
- in a block ``console`` a line ``$ ketensim ...`` is a command and what follows is what it says; a last line ``...``
  means that only as many paragraphs are shown as stand there now;
- in a block ``bash`` every ``ketensim ...`` is carried out, what it says is not shown;
- a comment ``<!-- file: NAME -->`` above a block ``yaml`` makes a file of it, and ``<!-- file: NAME = OTHER with "a" as
  "b" -->`` makes a file of another with one change; ``<!-- ends with 2 -->`` above a block announces an exit code.

The steps of a page share one folder, in the order of the page; the scenarios lie in it, as in a copy of the repository.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from docs.make import ROOT

PAGES = ("README.md", "docs/en/tutorial.md", "docs/nl/handleiding.md", "docs/en/extend.md")
LOCALES = {"en": "en_GB.UTF-8", "nl": "nl_NL.UTF-8"}
FENCE = re.compile(r"^```(?P<kind>\w*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
COMMENT = re.compile(r"<!-- (?P<words>[^\n]*) -->\n\Z")
CHANGED = re.compile(r'<!-- file: (?P<name>\S+) = (?P<other>\S+) with "(?P<old>[^"]+)" as "(?P<new>[^"]+)" -->')
PROMPT = "$ "
CUT = "..."
PLAIN = "in plain Python"
PATIENCE = 300  # seconds for one command


class ExampleError(Exception):
    """An example does not run as it stands."""


@dataclass(frozen=True)
class Block:
    """A block of a page, or a file made from another (kind ``change``)."""

    kind: str
    body: str
    start: int  # of the body in the page
    end: int
    comment: str  # right above the block
    line: int
    under: str  # kind of the block right above it

    @property
    def exit_code(self) -> int:
        """With what the commands in it end."""
        announced = re.fullmatch(r"ends with (\d+)", self.comment)
        return int(announced[1]) if announced else 0


@dataclass(frozen=True)
class QuotedOutput:
    """An output that a page quotes: where, and what it should say."""

    block: Block
    fresh: str


def blocks(page: str) -> list[Block]:
    """The blocks of a page in order."""
    listed: list[Block] = []
    for match in FENCE.finditer(page):
        before = page[: match.start()]
        above = COMMENT.search(before)
        between = page[listed[-1].end + len("```\n") : match.start()] if listed else "-"
        under = listed[-1].kind if listed and not between.strip() else ""
        line = before.count("\n") + 1
        words = above["words"] if above else ""
        listed.append(Block(match["kind"], match["body"], match.start("body"), match.end("body"), words, line, under))
    for match in CHANGED.finditer(page):
        line = page[: match.start()].count("\n") + 1
        listed.append(Block("change", match[0], match.start(), match.end(), "", line, ""))
    return sorted(listed, key=lambda block: block.start)


def commands(block: Block) -> list[str]:
    """The ``ketensim`` commands of a block, without what stands in front of them."""
    parts = [part.strip() for line in block.body.splitlines() for part in line.removeprefix(PROMPT).split("&&")]
    if block.kind == "console":
        parts = [line.removeprefix(PROMPT) for line in block.body.splitlines() if line.startswith(PROMPT)]
    return [part.removeprefix("uv run ") for part in parts if part.removeprefix("uv run ").startswith("ketensim ")]


def language_of(name: str) -> str:
    """The language of a page by its name: English unless it stands in a folder ``nl``.

    Examples
    --------
    >>> language_of("docs/nl/handleiding.md"), language_of("README.md")
    ('nl', 'en')
    """
    return "nl" if "nl" in Path(name).parts else "en"


def carry_out(page: str, folder: Path, language: str = "en") -> Iterator[QuotedOutput]:
    """Carry out every example of a page in a folder; gives back what it shows of their outputs.

    Parameters
    ----------
    page : its text
    folder : an empty one
    language : in which the program speaks

    Raises
    ------
    ExampleError
        with the line of the page, when an example cannot run
    """
    shutil.copytree(ROOT / "scenarios", folder / "scenarios")
    printed = ""
    for block in blocks(page):
        match block.kind:
            case "change":
                change_file(block, folder)
            case "yaml" if block.comment.startswith("file: "):
                (folder / block.comment.removeprefix("file: ")).write_text(block.body, encoding="utf-8")
            case "python" if block.comment.startswith("file: "):
                (folder / block.comment.removeprefix("file: ")).write_text(block.body, encoding="utf-8")
            case "python" if block.comment == PLAIN:
                with plain_python():
                    printed = run_python(block, folder)
            case "python":
                printed = run_python(block, folder)
            case "text" if block.under == "python":
                yield QuotedOutput(block, printed)
            case "bash":
                for command in commands(block):
                    run_command(command, block, folder, language)
            case "console":
                yield QuotedOutput(
                    block, "".join(said(command, block, folder, language) for command in commands(block))
                )


@contextlib.contextmanager
def plain_python() -> Iterator[None]:
    """Rules run as plain Python: machine code of a changed model takes half a minute to make, its bits are the same."""
    before = os.environ.get("KETENSIM_NO_JIT")
    os.environ["KETENSIM_NO_JIT"] = "1"
    try:
        yield
    finally:
        os.environ.pop("KETENSIM_NO_JIT")
        if before is not None:
            os.environ["KETENSIM_NO_JIT"] = before


def change_file(block: Block, folder: Path) -> None:
    """A file like another, with one change."""
    change = CHANGED.fullmatch(block.body)
    assert change is not None
    text = (folder / change["other"]).read_text(encoding="utf-8")
    if text.count(change["old"]) != 1:
        raise ExampleError(f"line {block.line}: {change['old']!r} does not stand in {change['other']} once")
    (folder / change["name"]).write_text(text.replace(change["old"], change["new"]), encoding="utf-8")


def run_python(block: Block, folder: Path) -> str:
    """What a block prints; it runs in a namespace of its own."""
    out = io.StringIO()
    try:
        with contextlib.chdir(folder), contextlib.redirect_stdout(out):
            exec(compile(block.body, f"line {block.line}", "exec"), {"__name__": "__main__"})
    except Exception as error:
        raise ExampleError(f"line {block.line}: {type(error).__name__}: {error}") from error
    return tidy(out.getvalue())


def run_command(command: str, block: Block, folder: Path, language: str) -> str:
    """What a command says in a language, as a process of its own."""
    spoken, _, target = command.partition(" > ")
    words = [sys.executable, "-m", "ketensim.cli", *shlex.split(spoken)[1:]]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG"))}
    ended = subprocess.run(
        words,
        cwd=folder,
        env=kept | {"LANG": LOCALES[language], "PYTHONIOENCODING": "utf-8"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        timeout=PATIENCE,
        check=False,
    )
    if ended.returncode != block.exit_code:
        raise ExampleError(f"line {block.line}: {command} ended with {ended.returncode}:\n{ended.stdout}")
    if target:
        (folder / target).write_text(ended.stdout, encoding="utf-8")
    return tidy(ended.stdout)


def said(command: str, block: Block, folder: Path, language: str) -> str:
    """A command with what it says, cut where the page cuts it."""
    output = run_command(command, block, folder, language)
    shown = block.body.partition(f"{PROMPT}{command}\n")[2].partition(f"\n{PROMPT}")[0]
    if shown.rstrip("\n").endswith(f"\n{CUT}"):
        number = len(shown.rstrip("\n").removesuffix(CUT).rstrip("\n").split("\n\n"))
        output = "\n\n".join(output.split("\n\n")[:number]).rstrip("\n") + f"\n{CUT}\n"
    return f"{PROMPT}{command}\n{output}"


def tidy(text: str) -> str:
    """An output as a page shows it: no blanks at line ends, no empty lines around it."""
    lines = "\n".join(line.rstrip() for line in text.splitlines()).strip("\n")
    return f"{lines}\n" if lines else ""


def refreshed(page: str, folder: Path, language: str) -> str:
    """The page with the outputs of today."""
    for shown in reversed(list(carry_out(page, folder, language))):
        page = page[: shown.block.start] + shown.fresh + page[shown.block.end :]
    return page


def pages(names: Sequence[str] = PAGES) -> Mapping[Path, str]:
    """Pages with what their examples say now."""
    texts = {}
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            texts[ROOT / name] = refreshed((ROOT / name).read_text("utf-8"), Path(folder), language_of(name))
    return texts
