"""The command that makes a chain of a list of cases; see ``commands.py`` about annotations."""

from pathlib import Path
from typing import Annotated

from ketensim.cli.commands import Commands


def add_log_commands(commands: Commands) -> None:
    """Add the commands about lists of cases."""

    def column(name: str) -> object:
        return commands.option(name, "column", f"column_{name.replace('-', '_')}")

    @commands.add("import")
    def import_log(
        log: Annotated[str, commands.argument("list", "list_of_cases")],
        out: Annotated[Path | None, commands.option("out", "file", "out_chain")] = None,
        case: Annotated[str | None, column("case")] = None,
        organisation: Annotated[str | None, column("organisation")] = None,
        start: Annotated[str | None, column("start")] = None,
        end: Annotated[str | None, column("end")] = None,
        case_type: Annotated[str | None, column("case-type")] = None,
        outcome: Annotated[str | None, column("outcome")] = None,
        deadline: Annotated[str | None, column("deadline")] = None,
        wrong: Annotated[list[str] | None, commands.option("wrong", "outcome", "outcome_wrong")] = None,
        withdrawn: Annotated[list[str] | None, commands.option("withdrawn", "outcome", "outcome_withdrawn")] = None,
    ) -> None:
        from ketensim.cli.importing import ImportRequest, import_list

        columns = {
            "case": case, "organisation": organisation, "start": start, "end": end, "case_type": case_type,
            "outcome": outcome, "deadline": deadline,
        }  # fmt: skip
        given = {field: name for field, name in columns.items() if name is not None}
        import_list(ImportRequest(Path(log), given, out, tuple(wrong or ()), tuple(withdrawn or ())), commands.language)
