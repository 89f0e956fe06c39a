"""A receiver on this machine that keeps what it is sent and answers as it is told."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TAKEN = b'{"errcode": 0, "errmsg": "ok"}'


@dataclass
class Sink:
    """`answers` are (status, body, headers), the last one for ever; `delay` in seconds."""

    port: int = 0
    answers: list[tuple[int, bytes, dict[str, str]]] = field(
        default_factory=lambda: [(200, TAKEN, {})]
    )
    delay: float = 0
    calls: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?key=very-secret"

    @property
    def allowed(self) -> dict[str, list[str]]:
        """Settings under which this receiver may be called."""
        place = f"127.0.0.1:{self.port}"
        return {"OUTBOUND_HOSTS": [place], "OUTBOUND_RELAYS": [place], "OUTBOUND_NETWORKS": []}


@contextmanager
def listening() -> Iterator[Sink]:
    sink = Sink()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            sink.calls.append((self.path, dict(self.headers), body))
            time.sleep(sink.delay)
            status, text, headers = sink.answers[min(len(sink.calls), len(sink.answers)) - 1]
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            with suppress(OSError):  # the caller hangs up on a long answer, as it should
                self.wfile.write(text)

        def log_message(self, *given: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    sink.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield sink
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
