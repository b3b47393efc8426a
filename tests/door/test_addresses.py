"""Claims about where a server is found, and how many may come to it."""

from __future__ import annotations

import socket

import pytest

from ketensim.door.addresses import address_of_this_machine, known_host, listen, names_of
from ketensim.door.connections import PER_ADDRESS, RESERVED, Places
from ketensim.foundation.errors import InputError


def test_behind_a_proxy_a_server_is_asked_under_the_name_of_the_proxy():
    names = names_of("127.0.0.1", "https://Workshop.example.org:8443/")
    assert known_host("workshop.example.org:8443", names) and not known_host(
        "workshop.example.org", names_of("::", None)
    )


def test_a_server_is_asked_under_the_name_of_its_machine_and_of_what_it_listens_on():
    names = names_of("Laptop.lan", None)
    assert all(
        known_host(name, names) for name in (socket.gethostname(), f"{socket.gethostname()}.local", "laptop.lan")
    )


@pytest.mark.parametrize(
    "address",
    [
        "",
        "example.org",
        "http://",
        "ftp://example.org",
        "https://example.org/room",
        "https://example.org?x=1",
        "https://example.org:0",
        "https://example.org:99999",
        "https://[::1",
    ],
)
def test_what_is_no_address_of_a_whole_server_is_refused(address: str):
    with pytest.raises(InputError):
        names_of("127.0.0.1", address)


def test_the_address_of_this_machine_is_one():
    assert known_host(address_of_this_machine(), ())


def test_a_socket_can_be_asked_before_the_server_is_there():
    with listen("127.0.0.1", 0) as listening:
        socket.create_connection(listening.getsockname(), timeout=5).close()


def test_one_address_never_has_all_places_and_all_never_have_all_files():
    places = Places.of_this_process()
    assert 0 < places.per_address < places.in_all and places.per_address <= PER_ADDRESS
    try:
        import resource
    except ImportError:
        return
    allowed, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    assert allowed == resource.RLIM_INFINITY or places.in_all + RESERVED <= allowed
