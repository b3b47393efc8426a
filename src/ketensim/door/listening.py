"""The socket of a server, made before anything else is: a port in use is told at once."""

from __future__ import annotations

import errno
import socket
from typing import Final

from ketensim.foundation.errors import InputError, Problem

BACKLOG: Final = 512  # a room full of phones comes at once


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


def _why(error: OSError, host: str, port: int) -> Problem:
    if error.errno == errno.EADDRINUSE:
        return Problem("error.port_in_use", "--port", {"given": port})
    if error.errno == errno.EACCES:
        return Problem("error.port_forbidden", "--port", {"given": port})
    return Problem("error.host_unusable", "--host", {"given": host})
