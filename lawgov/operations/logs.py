"""Log files that several processes share, and the number of the request in each line."""

from __future__ import annotations

import fcntl
import logging
from logging.handlers import WatchedFileHandler
from pathlib import Path


class RequestIdFilter(logging.Filter):
    """Gives each record `request_id`; "-" outside of requests."""

    def filter(self, record: logging.LogRecord) -> bool:
        from lawgov.web.security import current_request_id

        record.request_id = current_request_id.get()
        return True


class SharedLogFile(WatchedFileHandler):
    """A file that web, worker and beat append to together, cut at `limit` bytes.

    Lines are appended whole. Whoever finds the file too long renames it under a lock
    (lawgov.log.1 is the youngest of `keep`); the others notice and follow.
    """

    def __init__(self, path: Path, *, limit: int = 10_000_000, keep: int = 5) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        super().__init__(path, encoding="utf-8", delay=True)
        self.path, self.limit, self.keep = path, limit, keep

    def emit(self, record: logging.LogRecord) -> None:
        try:
            if self._is_full():
                self._rotate()
        except OSError:
            self.handleError(record)
        super().emit(record)

    def _is_full(self) -> bool:
        try:
            return self.path.stat().st_size >= self.limit
        except FileNotFoundError:
            return False

    def _rotate(self) -> None:
        with open(self.path.with_name(f"{self.path.name}.lock"), "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not self._is_full():
                return  # another process was quicker
            for number in range(self.keep - 1, 0, -1):
                older = self._numbered(number)
                if older.exists():
                    older.replace(self._numbered(number + 1))
            self.path.replace(self._numbered(1))

    def _numbered(self, number: int) -> Path:
        return self.path.with_name(f"{self.path.name}.{number}")
