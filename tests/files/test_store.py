"""The store: durable, addressed by content, refusing what it cannot keep, swept and checked."""

import errno
import os
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from lawgov.files import store, upkeep
from lawgov.files.models import Blob

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def data_dir(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path


def put(content=b"proof"):
    return store.put([content[:2], content[2:]], limit=100)


def files(root: Path):
    return sorted(path.name for path in root.rglob("*") if path.is_file())


def grow_old(path: Path, age=2 * DAY):
    then = (timezone.now() - age).timestamp()
    os.utime(path, (then, then))


def test_content_is_its_own_address_and_stored_once(data_dir):
    first, second = put(), put()
    assert first == second and first.size == 5
    assert first.path.read_bytes() == b"proof" and store.hash_of(first.path) == first.sha256
    assert files(data_dir) == [first.sha256]


def test_too_much_is_refused_and_nothing_stays(data_dir):
    with pytest.raises(store.TooLarge):
        store.put([b"x" * 60, b"x" * 60], limit=100)
    assert files(data_dir) == []


def test_below_the_floor_nothing_is_taken(data_dir, monkeypatch):
    monkeypatch.setattr(store, "FREE_SPACE_FLOOR", 1.1)
    with pytest.raises(store.StoreFull):
        put()
    assert files(data_dir) == []


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EMFILE])
@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_disk_that_fails_is_a_plain_sentence(data_dir, monkeypatch, code, step):
    def fail(*args):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(store.os, step, fail)
    with pytest.raises(store.StoreFull) as refused:
        put()
    assert refused.value.status == 503 and "没有保存" in refused.value.sentence
    assert files(data_dir) == []


def test_all_three_folders_are_made_durable(data_dir, monkeypatch):
    synced = []
    monkeypatch.setattr(store, "_sync_folder", synced.append)
    path = put().path
    assert synced == [path.parent, path.parent.parent, data_dir / "blobs"]


# -- swept -------------------------------------------------------------------------------------


def test_only_old_files_without_a_row_are_swept(data_dir):
    kept, orphan, young = put(b"kept"), put(b"orphan"), put(b"young")
    store.keep(kept, "text/plain", now=timezone.now())
    leftover = data_dir / "blobs" / "incoming" / "tmp-dead"
    leftover.write_bytes(b"half")
    for path in (kept.path, orphan.path, leftover):
        grow_old(path)
    assert upkeep.sweep(timezone.now()) == 2
    assert files(data_dir) == sorted([kept.sha256, young.sha256])


def test_an_upload_makes_an_orphan_young_again(data_dir):
    orphan = put()
    grow_old(orphan.path)
    put()
    assert upkeep.sweep(timezone.now()) == 0 and orphan.path.exists()


def test_an_upload_in_the_moment_of_the_sweep_keeps_its_file(data_dir, monkeypatch):
    orphan = put()
    grow_old(orphan.path)
    real = os.replace

    def replace(source, target):
        monkeypatch.setattr(upkeep.os, "replace", real)
        put()  # finds the file just before it is moved aside
        real(source, target)

    monkeypatch.setattr(upkeep.os, "replace", replace)
    assert upkeep.sweep(timezone.now()) == 0
    assert files(data_dir) == [orphan.sha256]


def test_old_previews_go_and_young_ones_stay(data_dir):
    for name in ("a" * 64, "b" * 64):
        folder = data_dir / "previews" / name[:2] / name
        folder.mkdir(parents=True)
        (folder / "1.jpg").write_bytes(b"jpeg")
    grow_old(data_dir / "previews" / "aa" / ("a" * 64), timedelta(days=40))
    upkeep.sweep(timezone.now())
    assert [path.parent.name for path in data_dir.rglob("1.jpg")] == ["b" * 64]


# -- checked -----------------------------------------------------------------------------------


def test_verify_store_names_every_damaged_file(data_dir):
    whole, lost, cut, changed = (put(content) for content in (b"whole", b"lost", b"cut!", b"same"))
    for stored in (whole, lost, cut, changed):
        store.keep(stored, "text/plain", now=timezone.now())
    out = StringIO()
    call_command("verify_store", stdout=out)
    assert "都对" in out.getvalue()
    lost.path.unlink()
    cut.path.write_bytes(b"cu")
    changed.path.write_bytes(b"seme")
    out = StringIO()
    with pytest.raises(CommandError, match="3 个不对"):
        call_command("verify_store", stdout=out)
    told = dict(line.split(" ", 1) for line in out.getvalue().splitlines())
    assert told == {lost.sha256: "不在了", cut.sha256: "长短不对", changed.sha256: "内容变了"}
    assert Blob.objects.count() == 4


def test_within_a_week_every_file_is_read_again_and_what_is_damaged_is_in_the_log(data_dir, caplog):
    kept = [put(f"{number}".encode()) for number in range(10)]
    for stored in kept:
        store.keep(stored, "text/plain", now=timezone.now())
        stored.path.write_bytes(b"other")
    days = [timezone.now() + number * DAY for number in range(7)]
    found = [upkeep.verify(day) for day in days]
    assert sum(found) == 10
    assert max(found) == 2
    assert all(stored.sha256 in caplog.text for stored in kept)
