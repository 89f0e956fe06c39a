"""Broken files of every kind, in the process that reads uploads: an answer, a sentence, never an
accident. Source: robustness C2; the amounts are decisions §9.

Each child reads 200 files, so that starting it costs little; some files get a child of their own,
on the way that uploads take.
"""

from __future__ import annotations

import csv
import io
import json
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile

from lawgov.errors import GuardFailed
from lawgov.filling import actions
from lawgov.filling.extract import Extract
from lawgov.filling.incoming import arrived
from lawgov.filling.seal import Broken
from lawgov.imports.models import Upload
from tests.factories import NOW
from tests.filling.everyone import CASES
from tests.filling.sheets import exported, merged
from tests.imports.conftest import GOOD, sheet
from tests.imports.tables import checksums
from tests.spreadsheets.books import book
from tests.spreadsheets.mutations import WAYS
from tests.tiers import amount

SAMPLES = Path(__file__).parents[1] / "samples"
FILES = amount(1_000, 50_000)
FRESH = amount(30, 300)
A_CHILD = 200
SECONDS, MEGABYTES = 10, 512
LEDGER = "assessments.rectification.ledger_upload:read"
READERS = {
    "ledger": LEDGER,
    "units": "lawgov.imports.unit_readers:read_units",
    "roster": "lawgov.imports.unit_readers:read_roster",
    "tasks": "indicators.assignments.sheet_reader:read_sheet",
    "framework": "indicators.framework.file_reader:read_file",
}
UNITS = [["代码", "单位名称", "简称", "单位类型"], ["U90", "区数据局", "数据局", "政府部门"]]
ROSTER = [
    ["序号", "单位", "姓名", "职务", "联系电话"],
    [1, "区水利局", "王某", "科长", "13812345678"],
]
TASKS = [
    ["序号", "三级指标", "分值", "牵头单位", "责任单位", "完成时限"],
    [1, "", 12, "区司法局", "区水利局、区林业局", "年底前"],
    ["合计", "", 12, "", "", ""],
]
FRAMEWORK = [
    ["编码", "一级指标", "二级指标", "三级指标", "测评方式", "分值"],
    ["1.1.1", "甲", "乙", "丙", "材料查证", 10],
]
YAML = "code: y\npoints: 10\nareas:\n- title: 甲\n  groups:\n  - title: 乙\n    indicators:\n    - {title: 丙, points: 10, method: 材料查证}\n"  # fmt: skip  # noqa: E501

RUNNER = """
import json, resource, signal, sys, time
from lawgov.imports import child
from tests.memory import peak
resource.setrlimit(resource.RLIMIT_AS, (child.MEMORY, child.MEMORY))
child.prepare({"locales": [], "language": "zh-hans"})
for line in sys.stdin:
    question = json.loads(line)
    signal.alarm(int(sys.argv[1]))
    start, crash, found = time.process_time(), "", {}
    try:
        found = child.answer(question)
    except Exception as error:
        crash = f"{type(error).__name__}: {error}"
    signal.alarm(0)
    print(json.dumps([found, crash, time.process_time() - start, peak()]), flush=True)
"""


def as_csv(rows: list[list]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def originals() -> Iterator[tuple[str, str, bytes]]:
    """Kind of import, name and content of files that are whole."""
    for name in ("messy-a.xlsx", "messy-a.xls", "zengdu-common.xlsx"):
        yield "ledger", name, (SAMPLES / name).read_bytes()
    for kind, rows in (("units", UNITS), ("roster", ROSTER), ("tasks", TASKS),
                       ("framework", FRAMEWORK)):  # fmt: skip
        yield kind, f"{kind}.xlsx", book(rows)
        yield kind, f"{kind}.csv", as_csv(rows)
    yield "framework", "体系.yaml", YAML.encode()


def question(kind: str, path: Path, name: str) -> dict:
    if kind == "filled":
        return {"task": "call", "function": "lawgov.filling.extract:answer", "path": str(path),
                "name": name}  # fmt: skip
    return {
        "task": "read", "reader": READERS[kind], "path": str(path), "name": name, "maps": {},
        "homes": {"filling": "lawgov.filling.extract:is_ours"},
        "options": {"year": 2023, "issued_on": "2023-04-14"}, "remembered": {}, "cells": {},
    }  # fmt: skip


class Child:
    """The reading process, kept for many files."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-X", "utf8", "-c", RUNNER, str(SECONDS)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            cwd=settings.BASE_DIR, env={"PYTHONPATH": str(settings.BASE_DIR)},
        )  # fmt: skip

    def ask(self, asked: dict) -> tuple[dict, str, float, float]:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, f"the child died of {asked['name']}: {self.process.wait()}"
        return tuple(json.loads(line))

    def end(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait(timeout=30)


def judged(child: Child, kind: str, name: str, content: bytes, path: Path) -> dict:
    """The answer to one file, which is a reading or one sentence, in time and memory."""
    path.write_bytes(content)
    found, crash, seconds, memory = child.ask(question(kind, path, name))
    assert not crash, (kind, name, crash)
    assert seconds < SECONDS and memory < MEGABYTES
    if "error" in found:
        assert found["error"].strip() and "\n" not in found["error"]
    else:
        assert {"read", "home", "seals"} & found.keys()
    return found


def broken(files: list[tuple[str, str, bytes]], count: int, seed: str) -> Iterator[tuple]:
    """Number, kind, name and content of mutated files, the ways and the files in turn."""
    for number in range(count):
        kind, name, content = files[number % len(files)]
        mutate = WAYS[number // len(files) % len(WAYS)]
        yield number, kind, name, mutate(content, random.Random(f"{seed} {number}"))


@pytest.mark.django_db
def test_a_mutated_file_is_read_or_refused_in_a_sentence(tmp_path: Path) -> None:
    casts = {case.code: case.cast() for case in CASES if case.code in ("contacts", "deadlines")}
    sealed = {
        case.code: exported(case.code, case.actor(casts[case.code]))
        for case in CASES
        if case.code in casts
    }
    region = casts["contacts"].region.pk
    files = [*originals(), *(("filled", f"{code}.xlsx", file) for code, file in sealed.items())]
    answers: dict[str, int] = {}
    child = Child()
    for number, kind, name, content in broken(files, FILES, "P"):
        if number and not number % A_CHILD:
            child.end()
            child = Child()
        found = judged(child, kind, name, content, tmp_path / "file")
        if "seals" in found:
            try:
                arrived(Extract.of_json(found), region)
            except Broken as refused:
                assert str(refused)
        outcome = "refused" if "error" in found else "read"
        answers[f"{kind} {outcome}"] = answers.get(f"{kind} {outcome}", 0) + 1
    child.end()
    kinds = {kind for kind, _name, _content in files}
    assert {f"{kind} {outcome}" for kind in kinds for outcome in ("read", "refused")} <= set(
        answers
    )


def test_an_accident_in_the_child_would_be_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The positive control: a reader that falls over is told from one that refuses."""
    child = Child()
    try:
        monkeypatch.setitem(READERS, "units", "json:loads")
        with pytest.raises(AssertionError, match="TypeError"):
            judged(child, "units", "x.csv", as_csv(UNITS), tmp_path / "file")
    finally:
        child.process.kill()


@pytest.mark.django_db
def test_broken_uploads_write_all_or_nothing(office, inspection, cast) -> None:
    """The way of the pages, a process for each file: what is not applied changed no table, what
    is applied is there whole."""
    files = [("ledger", "台账.xlsx", sheet(GOOD * 3)), ("units", "units.csv", as_csv(UNITS)),
             ("roster", "roster.xlsx", book(ROSTER))]  # fmt: skip
    before = checksums()
    states, applied = set(), 0
    for _number, kind, name, content in broken(files, FRESH, "fresh"):
        fields = {"inspection": inspection.pk} if kind == "ledger" else {}
        answer = office.send(content, name, kind, **fields)
        if answer.status_code != 302:
            assert answer.status_code == 422
            continue
        states.add(office.upload.state)
        assert office.upload.state in (Upload.State.COLUMNS, Upload.State.READY,
                                       Upload.State.FAILED)  # fmt: skip
        assert checksums() == before, "nothing is written before confirm"
        if office.upload.state == Upload.State.READY and not office.upload.refused:
            promised = dict(office.upload.counts)
            office.confirm()
            assert office.upload.state == Upload.State.APPLIED, office.upload.message
            for outcome in ("created", "changed", "unchanged"):
                assert office.upload.counts.get(outcome, 0) == promised.get(outcome, 0)
            applied += 1
            before = checksums()
    assert applied and Upload.State.FAILED in states, states


@pytest.mark.django_db
def test_broken_filled_sheets_are_open_or_refused() -> None:
    (case,) = (case for case in CASES if case.code == "contacts")
    cast = case.cast()
    actor = case.actor(cast)
    files = [("filled", "填报.xlsx", exported(case.code, actor))]
    before = checksums()
    for _number, _kind, name, content in broken(files, FRESH // 3, "filled"):
        try:
            upload, _job = actions.receive(ContentFile(content, name), actor=actor, now=NOW)
        except GuardFailed as refused:
            assert refused.fields["file"]
            continue
        upload = actions.read(upload, actor)
        assert upload.state in ("open", "refused")
        if upload.state == "open":
            assert merged(upload, actor) is not None
        assert checksums() == before
