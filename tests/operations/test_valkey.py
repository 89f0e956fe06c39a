from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from lawgov.operations import valkey


@pytest.fixture
def deep(monkeypatch) -> Iterator[Path]:
    """A path that is too long, on a machine whose temporary folder is ours alone."""
    with tempfile.TemporaryDirectory(dir="/tmp") as temporary:
        monkeypatch.setattr(tempfile, "tempdir", temporary)
        yield Path(temporary, "深" * 40)


def test_the_wheel_brings_a_server():
    assert os.access(valkey.find_binary(), os.X_OK)


def test_the_socket_lies_in_the_run_folder(tmp_path):
    assert valkey.socket_path(Path("/short")) == Path("/short/valkey.sock")


def test_a_long_path_gets_one_private_folder_for_ever(deep):
    path = valkey.socket_path(deep)
    assert len(os.fsencode(path)) <= valkey.LONGEST_SOCKET_PATH
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert valkey.socket_path(deep) == path
    assert valkey.socket_path(deep / "other") != path


def test_a_folder_that_others_can_enter_is_not_used(deep):
    path = valkey.socket_path(deep)
    path.parent.chmod(0o755)
    other = valkey.socket_path(deep)
    assert other.parent != path.parent
    assert stat.S_IMODE(other.parent.stat().st_mode) == 0o700


def test_a_file_or_link_in_its_place_is_not_used(deep, tmp_path):
    path = valkey.socket_path(deep)
    path.parent.rmdir()
    (tmp_path / "trap").mkdir(mode=0o700)
    path.parent.symlink_to(tmp_path / "trap")
    assert valkey.socket_path(deep).parent != path.parent
    path.parent.unlink()
    path.parent.write_text("")
    assert valkey.socket_path(deep).parent != path.parent
