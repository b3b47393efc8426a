"""Files that a link gives: the report of a setting and its scenario file. The link says what; nothing is kept."""

from __future__ import annotations

import asyncio
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from ketensim.app.explore.computing import ALL_RUNS
from ketensim.app.setting import Setting, from_query, language_in, pairs_of, scenario_of
from ketensim.run.engine import simulate
from ketensim.scenario.files import dump
from ketensim.texts import LANGUAGES, t
from ketensim.views.drawing.reading import Reading
from ketensim.views.drawing.spreadsheet import WORKBOOK_TYPE
from ketensim.views.report.document import report_html
from ketensim.views.report.run_tables import run_workbook

REPORT: Final = "/bestand/rapport"
SCENARIO: Final = "/bestand/scenario"
WORKBOOK: Final = "/bestand/rekenblad"
AT_ONCE: Final = 2  # reports and workbooks being made at the same time; the others wait
_turn = asyncio.Semaphore(AT_ONCE)


def made_report(setting: Setting, language: str) -> str:
    """The report of a setting as one HTML file, with the same runs that the page shows."""
    results = simulate(scenario_of(setting), runs=ALL_RUNS, seed=setting.seed)
    return report_html(Reading(results), language, t("app.link.recipe", language, link=f"/?{setting.query}"))


def made_workbook(setting: Setting, language: str) -> bytes:
    """The tables of a setting as an Excel workbook, with the same runs that the page shows."""
    results = simulate(scenario_of(setting), runs=ALL_RUNS, seed=setting.seed)
    content, _ = run_workbook(Reading(results), t("app.link.recipe", language, link=f"/?{setting.query}"), language)
    return content


async def give_setting_report(request: Request) -> Response:
    """The report, made while the visitor waits."""
    setting, language = _asked(request)
    async with _turn:
        return HTMLResponse(await asyncio.to_thread(made_report, setting, language))


async def give_setting_workbook(request: Request) -> Response:
    """The workbook, made while the visitor waits."""
    setting, language = _asked(request)
    async with _turn:
        content = await asyncio.to_thread(made_workbook, setting, language)
    head = {"content-disposition": f'attachment; filename="ketensim-{setting.chain}.xlsx"'}
    return Response(content, media_type=WORKBOOK_TYPE, headers=head)


async def give_scenario(request: Request) -> Response:
    """The scenario file of a setting."""
    setting, _ = _asked(request)
    name = f"ketensim-{setting.chain}.yaml"
    head = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(dump(scenario_of(setting)), media_type="application/yaml", headers=head)


def _asked(request: Request) -> tuple[Setting, str]:
    setting, _ = from_query(request.url.query)
    return setting, language_in(pairs_of(request.url.query)) or LANGUAGES[0]


routes = [
    Route(REPORT, give_setting_report),
    Route(SCENARIO, give_scenario),
    Route(WORKBOOK, give_setting_workbook),
]
