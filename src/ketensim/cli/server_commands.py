"""The commands that serve pages to browsers; see ``commands.py`` about annotations."""

from pathlib import Path
from typing import Annotated

from ketensim.cli.commands import EVERY_ADDRESS, PORT, THIS_MACHINE, Commands


def add_server_commands(commands: Commands) -> None:
    """Add the commands that serve."""
    option = commands.option

    @commands.add("workshop")
    def workshop(
        port: Annotated[str, option("port", "number", value=PORT)] = PORT,
        host: Annotated[str, option("host", "address")] = EVERY_ADDRESS,
        folder: Annotated[Path, option("folder", "folder")] = Path("workshop"),
        plan: Annotated[str | None, option("plan", "plan")] = None,
        address: Annotated[str | None, option("address", "address")] = None,
    ) -> None:
        from ketensim.cli.workshop_server import WorkshopRequest, serve_workshop

        serve_workshop(WorkshopRequest(port, host, folder, plan, address), commands.language)

    @commands.add("app")
    def app(
        port: Annotated[str, option("port", "number", "app_port")] = PORT,
        host: Annotated[str, option("host", "address", "app_host")] = THIS_MACHINE,
        address: Annotated[str | None, option("address", "address", "app_address")] = None,
        no_browser: Annotated[bool, commands.switch("no-browser")] = False,
        embed_from: Annotated[list[str] | None, option("embed-from", "address", "embed_from")] = None,
    ) -> None:
        from ketensim.cli.app_server import AppRequest, serve_app

        serve_app(AppRequest(port, host, address, not no_browser, tuple(embed_from or ())), commands.language)
