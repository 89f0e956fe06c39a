"""A way to a server that can be cut, or go dead without a word, while the server lives on."""

from __future__ import annotations

import select
import socket
import threading
from contextlib import suppress

from tests.servers.base import free_port


class Proxy:
    """Forwards every connection to a port of loopback. `stall` keeps connections and carries
    nothing, `mend` carries on, `cut` drops all that are open."""

    def __init__(self, target: int) -> None:
        self.target, self.port = target, free_port()
        self._flowing = threading.Event()
        self._flowing.set()
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, daemon=True).start()

    def stall(self) -> None:
        self._flowing.clear()

    def mend(self) -> None:
        self._flowing.set()

    def cut(self) -> None:
        for pair in self._pairs:
            for end in pair:
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
        self._pairs.clear()

    def close(self) -> None:
        self._listener.close()
        self.mend()
        self.cut()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _address = self._listener.accept()
                try:
                    far = socket.create_connection(("127.0.0.1", self.target))
                except OSError:
                    near.close()
                    continue
                self._pairs.append((near, far))
                threading.Thread(target=self._carry, args=(near, far), daemon=True).start()

    def _carry(self, near: socket.socket, far: socket.socket) -> None:
        other = {near: far, far: near}
        with near, far, suppress(OSError):
            while True:
                ready, _writable, _odd = select.select([near, far], [], [])
                for end in ready:
                    self._flowing.wait()
                    part = end.recv(65_536)
                    if not part:
                        return
                    other[end].sendall(part)
