"""``ketensim match CHAIN FILE``: which sets of assumptions do figures of one's own not rule out? See ``commands.py`` too."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from ketensim.cli.commands import RESULTS, Commands
from ketensim.texts import t, word

if TYPE_CHECKING:
    from ketensim.analysis.match_waves import Matched

SUMMARY: Final = "summary.md"
MOST_NARROWED: Final = 5  # parameters that are told, those of which least is left


def add_matching_command(commands: Commands) -> None:
    """Add the command that matches a chain with figures of one's own."""
    folder = f"{RESULTS}/match/{commands.words('metavar.name')}"

    @commands.add("match")
    def match_(
        chain: Annotated[str, commands.argument("scenario")],
        file: Annotated[str, commands.argument("file", "indicators")],
        out: Annotated[Path | None, commands.option("out", "folder", value=folder)] = None,
        replace: Annotated[bool, commands.switch("replace")] = False,
    ) -> None:
        show_match(chain, file, out, replace, commands.language)


def show_match(name: str, file: str, out: Path | None, replace: bool, language: str) -> None:
    """Match, and say per wave and at the end what is left.

    Raises
    ------
    InputError
        everything that is wrong in the file, or does not fit the chain; a folder that holds another matching
    """
    from ketensim.analysis.match_waves import ACCEPTED, FIGURES, SETS, match
    from ketensim.cli.experiment_runs import rate_bar
    from ketensim.experiment.disk import write_text
    from ketensim.experiment.indicator_file import IndicatorFile
    from ketensim.scenario.files import load

    asked, chain = IndicatorFile.load(file), load(name)
    folder = Path(RESULTS) / "match" / Path(file).stem if out is None else out

    def told(wave: int, tried: int, left: int) -> None:
        typer.echo(t("cli.match.wave", language, wave=wave, tried=tried, left=left))

    try:
        with rate_bar(t("cli.match.running", language), language) as progress:
            found = match(chain, asked, folder, replace=replace, progress=progress, told=told)
    except KeyboardInterrupt:
        typer.echo(f"\n{t('cli.match.goes_on', language)}", err=True)
        raise
    lines = summary_of(found, language)
    title = f"# {chain.title.in_language(language)}: {Path(file).name}"
    write_text(folder / SUMMARY, "\n\n".join([title, *lines]) + "\n")
    for line in lines:
        typer.echo(line)
    paths = [str(folder / name) for name in (ACCEPTED, FIGURES, SETS, SUMMARY)]
    typer.echo(t("cli.written_tables", language, paths=paths))


def summary_of(found: "Matched", language: str) -> list[str]:
    """What is left, per figure, and which parameters the figures say most about."""
    left, tried = len(found.accepted), len(found.sets)
    lines = [t("cli.match.left" if left else "cli.match.nothing_left", language, left=left, tried=tried)]
    for row in found.figures.to_dict("records"):
        key = "cli.match.figure" if left else "cli.match.figure_alone"
        lines.append("- " + t(key, language, **{str(name): fact for name, fact in row.items()}))
    narrowed = found.narrowed().head(MOST_NARROWED) if left else found.narrowed().head(0)
    for row in narrowed.to_dict("records"):
        facts = {"label": word(f"parameter.{row['parameter']}", language), "part": row["part"]}
        ends = {"low": row["from"], "high": row["to"], "first": row["p10"], "last": row["p90"]}
        lines.append("- " + t("cli.match.narrowed", language, name=row["parameter"], **facts, **ends))
    return lines
