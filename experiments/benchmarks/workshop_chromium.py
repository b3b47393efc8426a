"""Twelve phones in a real Chromium play a workshop: on a slow network, with clocks that are set, beside a pest, and with a server
that is killed in every phase.

    uv run --group dev python experiments/benchmarks/workshop_chromium.py               twelve phones, two years
    uv run --group dev python experiments/benchmarks/workshop_chromium.py --phones 4    fewer

Two tables of the reference chain with all six organisations in the hands of people. Every third phone has a slow network, two
have a clock that is set an hour back or forward on the way. In each phase the server is killed (``kill -9``) and started again,
and a pest joins, presses *We have decided* for a team and floods the server. Prints how long it takes from the facilitator's
button until every phone shows the next phase, and until every phone is back after a kill, and whether anything was lost.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import shutil
import statistics
import tempfile
import time
from pathlib import Path

from playwright.async_api import Browser, Page, async_playwright, expect
from workshop_load import Served
from workshop_phones import HOST
from workshop_phones import Browser as Script

PHONE = {"width": 390, "height": 844}
SLOW = {
    "offline": False,
    "latency": 600,
    "downloadThroughput": 30_000,
    "uploadThroughput": 15_000,
}  # ms, bytes a second
CLOCK = """
    (() => { const now = Date.now; let ahead = 0; Date.now = () => now() + ahead; window.setClock = (by) => { ahead = by; }; })()
"""
HOUR = 3_600_000
PATIENCE = 120_000  # ms
FLOOD = 200  # things that the pest does at once
TABLES, RUNS, PORT = 2, 60, 8899


class Room:
    """Phones, and who leads them."""

    def __init__(self, browser: Browser, served: Served) -> None:
        self.browser, self.served = browser, served
        self.base = f"http://{HOST}:{served.port}"
        self.phones: list[Page] = []
        self.rows: list[tuple[str, str]] = []

    async def lead(self) -> None:
        """Open the facilitator's page."""
        context = await self.browser.new_context(viewport={"width": 1366, "height": 768})
        context.set_default_timeout(PATIENCE)
        self.leader = await context.new_page()
        await self.leader.goto(f"{self.base}/key?lang=en#{self.served.key}")
        await self.leader.wait_for_url(re.compile(r":\d+/(\?.*)?$"))
        await self.leader.goto(f"{self.base}/room/{self.served.code}?lang=en")

    async def join(self, number: int) -> None:
        """A phone comes in; every third has a slow network."""
        context = await self.browser.new_context(viewport=PHONE, is_mobile=True, has_touch=True)  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE)
        page = await context.new_page()
        await page.add_init_script(CLOCK)
        if number % 3 == 2:
            await (await context.new_cdp_session(page)).send("Network.emulateNetworkConditions", SLOW)
        await page.goto(f"{self.base}/m/{self.served.code}?lang=en")
        await page.locator("button.main").tap()
        await expect(page.locator("main h1")).to_be_visible()
        self.phones.append(page)

    async def on(self) -> float:
        """Press the large button; seconds until every phone has another heading."""
        button, before = self.leader.locator(".now button.large"), await self.headings()
        await expect(button).to_be_enabled()
        begun = time.perf_counter()
        await button.click()
        for page, was in zip(self.phones, before, strict=True):
            await expect(page.locator(".body h1").first).not_to_have_text(was)
        return time.perf_counter() - begun

    async def headings(self) -> list[str]:
        """What stands at the top of every phone."""
        return [await page.locator(".body h1").first.inner_text() for page in self.phones]

    async def killed(self) -> float:
        """Kill the server and start it again; seconds until every phone is back, with the heading that it had."""
        before = await self.headings()
        self.served.process.kill()
        await self.served.process.wait()
        for page in self.phones[:1]:
            await expect(page.locator(".away")).to_be_visible()
        begun = time.perf_counter()
        await self.served.start(TABLES, RUNS, opens=False)
        for page, was in zip(self.phones, before, strict=True):
            await expect(page.locator(".away")).to_have_count(0)
            await expect(page.locator(".body h1").first).to_have_text(was)
        return time.perf_counter() - begun

    async def decide(self) -> None:
        """Every phone proposes something to its first neighbour and takes its first question's last answer."""
        await asyncio.gather(*(self._decide(page) for page in self.phones))
        for page in self.phones:
            await expect(page.locator(".step input").last).to_be_checked()

    async def _decide(self, page: Page) -> None:
        await page.locator(".partner .row button").first.tap()
        if await page.locator(".terms button.main").count():
            await page.locator(".terms button.main").tap()
        await page.locator(".bar button.main").tap()
        await page.locator(".step").last.tap()
        await expect(page.locator(".step input").last).to_be_checked()


async def pest(served: Served) -> tuple[int, int]:
    """Somebody joins, decides for a team and floods; how many of the flood were refused, and how many failed."""
    one = Script(served.port)
    await one.join(served.code)
    answers = []
    for _ in range(FLOOD):
        status, _, _ = await one.ask("POST", f"/m/{served.code}/act", b'{"do": "name", "nickname": "x"}')
        answers.append(status)
    await one.ask("POST", f"/m/{served.code}/act", b'{"do": "choose", "steps": {"room": 0}, "final": true, "round": 0}')
    await one.leave()
    return answers.count(429), sum(status >= 500 for status in answers)


async def play(room: Room, phones: int) -> None:
    """Two years, with a kill in every phase of the first."""
    begun = time.perf_counter()
    await asyncio.gather(*(room.join(number) for number in range(phones)))
    room.rows.append((f"{phones} phones come in", f"{time.perf_counter() - begun:.1f} s"))
    reached: list[float] = []
    back = [await room.killed()]
    for year in range(2):
        for phase in ("predict", "decide", "run", "moment", "second", "reveal"):
            reached.append(await room.on())
            if phase == "decide":
                await room.decide()
                if year == 0:
                    refused, failed = await pest(room.served)
                    room.rows.append((f"{FLOOD} things at once by a pest: refused, failed", f"{refused}, {failed}"))
                for number, page in enumerate(room.phones[:2]):
                    await page.evaluate(f"setClock({(-1, 1)[number] * HOUR})")
            if year == 0:
                back.append(await room.killed())
            if phase == "decide":
                stands = [await page.locator(".step input").last.is_checked() for page in room.phones]
                room.rows.append(
                    (f"phones whose choice stood after that (year {year + 1})", f"{sum(stands)} of {phones}")
                )
    told = f"median {statistics.median(reached):.1f} s, slowest {max(reached):.1f} s ({len(reached)} times)"
    room.rows.append(("from the button until every phone shows the next phase", told))
    told = f"median {statistics.median(back):.1f} s, slowest {max(back):.1f} s ({len(back)} times)"
    room.rows.append(("from the start after a kill until every phone is back where it was", told))


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--phones", type=int, default=12)
    asked = parser.parse_args()
    program, before = shutil.which("chromium") or shutil.which("google-chrome"), os.getloadavg()
    expect.set_options(timeout=PATIENCE)
    with tempfile.TemporaryDirectory() as folder:
        async with async_playwright() as playwright, Served(Path(folder), PORT) as served:
            await served.start(TABLES, RUNS)
            browser = await playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
            room = Room(browser, served)
            await room.lead()
            await play(room, asked.phones)
            await browser.close()
    print(f"load of the machine before {before[0]:.1f}, after {os.getloadavg()[0]:.1f}; {os.cpu_count()} processors\n")
    print("| what | found |\n|---|---|")
    for row in room.rows:
        print(f"| {' | '.join(row)} |")


if __name__ == "__main__":
    asyncio.run(main())
