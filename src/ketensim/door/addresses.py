"""Where a server is found: the socket it listens on, the address of this machine, and its names.

The socket is made before anything else, so that a port in use is told at once.
"""

from __future__ import annotations

import errno
import ipaddress
import re
import socket
from collections.abc import Sequence
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

from ketensim.foundation.errors import InputError, Problem

NOT_IN_ORIGIN: Final = re.compile(r"[\s;,*'\"]")  # they would say something else in a header that names it
BACKLOG: Final = 512  # a room full of phones comes at once
LOCALHOST: Final = "localhost"
ELSEWHERE: Final = ("192.0.2.1", "10.255.255.255", "192.168.255.255")  # the way to these shows which address is ours
DISCARD: Final = 9  # a port
MOST_REMEMBERED: Final = 4_096
ONE_SUBSCRIBER: Final = 64  # bits of an IPv6 address: whoever has one, has all that begin with these


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens, for the server to take over.

    Raises
    ------
    InputError : the port is in use or not ours to use, or the host is none of this machine
    """
    try:
        family, *_, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except (socket.gaierror, UnicodeError):
        raise InputError([Problem("error.host_unusable", "--host", {"given": host})]) from None
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(place)
        listening.listen(BACKLOG)
    except OSError as error:
        listening.close()
        raise InputError([_why(error, host, port)]) from None
    return listening


def known_host(host: str, names: tuple[str, ...]) -> bool:
    """Whether a Host header names this server: a bare address, this machine, or one of its names.

    Another name could be of a page elsewhere that has let it point here (DNS rebinding); an address cannot be taken
    over like that.

    Examples
    --------
    >>> known_host("192.168.1.20:8765", ()), known_host("evil.example", ()), known_host("localhost:1", ())
    (True, False, True)
    """
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    return name == LOCALHOST or name in names or _is_address(name)


def names_of(host: str, public_address: str | None) -> tuple[str, ...]:
    """Under which names a server may be asked, beside bare addresses and ``localhost``.

    Parameters
    ----------
    host : what it listens on
    public_address : of a proxy that stands in front, if one does

    Raises
    ------
    InputError : that is no address of a server as a whole
    """
    own = socket.gethostname().lower()
    return own, f"{own}.local", host.lower() if public_address is None else _name_in(public_address)


def frames_of(addresses: Sequence[str]) -> tuple[str, ...]:
    """The origins of pages that may show ours in a frame.

    Raises
    ------
    InputError : one of them is no address of a server as a whole

    Examples
    --------
    >>> frames_of(["https://Intranet.example.nl/", "http://localhost:8000"])
    ('https://intranet.example.nl', 'http://localhost:8000')
    """
    for address in addresses:
        _name_in(address, "--embed-from")
    return tuple(address.lower().rstrip("/") for address in addresses)


def address_of_this_machine() -> str:
    """The address under which others on the same network find this machine; 127.0.0.1 without a network.

    Nothing is sent: connecting a datagram socket only asks the system which way it would go.
    """
    for target in ELSEWHERE:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            try:
                probe.connect((target, DISCARD))
                return str(probe.getsockname()[0])
            except OSError:
                continue
    return "127.0.0.1"


def _name_in(address: str, option: str = "--address") -> str:
    try:
        parts = urlsplit(address)
        whole = parts.scheme in ("http", "https") and parts.path in ("", "/") and not parts.query and not parts.fragment
        whole = whole and NOT_IN_ORIGIN.search(address) is None
        if whole and parts.hostname and (parts.port is None or parts.port > 0):
            return parts.hostname
    except ValueError:
        pass
    raise InputError([Problem("error.public_address", option, {"given": address})])


@lru_cache(MOST_REMEMBERED)  # asked of each neighbour for each new connection
def counted_as(address: str) -> str:
    """What an address is counted under, by whoever limits what one may do: an IPv6 address under its network.

    A laptop has a whole IPv6 network to itself and could come from a new address each time.

    Examples
    --------
    >>> counted_as("2001:db8:1:2::7"), counted_as("192.0.2.7"), counted_as("::ffff:192.0.2.7"), counted_as("a socket")
    ('2001:db8:1:2::/64', '192.0.2.7', '192.0.2.7', 'a socket')
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return address
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.IPv6Network((found, ONE_SUBSCRIBER), strict=False))


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _why(error: OSError, host: str, port: int) -> Problem:
    if error.errno == errno.EADDRINUSE:
        return Problem("error.port_in_use", "--port", {"given": port})
    if error.errno == errno.EACCES:
        return Problem("error.port_forbidden", "--port", {"given": port})
    return Problem("error.host_unusable", "--host", {"given": host})
