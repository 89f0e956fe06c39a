"""No test reaches beyond this machine: every other connection is refused with its address."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from typing import Any


class Outside(AssertionError):
    """A test tried to leave the machine."""


def is_here(address: Any) -> bool:
    """True for unix sockets and loopback."""
    if not isinstance(address, tuple):
        return True
    if address[0] in {"localhost", ""}:
        return True
    try:
        return ip_address(address[0]).is_loopback
    except ValueError:
        return False


@contextmanager
def kept_inside() -> Iterator[None]:
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def guarded(original: Any) -> Any:
        def attempt(self: socket.socket, address: Any) -> Any:
            if not is_here(address):
                raise Outside(f"a test wants to reach {address}")
            return original(self, address)

        return attempt

    socket.socket.connect = guarded(connect)  # type: ignore[method-assign]
    socket.socket.connect_ex = guarded(connect_ex)  # type: ignore[method-assign]
    try:
        yield
    finally:
        socket.socket.connect = connect  # type: ignore[method-assign]
        socket.socket.connect_ex = connect_ex  # type: ignore[method-assign]
