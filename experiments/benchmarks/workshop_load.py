"""What a room full of phones asks of the workshop's server: joining, answers, a round, two hundred people, memory.

    uv run python experiments/benchmarks/workshop_load.py             everything, some ten minutes
    uv run python experiments/benchmarks/workshop_load.py --quick     fewer people and shorter, to see that it works

The server is ``ketensim workshop`` in a process of its own; the phones are scripts on the same machine, each with an
open event stream, that act once in ten seconds: they predict, propose and answer agreements, choose, and keep or break what
was agreed. In one part 300 half-open connections of the same address stand beside the room, on a server that may open 256
files. Prints a table with what was asked and what was found, and the load of
the machine meanwhile, because a busy machine answers late.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from workshop_phones import HOST, Browser, Leader, Stranger

TABLES = 6
ORGANISATIONS = 6
STRANGERS = 300
FILES = 256  # that some laptops let a program open
PACE = 10.0  # seconds between two actions of a phone
TEXT = {"nl": "Belasting", "en": "Load"}


def plan(tables: int, runs: int) -> dict[str, Any]:
    """Three rounds of the reference chain with long phases."""
    part = {"open": ["steering", "room"], "minutes_predict": 30, "minutes_decide": 30}
    return {
        "title": TEXT, "summary": TEXT, "chain": "reference", "tables": tables, "team_size": 2, "runs": runs,
        "minutes_lobby": 1, "rounds": [part | {"minutes_moment": 30}] * 3,
    }  # fmt: skip


class Served:
    """``ketensim workshop`` on a folder of its own."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port

    async def start(self, tables: int, runs: int, files: int = 0, *, opens: bool = True) -> None:
        """Start on this folder, with a new room unless it goes on with the ones that are there."""
        (self.folder / "plan.yaml").write_text(json.dumps(plan(tables, runs)), "utf-8")
        opening = ["--plan", str(self.folder / "plan.yaml")] if opens else []
        limit = ["sh", "-c", f'ulimit -n {files}; exec "$@"', "sh"] if files else []
        self.process = await asyncio.create_subprocess_exec(
            *limit, sys.executable, "-m", "ketensim.cli", "workshop", "--host", HOST, "--port", str(self.port), "--folder",
            str(self.folder), *opening, stdout=asyncio.subprocess.PIPE,
            env={**os.environ, "PYTHONUNBUFFERED": "1", "LANG": "en_US.UTF-8"},
        )  # fmt: skip
        assert self.process.stdout is not None
        self.code = "" if opens else self.code
        while not self.code:
            line = (await self.process.stdout.readline()).decode()
            assert line, "the server did not start"
            self.code = (re.findall(r"/room/(\w{4})#", line) or [""])[0]
        self.key = (self.folder / "facilitator.key").read_text().strip()
        while True:
            try:
                _, writer = await asyncio.open_connection(HOST, self.port)
                writer.close()
                return
            except OSError:
                await asyncio.sleep(0.1)

    def memory(self) -> float:
        """Megabytes that the server holds."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20

    async def __aenter__(self) -> Served:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.process.terminate()
        await self.process.wait()


async def acting(phones: list[Browser], path: str, seconds: float, action: Any) -> list[float]:
    """Every phone acts once in ten seconds, each at a moment of its own; how long each answer took."""
    took: list[float] = []

    async def one(phone: Browser) -> None:
        await asyncio.sleep(random.uniform(0, PACE))
        end = time.perf_counter() + seconds - PACE / 2
        while time.perf_counter() < end:
            took.append((await phone.act(path, **action(phone)))[1])
            await asyncio.sleep(PACE)

    await asyncio.gather(*(one(phone) for phone in phones))
    return took


def percentiles(took: list[float]) -> str:
    """Answers in milliseconds."""
    cut = statistics.quantiles([1000 * one for one in took], n=20)
    return f"median {cut[9]:.0f} ms, p95 {cut[18]:.0f} ms, last {1000 * max(took):.0f} ms ({len(took)} answers)"


async def room_full(served: Served, people: int, seconds: float, rounds: int) -> list[tuple[str, str, str]]:
    """A room joins, predicts, decides and runs."""
    leader = Leader(served.port)
    await leader.enter(served.key)
    await leader.lead(served.code)
    phones = [Browser(served.port) for _ in range(people)]
    begun = time.perf_counter()
    await asyncio.gather(*(phone.join(served.code) for phone in phones))
    rows = [(f"{people} join, all at once", "30 s", f"{time.perf_counter() - begun:.1f} s")]
    path, teams = f"/m/{served.code}/act", phones[: TABLES * ORGANISATIONS * 2]
    for number in range(rounds):
        year = f"(year {number + 1})"
        await leader.go_on()
        took = await acting(
            phones, path, seconds, lambda _, n=number: {"do": "predict", "share": random.randrange(100), "round": n}
        )
        rows.append((f"{people} predict, each once in 10 s {year}", "p95 200 ms", percentiles(took)))
        await leader.go_on()
        took = await acting(teams, path, seconds, lambda phone, n=number: phone.deal(n))
        made = len((await leader.state())["agreements"])
        rows.append((f"{len(teams)} agree with neighbours and decide {year}", "p95 200 ms", percentiles(took)))
        rows.append((f"agreements and offers that stood then {year}", "", str(made)))
        first = await leader.run()
        rows.append((f"first half of a year, {TABLES} tables x 200 runs {year}", "3 s", f"{first:.1f} s"))
        await leader.go_on()
        took = await acting(teams, path, seconds, lambda phone, n=number: phone.hold(n))
        rows.append((f"{len(teams)} keep or break in the middle {year}", "p95 200 ms", percentiles(took)))
        second = await leader.run()
        rows.append((f"second half, and its cases followed to their end {year}", "6 s", f"{second:.1f} s"))
        await leader.go_on()
    refused, again = sum(phone.refused for phone in phones), sum(phone.again for phone in (*phones, leader))
    rows.append(("answers that came after somebody else of the team or the neighbour had acted", "", str(refused)))
    rows.append(("requests that were tried again because the connection had gone", "", str(again)))
    assert all(phone.seen > 2 and phone.listening and not phone.listening.done() for phone in phones)
    for one in (*phones, leader):
        await one.leave()
    return rows


def filled_in(page: str) -> dict[str, str]:
    """What a browser would send of the form on a page, with a tick at most once per name."""
    fields = re.findall(r'<input type="(?:hidden|number)"[^>]*?name="(\w+)" value="([^"]*)"', page)
    fields += re.findall(r'name="(\w+)" value="([^"]*)" checked', page)
    for name, options in re.findall(r'<select id="\w+" name="(\w+)">(.*?)</select>', page, re.DOTALL):
        chosen = re.findall(r'value="([^"]*)" selected', options) or re.findall(r'value="([^"]*)"', options)
        fields.append((name, chosen[0]))
    return dict(fields)


async def with_strangers(served: Served, people: int, seconds: float) -> list[tuple[str, str, str]]:
    """A room plays a year beside half-open connections from its own address, on a server with few files."""
    await served.start(TABLES, 200, FILES)
    async with Stranger(served.port, STRANGERS) as stranger:
        rows = await room_full(served, people, seconds, 1)
        came = stranger.came
    beside = f"with {STRANGERS} half-open connections from the same address and {FILES} files: "
    return [(beside + what, wanted, found) for what, wanted, found in rows] + [
        (f"half-open connections that came, {STRANGERS} at a time", "", str(came))
    ]


async def ten_workshops(served: Served, number: int) -> list[float]:
    """Memory after each of some workshops that are opened, played and deleted."""
    found = []
    for _ in range(number):
        leader = Leader(served.port)
        await leader.enter(served.key)
        _, _, page = await leader.ask("GET", "/?plan=minutes_20")
        form = filled_in(page) | {f"open_{place}": "room" for place in range(6)}
        form |= {f"event_{place}": "none" for place in range(6)} | {"chain": "reference", "language": "nl"}
        status, headers, _ = await leader.form("/rooms", form)
        assert status == 303, status
        await leader.lead(headers["location"].rsplit("/", 1)[1][:4])
        phones = [Browser(served.port) for _ in range(20)]
        await asyncio.gather(*(phone.join(leader.code) for phone in phones))
        for number_ in range(2):
            await leader.go_on()
            for phone in phones:
                await phone.act(f"/m/{leader.code}/act", do="predict", share=50, round=number_)
            await leader.go_on()
            for phone in phones:
                await phone.act(f"/m/{leader.code}/act", **phone.deal(number_))
            await leader.run()
            await leader.go_on()
            await leader.run()
            await leader.go_on()
        await leader.act(f"/room/{leader.code}/act", do="delete", code=leader.code)
        for one in (*phones, leader):
            await one.leave()
        await asyncio.sleep(0.5)
        found.append(served.memory())
        print(f"  workshop {len(found)}: {found[-1]:.0f} MB", file=sys.stderr)
    return found


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", choices=("rooms", "strangers", "memory"), help="one of the three parts")
    parser.add_argument("--port", type=int, default=8790)
    asked = parser.parse_args()
    people, many, seconds, workshops = (12, 24, 11.0, 3) if asked.quick else (60, 200, 30.0, 10)
    before = os.getloadavg()
    rows: list[tuple[str, str, str]] = []
    for number, rounds in ((people, 2), (many, 1)):
        if asked.only not in (None, "rooms"):
            break
        with tempfile.TemporaryDirectory() as folder:
            async with Served(Path(folder), asked.port) as served:
                await served.start(TABLES, 200)
                await asyncio.sleep(0 if asked.quick else 8)  # the model is read while people sit down
                rows += await room_full(served, number, seconds, rounds)
                what = f"memory of the server with {number} people and {TABLES} tables"
                rows.append((what, "", f"{served.memory():.0f} MB"))
    if asked.only in (None, "strangers"):
        with tempfile.TemporaryDirectory() as folder:
            async with Served(Path(folder), asked.port) as served:
                rows += await with_strangers(served, people, seconds)
    if asked.only in (None, "memory"):
        with tempfile.TemporaryDirectory() as folder:
            async with Served(Path(folder), asked.port) as served:
                await served.start(1, 50)
                memory = await ten_workshops(served, workshops)
        found = ", ".join(f"{one:.0f}" for one in memory)
        rows.append((f"memory after each of {workshops} workshops, one after another", "flat", f"{found} MB"))
    print(f"load of the machine before {before[0]:.1f}, after {os.getloadavg()[0]:.1f}; {os.cpu_count()} processors\n")
    print("| what | wanted | found |\n|---|---|---|")
    for row in rows:
        print(f"| {' | '.join(row)} |")


if __name__ == "__main__":
    asyncio.run(main())
