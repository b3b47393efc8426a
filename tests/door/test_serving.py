"""Claims about a served application: when it says that it answers, how it stops, and what strangers cannot do to it."""

from __future__ import annotations

import signal
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from tests.door.served import HOST, SmallServer, is_ended
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect
from websockets.typing import Origin

from ketensim.door.connections import RESERVED
from ketensim.door.serving import LARGEST_MESSAGE

HALF = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n"
STREAM = b"GET /stream HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
WEBSOCKET = (
    b"GET /socket HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Origin: http://127.0.0.1\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OTAxMjM0NQ==\r\n\r\n"
)
FILES = 256
PLACES = FILES - RESERVED
STRANGERS = 300
QUICK = 2.0  # seconds in which somebody who comes new is answered, on a busy machine too
SHORT = 1.0


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallServer]:
    """A server with few files and much patience, so that only its places protect it."""
    server = SmallServer(tmp_path_factory.mktemp("door") / "log", files=FILES)
    yield server
    server.end()


@pytest.fixture(scope="module")
def hurried(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallServer]:
    """A server that waits a second for a request."""
    server = SmallServer(tmp_path_factory.mktemp("door") / "log", seconds=SHORT)
    yield server
    server.end()


@pytest.fixture(autouse=True)
def _hang_up(small: SmallServer, hurried: SmallServer) -> Iterator[None]:
    yield
    small.hang_up()
    hurried.hang_up()


# --- places ---
@pytest.mark.parametrize(
    "sent", [b"", HALF, b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: http://127.0.0.1\r\nContent-Length: 9\r\n\r\nx"]
)
def test_silent_strangers_keep_nobody_out(small: SmallServer, sent: bytes):
    for _ in range(STRANGERS):
        small.connect(sent)
    for _ in range(3):
        assert small.get(timeout=QUICK * 5) == (200, HOST.encode())
    assert small.log.read_text() == "ready\n"


def test_whoever_is_being_answered_keeps_the_place_and_a_newcomer_is_refused(small: SmallServer):
    one_address = PLACES * 3 // 4
    streams = [small.connect(STREAM) for _ in range(one_address)]
    for stream in streams:
        assert stream.recv(15) == b"HTTP/1.1 200 OK"
    late = small.connect(STREAM)
    assert is_ended(late, QUICK * 5)
    streams.pop().close()
    time.sleep(0.2)
    assert small.get()[0] == 200


def test_a_connection_that_waits_for_the_next_request_gives_way_too(small: SmallServer):
    whole = HALF + b"\r\n"
    kept = [small.connect(whole) for _ in range(PLACES)]
    assert small.get()[0] == 200
    assert is_ended(kept[0], QUICK * 5)
    newest = kept[-1]
    newest.recv(65_536)
    newest.sendall(whole)
    assert newest.recv(15) == b"HTTP/1.1 200 OK"


def test_what_a_proxy_passes_on_has_no_limit_per_address_and_comes_from_whom_it_says(tmp_path: Path):
    server = SmallServer(tmp_path / "log", files=FILES, proxy=True)
    try:
        streams = [server.connect(STREAM) for _ in range(PLACES - 4)]
        assert all(stream.recv(15) == b"HTTP/1.1 200 OK" for stream in streams)
        assert server.get(x_forwarded_for="192.0.2.9") == (200, b"192.0.2.9")
    finally:
        server.end()


def test_without_a_proxy_nobody_says_who_he_is(small: SmallServer):
    assert small.get(x_forwarded_for="192.0.2.9") == (200, HOST.encode())


# --- time ---
@pytest.mark.parametrize("begun", [b"", HALF, HALF + b"Content-Length: 5\r\nOrigin: http://127.0.0.1\r\n\r\nx"])
def test_a_request_that_does_not_come_ends_the_connection(hurried: SmallServer, begun: bytes):
    begun = begun.replace(b"GET", b"POST") if b"Content-Length" in begun else begun
    client = hurried.connect(begun)
    assert is_ended(client, SHORT + QUICK * 5)


def test_a_request_that_comes_letter_by_letter_is_no_different(hurried: SmallServer):
    client = hurried.connect(HALF)
    begun = time.monotonic()
    while not is_ended(client, 0.1):
        assert time.monotonic() - begun < SHORT + QUICK * 5
        with suppress(OSError):
            client.sendall(b"X-More: y\r\n")
    assert time.monotonic() - begun > SHORT / 2


def test_the_second_request_of_a_connection_has_a_limit_and_the_pause_before_it_another(hurried: SmallServer):
    client = hurried.connect(HALF + b"\r\n")
    assert client.recv(65_536).startswith(b"HTTP/1.1 200")
    assert not is_ended(client, SHORT * 2)
    client.sendall(b"GET")
    assert is_ended(client, SHORT + QUICK * 5)


def test_an_answer_may_take_as_long_as_it_likes(hurried: SmallServer):
    client = hurried.connect(STREAM)
    assert not is_ended(client, SHORT * 3)


def test_a_websocket_may_be_silent_as_long_as_it_likes(hurried: SmallServer):
    client = hurried.connect(WEBSOCKET)
    assert client.recv(65_536).startswith(b"HTTP/1.1 101")
    assert not is_ended(client, SHORT * 3)


def test_who_hangs_up_leaves_no_word_in_the_log(hurried: SmallServer):
    before = hurried.log.read_text()
    for _ in range(20):
        hurried.connect(
            b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: http://127.0.0.1\r\nContent-Length: 9\r\n\r\nx"
        ).close()
        hurried.connect(HALF).close()
    assert hurried.get()[0] == 200
    assert hurried.log.read_text() == before


# --- sizes ---
@pytest.mark.parametrize(("more", "code"), [(0, 1000), (1, 1009)])
def test_a_message_on_a_websocket_has_a_largest_size(hurried: SmallServer, more: int, code: int):
    own = f"{HOST}:{hurried.port}"
    with connect(f"ws://{own}/socket", origin=Origin(f"http://{own}"), compression=None) as websocket:
        # in two frames: who hangs up while bytes of a frame are still coming may take the closing frame along
        with suppress(ConnectionClosed):  # that may come while the last frame is sent
            websocket.send(["x" * LARGEST_MESSAGE, "x" * more])
        with pytest.raises(ConnectionClosed):
            websocket.recv(timeout=QUICK * 5)
        assert websocket.close_code == code


# --- what it says ---
def test_the_same_complaint_is_not_said_again_and_another_is(hurried: SmallServer):
    for _ in range(30):
        hurried.connect(b"nonsense\r\n\r\n").close()
    assert hurried.get()[0] == 200
    for _ in range(3):
        assert hurried.get("/broken")[0] == 500
    assert hurried.log.read_text().count("Invalid HTTP request") == 1
    assert hurried.log.read_text().count("ValueError: ours") == 1


def test_it_says_ready_when_it_answers_and_stops_within_seconds_whoever_is_connected(tmp_path: Path):
    server = SmallServer(tmp_path / "log", seconds=60)
    for sent in (b"", HALF, STREAM, HALF + b"\r\n"):
        server.connect(sent)
    begun = time.monotonic()
    server.process.send_signal(signal.SIGTERM)
    assert server.process.wait(20) == -signal.SIGTERM
    assert time.monotonic() - begun < 10
    assert server.log.read_text().splitlines()[:2] == ["ready", "stopping"]
    assert "Traceback" not in server.log.read_text()
    server.end()
    with pytest.raises(OSError):
        socket.create_connection((HOST, server.port), timeout=2)
