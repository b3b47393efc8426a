"""The rooms of one server: in memory for speed, in the store for safety, and what was computed for them.

Every change goes through ``act``: the rounds say whether it is taken, the store writes it, then the room is replaced
and the listeners hear of it. Thread-safe; no clock (the door gives every time).
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import os
import secrets
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from ketensim.run.kept_states import KeptStates
from ketensim.scenario import files
from ketensim.workshop.game import rounds
from ketensim.workshop.game.decisions import starting_steps
from ketensim.workshop.game.log_entries import LogEntry, RoomOpened, SeatTaken
from ketensim.workshop.game.plans import WorkshopPlan, starting_chain
from ketensim.workshop.game.room import ALPHABET, CODE_LENGTH, Refused, Room, Seat
from ketensim.workshop.keep.room_log import MEMORY, RoomLogs
from ketensim.workshop.runs.round_results import RoundResult
from ketensim.workshop.runs.table_half import TableHalf
from ketensim.workshop.runs.table_runs import Course, RoomRuns
from ketensim.workshop.talk.debrief import Debrief, debriefing

KEPT_DAYS: Final = 30
SECONDS_PER_DAY: Final = 86_400.0
MOST_ROOMS: Final = 500
MOST_BYTES: Final = 500_000_000  # of the states of all runs, where the last round left them; a table has some 30 MB
SECRET_BYTES: Final = 24
PROOF_BYTES: Final = 32
Listener = Callable[[str, Room], object]
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class NewRoom:
    """A new room: its code for everybody, and the facilitator's secret, which is kept nowhere else."""

    code: str
    secret: str


class Rooms:
    """All rooms of a server.

    Parameters
    ----------
    path : file of the store; rooms that are in it are there again
    """

    def __init__(self, path: str | os.PathLike[str] = MEMORY) -> None:
        self._logs = RoomLogs(path)
        self._lock = threading.RLock()
        self._computing = threading.Lock()  # one room at a time: a computation uses all processors
        self._rooms = dict(self._replayed())
        self._runs: dict[str, RoomRuns] = {}
        self._states = KeptStates(MOST_BYTES)
        self._debriefs: dict[str, tuple[list[Course], Debrief]] = {}
        self._listeners: list[Listener] = []

    # --- rooms ---
    def create(self, plan: WorkshopPlan, language: str, *, at: float, days: float = KEPT_DAYS) -> NewRoom:
        """Open a room.

        Raises
        ------
        InputError
            a chain that is not there or does not fit the plan; too many rooms
        """
        scenario = starting_chain(plan)
        secret = secrets.token_urlsafe(SECRET_BYTES)
        with self._lock:
            if len(self._rooms) >= MOST_ROOMS:
                raise Refused("too_many_rooms", allowed=MOST_ROOMS)
            while True:
                entry = RoomOpened(
                    at=at,
                    code="".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH)),
                    secret_hash=secret_hash_of(secret),
                    language=language,
                    plan=plan.as_dict(),
                    scenario=files.dump(scenario),
                    start=starting_steps(scenario),
                    delete_at=at + days * SECONDS_PER_DAY,
                )
                if self._logs.create(entry.code, entry.delete_at, entry):
                    break
            self._rooms[entry.code] = rounds.room_at_start(entry)
        return NewRoom(entry.code, secret)

    def codes(self) -> tuple[str, ...]:
        """The codes of all rooms."""
        return tuple(self._rooms)

    def find(self, code: str) -> Room:
        """A room by its code; raises Refused when there is none."""
        room = self._rooms.get(code)  # without the lock: whoever reads does not wait for a disk
        if room is None:
            raise Refused("no_such_room")
        return room

    def act(self, code: str, entry: LogEntry) -> Room:
        """Something happens in a room; on the disk when this returns.

        Who may send what, is for the web to find out (``web/identity.py``, ``is_facilitator``).

        Raises
        ------
        Refused : no such room, or the room does not take it
        """
        with self._lock:
            before = self.find(code)
            room = rounds.room_after(before, entry)
            self._logs.append(code, room.version, entry)
            self._rooms[code] = room
        self._tell(code, room)
        return room

    def delete(self, code: str) -> None:
        """Remove a room and everything that is known of it."""
        with self._lock:
            self._logs.delete(code)
            self._forget(code)

    def delete_expired(self, *, at: float) -> int:
        """Remove the rooms whose deletion date has passed; returns how many."""
        with self._lock:
            number = self._logs.delete_expired(at)
            for code in [code for code, room in self._rooms.items() if room.delete_at <= at]:
                self._forget(code)
            return number

    def close(self) -> None:
        """Close the store."""
        self._logs.close()

    # --- who is who ---
    def join(
        self,
        code: str,
        *,
        at: float,
        nickname: str = "",
        table: int | None = None,
        role: str | None = None,
        organisation: str | None = None,
    ) -> Seat:
        """Take a seat; what is not wished for is given."""
        entry = SeatTaken(
            at=at,
            seat=secrets.token_hex(6),
            token_hash=secrets.token_hex(PROOF_BYTES),
            nickname=nickname,
            table=table,
            role=role,
            organisation=organisation,
        )
        return self.act(code, entry).seats[entry.seat]

    def is_facilitator(self, code: str, secret: str) -> bool:
        """Whether a secret is that of the room's facilitator."""
        return hmac.compare_digest(self.find(code).secret_hash, secret_hash_of(secret))

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Have a function called after each change of a room and when results are ready; returns how to stop it.

        It is called with code and room, outside the lock, from whatever thread acted; the newest room is ``find``'s.
        """
        with self._lock:
            self._listeners.append(listener)

        def stop() -> None:
            with self._lock:
                if listener in self._listeners:
                    self._listeners.remove(listener)

        return stop

    # --- what was computed ---
    def compute(self, code: str) -> None:
        """Compute every round that has been run and is not known yet, or not with these choices. Takes seconds.

        Before the first round it runs the burn-in ahead: call it when a room has been opened.
        """
        with self._computing:
            room = self.find(code)
            runs = self._runs_of(room)
            if not room.halves:
                runs.run_burn_in()
            if not runs.compute(room):
                return
        self._tell(code, self.find(code))

    def result(self, code: str, number: int) -> RoundResult | None:
        """What came out of a round; None before it was run, and while it is computed."""
        room, runs = self.find(code), self._runs.get(code)
        return None if runs is None else runs.result(room, number)

    def halves(self, code: str) -> list[list[TableHalf]]:
        """What is known of the parts of this round that have been run, in order; per part and table."""
        room, runs = self.find(code), self._runs.get(code)
        first = len(room.plan.stretches) * room.round
        found = [] if runs is None else [runs.halves(room, part) for part in range(first, room.halves)]
        return [half for half in found if half is not None]

    def lacks(self, code: str) -> bool:
        """Whether something that has been run is not known."""
        room, runs = self.find(code), self._runs.get(code)
        return room.halves > 0 and (runs is None or runs.lacks(room))

    def shown(self, code: str) -> int:
        """The run that the projector shows."""
        runs = self._runs.get(code)
        return 0 if runs is None else runs.shown(self.find(code))

    def results(self, code: str) -> list[RoundResult]:
        """What came out of the rounds that have been run and computed."""
        results = (self.result(code, number) for number in range(self.find(code).ran))
        return [result for result in results if result is not None]

    def compute_debrief(self, code: str) -> None:
        """Compute the debriefing of the rounds that have been run. Takes some seconds; what is known is kept."""
        self.compute(code)
        with self._computing:
            room, results = self.find(code), self.results(code)
            if not results or len(results) < room.ran or self.debrief(code) is not None:
                return
            debrief = debriefing(room, results)
            with self._lock:
                self.find(code)  # it may have been deleted in the meantime
                self._debriefs[code] = (self._runs[code].courses_until(room, _last_part(room)), debrief)
        self._tell(code, self.find(code))

    def debrief(self, code: str) -> Debrief | None:
        """The debriefing; None while it has not been computed, or not with these choices."""
        room = self.find(code)
        if code not in self._debriefs or not room.ran:
            return None
        courses, debrief = self._debriefs[code]
        return debrief if courses == self._runs[code].courses_until(room, _last_part(room)) else None

    def _runs_of(self, room: Room) -> RoomRuns:
        """What was computed for a room."""
        with self._lock:
            self.find(room.code)  # it may have been deleted in the meantime
            return self._runs.setdefault(room.code, RoomRuns(room, self._states))

    def _replayed(self) -> Iterator[tuple[str, Room]]:
        """The rooms in the store; one that another version has written and this one cannot read stays in the file."""
        for code in self._logs.codes():
            try:
                yield code, rounds.room_from_log(self._logs.entries(code))
            except Exception:  # whatever it is, the other rooms open
                log.exception("room %s cannot be read", code)

    def _forget(self, code: str) -> None:
        self._rooms.pop(code, None)
        if code in self._runs:
            self._runs.pop(code).let_go()
        self._debriefs.pop(code, None)

    def _tell(self, code: str, room: Room) -> None:
        with self._lock:
            listeners = tuple(self._listeners)
        for listener in listeners:
            try:
                listener(code, room)
            except Exception:  # a screen that fails must not take the room down
                log.exception("a listener failed")


def _last_part(room: Room) -> int:
    """The last part that has been run of the rounds that have been run to their end."""
    return len(room.plan.stretches) * room.ran - 1


def secret_hash_of(secret: str) -> str:
    """SHA-256 of a secret, as hexadecimal digits: long random secrets need no slower hash."""
    return hashlib.sha256(secret.encode()).hexdigest()
