"""How quickly the browser app answers a hand, and whether it forgets its visitors.

    uv run python experiments/benchmarks/app.py              drag latency, alone and with two at once
    uv run python experiments/benchmarks/app.py --visitors 20   so many who move at the same moment
    uv run python experiments/benchmarks/app.py --sessions 50   memory and threads of the server over so many visits

A move is an ``input`` event on a slider; the answer is the repaint of the curve that follows (``data-paint`` in the page
counts them). What the engine needs for as many runs of the same chain is measured in the same minute, because machines
are noisy: look at the ratio. Needs a Chromium on the path.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from playwright.sync_api import Browser, Page, sync_playwright
from tests.app.served import AppServer, app_process
from tests.browser.conftest import FLAGS

from ketensim.app.explore.computing import ALL_RUNS, FIRST_RUNS
from ketensim.app.setting import FIRST_CHAIN
from ketensim.run.growing import GrowingEnsemble
from ketensim.scenario.files import load

MOVES = 40
WARM = 8  # visits before memory counts
PATIENCE = 120_000
DRAG = r"""
async ([moves, all]) => {
  const chart = document.querySelector("[data-paint]"), slider = document.querySelector("#lever-room");
  const runs = () => (chart.closest(".ks-stale") ? 0 : Number(chart.dataset.runs));
  const painted = () => new Promise((done) => {
    const before = chart.dataset.paint;
    const watching = new MutationObserver(() => {
      if (chart.dataset.paint === before) return;
      watching.disconnect();
      done(performance.now());
    });
    watching.observe(chart, { attributes: true });
  });
  const found = [];
  for (let move = 0; move < moves; move += 1) {
    const next = painted(), start = performance.now();
    slider.value = String(20 + 60 * ((move * 7) % 11) / 11);
    slider.dispatchEvent(new Event("input"));
    found.push({ ms: (await next) - start, runs: runs() });
  }
  const rest = performance.now();
  slider.dispatchEvent(new Event("change"));
  while (runs() < all) await new Promise((next) => setTimeout(next, 5));
  return { moves: found, refined: performance.now() - rest };
}
"""
AT_ONCE = r"""
async ([at, value]) => {
  const chart = document.querySelector("[data-paint]"), slider = document.querySelector("#lever-room");
  await new Promise((next) => setTimeout(next, at - Date.now()));
  const before = chart.dataset.paint, start = performance.now();
  slider.value = String(value);
  slider.dispatchEvent(new Event("input"));
  while (chart.dataset.paint === before || chart.closest(".ks-stale")) await new Promise((next) => setTimeout(next, 5));
  return performance.now() - start;
}
"""
TOGETHER = 3.0  # seconds from telling all visitors to the moment at which they move
REST = 15.0  # seconds in which all that was asked is finished


def page_of_explore(browser: Browser, url: str) -> Page:
    """A visitor on Explore whose first curve is whole."""
    page = browser.new_context(viewport={"width": 1366, "height": 768}).new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(url)
    page.locator("[data-paint] path.mean").wait_for()
    page.wait_for_function(f"document.querySelector('[data-paint]').dataset.runs === '{ALL_RUNS}'")
    return page


def dragged(pages: list[Page], moves: int) -> None:
    """All pages drag at once; what each measured."""
    for page in pages:
        page.evaluate(f"() => {{ window.measured = ({DRAG})([{moves}, {ALL_RUNS}]); }}")
    for number, page in enumerate(pages, 1):
        told = page.evaluate("window.measured")
        waits = [one["ms"] for one in told["moves"]]
        runs = [one["runs"] for one in told["moves"]]
        print(
            f"  visitor {number}: move to repaint {statistics.median(waits):.0f} ms median, "
            f"{statistics.quantiles(waits, n=10)[-1]:.0f} ms 9 of 10, of {statistics.median(runs):.0f} runs "
            f"(fewest {min(runs)}); refined to {ALL_RUNS} runs {told['refined'] / 1000:.2f} s after the hand rests"
        )


def engine(runs: int, times: int = 7) -> float:
    """Milliseconds that the engine needs for so many runs of the same chain, median."""
    found = []
    for number in range(times):
        scenario = load(FIRST_CHAIN).with_levers(room=0.2 + number / 20)
        start = time.perf_counter()
        GrowingEnsemble(scenario, 1).grow(runs)
        found.append(1000 * (time.perf_counter() - start))
    return statistics.median(found)


def latency(browser: Browser, server: AppServer, moves: int) -> None:
    """One visitor, then two at once."""
    engine(2)
    print(f"load of the machine before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    print(f"engine: {FIRST_RUNS} runs in {engine(FIRST_RUNS):.0f} ms, {ALL_RUNS} in {engine(ALL_RUNS, 3):.0f} ms")
    first = page_of_explore(browser, server.url)
    print("one visitor")
    dragged([first], moves)
    second = page_of_explore(browser, server.url)
    print("two at once")
    dragged([first, second], moves)
    print(f"engine: {FIRST_RUNS} runs in {engine(FIRST_RUNS):.0f} ms, {ALL_RUNS} in {engine(ALL_RUNS, 3):.0f} ms")
    print(f"load of the machine after: {os.getloadavg()[0]:.1f}")


def together(pages: list[Page], values: list[int]) -> list[float]:
    """All visitors move at the same moment, each to a place of its own; milliseconds until each sees something of it."""
    at = 1000 * (time.time() + TOGETHER)
    for page, value in zip(pages, values, strict=True):
        page.evaluate(f"() => {{ window.measured = ({AT_ONCE})([{at}, {value}]); }}")
    waits = [float(page.evaluate("window.measured")) for page in pages]
    for page in pages:
        page.evaluate("document.querySelector('#lever-room').dispatchEvent(new Event('change'))")
    time.sleep(REST)
    return sorted(waits)


def at_once(browser: Browser, server: AppServer, number: int, times: int = 3) -> None:
    """So many visitors at the same moment: all other settings, and all the same one. Their browsers share the machine."""
    print(f"load of the machine before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    pages = [page_of_explore(browser, server.url) for _ in range(number)]
    for told, step in (("each another setting", 1), ("all the same setting", 0)):
        for turn in range(times):
            waits = together(pages, [2 + 30 * turn + step * place for place in range(number)])
            print(
                f"  {number} visitors, {told}: first picture after {statistics.median(waits):.0f} ms median, "
                f"{waits[int(0.9 * (number - 1))]:.0f} ms 9 of 10, {waits[-1]:.0f} ms the last"
            )
    print(f"load of the machine after: {os.getloadavg()[0]:.1f}")


def size(server: AppServer) -> tuple[float, int]:
    """Memory in MB and threads of the server."""
    told = Path(f"/proc/{server.process.pid}/status").read_text()
    found = {name: int(re.findall(rf"{name}:\s+(\d+)", told)[0]) for name in ("VmRSS", "Threads")}
    return found["VmRSS"] / 1024, found["Threads"]


def memory(browser: Browser, server: AppServer, sessions: int) -> None:
    """What the server holds after warming up and after so many further visits."""
    for number in range(WARM + sessions + 1):
        if number in (WARM, WARM + sessions):
            time.sleep(3)  # threads of the last visit end
            held, threads = size(server)
            print(f"after {number} visits: {held:.0f} MB, {threads} threads")
        if number < WARM + sessions:
            page = browser.new_context().new_page()
            page.set_default_timeout(PATIENCE)
            page.goto(server.url)
            page.locator("[data-paint] path.mean").wait_for()
            page.context.close()


def main() -> None:
    """Start the app and a browser, measure, end both."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--sessions", type=int, default=0)
    asked.add_argument("--visitors", type=int, default=0)
    asked.add_argument("--moves", type=int, default=MOVES)
    given = asked.parse_args()
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as folder, app_process(Path(folder)) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        if given.sessions:
            memory(browser, server, given.sessions)
        elif given.visitors:
            at_once(browser, server, given.visitors)
        else:
            latency(browser, server, given.moves)
        browser.close()


if __name__ == "__main__":
    main()
