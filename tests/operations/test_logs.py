from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path

import pytest

from lawgov.operations.logs import RequestIdFilter, SharedLogFile
from lawgov.web.security import current_request_id

WRITER = """
import logging, sys
from pathlib import Path
from lawgov.operations.logs import SharedLogFile
log = logging.getLogger("test")
log.addHandler(SharedLogFile(Path(sys.argv[1]), limit=4000, keep=90))
for number in range(400):
    log.warning("%s %03d %s", sys.argv[2], number, "x" * 80)
"""


@pytest.fixture
def line() -> logging.LogRecord:
    return logging.LogRecord("test", logging.INFO, __file__, 1, "a line", None, None)


def test_a_full_file_is_put_aside_and_the_oldest_goes(tmp_path, line):
    handler = SharedLogFile(tmp_path / "lawgov.log", limit=10, keep=2)
    for _turn in range(7):
        handler.emit(line)
    handler.close()
    lines = {path.name: path.read_text().count("a line") for path in tmp_path.glob("*.log*")}
    assert lines == {"lawgov.log": 1, "lawgov.log.1": 2, "lawgov.log.2": 2, "lawgov.log.lock": 0}


def test_three_processes_lose_no_line(tmp_path):
    path = tmp_path / "lawgov.log"
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(path), name], cwd=Path.cwd())
        for name in ("web", "worker", "beat")
    ]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    written = [row for file in tmp_path.glob("lawgov.log*") for row in file.read_text().split("\n")]
    rows = sorted(row[:-81] for row in written if row)
    assert rows == sorted(
        f"{name} {n:03d}" for name in ("web", "worker", "beat") for n in range(400)
    )


def test_each_line_carries_the_number_of_its_request(line):
    assert RequestIdFilter().filter(line)
    assert line.request_id == "-"
    token = current_request_id.set("abc")
    RequestIdFilter().filter(line)
    current_request_id.reset(token)
    assert line.request_id == "abc"
