"""A sheet that comes home: kept, read in the background, decided on, and applied all or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lawgov.accounts.actors import Actor, Source
from lawgov.audit import verbs
from lawgov.audit.record import record
from lawgov.errors import DomainError, GuardFailed, NotAllowed, StaleState
from lawgov.files import gate, store
from lawgov.files.names import shown_name
from lawgov.files.store import Stored
from lawgov.filling import seal
from lawgov.filling.extract import Extract
from lawgov.filling.incoming import Incoming, SheetRow, arrived
from lawgov.filling.merged import Merge, Side, Verdict
from lawgov.filling.merging import Decisions, merge
from lawgov.filling.models import FilledSheet
from lawgov.filling.values import pack, unpack
from lawgov.imports import parsing
from lawgov.jobs import actions as jobs
from lawgov.jobs.models import Job
from lawgov.spreadsheets.limits import UnreadableSheet

KEEP = timedelta(days=7)  # our default: a week to decide, then it is uploaded again
LONGEST = 2000  # characters of a correction
State = FilledSheet.State

verbs.add(
    {
        "filling.applied": gettext_lazy("写入填报表 %(file)s：%(rows)s 行 %(cells)s 格"),
        "job.export_sheet": gettext_lazy("下载填报表"),
        "job.read_sheet": gettext_lazy("上传填好的表"),
        "job.mark_sheet": gettext_lazy("标注交回的填报表"),
    }
)


def settled() -> str:
    """What is said of a sheet that is no longer open."""
    return _("这张表已经处理过了，页面已更新")


class Outdated(StaleState):
    """Somebody changed what the preview showed; nothing was written, the preview is new."""


# -- coming in -------------------------------------------------------------------------------


def receive(file: Any, *, actor: Actor, now: datetime) -> tuple[FilledSheet, Job]:
    """Keep an uploaded file and start the job that reads it. Raises GuardFailed at the gate."""
    try:
        gate.check(file, name=file.name, use="workbook")
    except gate.Refused as refused:
        raise GuardFailed(fields={"file": refused.sentence}) from refused
    file.seek(0)
    stored = store.put(_chunks(file), limit=gate.SIZES["workbook"])
    return _take_on(stored, file.name, actor, now)


def come_home(actor: Actor, sha256: str, name: str, now: datetime) -> str:
    """Take on a sheet of ours that was handed to the import wizard; where it goes on."""
    path = store.blob_path(sha256)
    sheet, _job = _take_on(Stored(sha256, path.stat().st_size, path), name, actor, now)
    return sheet.get_absolute_url()


def _take_on(stored: Stored, name: str, actor: Actor, now: datetime) -> tuple[FilledSheet, Job]:
    with transaction.atomic():
        sheet = FilledSheet.objects.create(
            owner=actor.user,
            membership=actor.membership,
            region=actor.region,
            blob=store.keep(stored, "application/octet-stream", now=now),
            filename=shown_name(name),
            created_at=now,
            expires_at=now + KEEP,
        )
        job = jobs.start(actor, "read_sheet", {"sheet": sheet.pk}, now=now)
    return sheet, job


def _chunks(file: BinaryIO) -> Iterable[bytes]:
    while chunk := file.read(store.CHUNK):
        yield chunk


Parse = Callable[[Path, str], Extract]


def parsed(path: Path, name: str) -> Extract:
    """What the file holds, read in a process of its own under limits; raises UnreadableSheet."""
    return Extract.of_json(parsing.call("lawgov.filling.extract:answer", path, name))


def read(sheet: FilledSheet, actor: Actor, *, parse: Parse = parsed) -> FilledSheet:
    """Read the file of a sheet; a file that is none of ours is refused in one sentence.

    Runs in the worker, outside any transaction.
    """
    try:
        found = parse(store.blob_path(sheet.blob.sha256), sheet.filename)
        incoming, subject = arrived(found, actor.region_id)
        if not subject.may(actor):
            raise seal.Broken(_("没有填「%(name)s」的权限，没有读入") % {"name": subject.label})
    except (UnreadableSheet, seal.Broken) as error:
        values: dict[str, Any] = {"state": State.REFUSED, "refusal": str(error)[:300]}
    else:
        values = {
            "state": State.OPEN,
            "subject_code": subject.code,
            "baseline": seal.as_json(incoming.baseline),
            "rows": _as_json(incoming),
        }
    FilledSheet.objects.filter(pk=sheet.pk, state=State.READING).update(**values)
    sheet.refresh_from_db()
    return sheet


def _as_json(incoming: Incoming) -> dict[str, Any]:
    rows = [
        [row.row, row.pk, {key: pack(value) for key, value in row.cells.items()}]
        for row in incoming.rows
    ]
    return {
        "sheet": incoming.sheet,
        "rows": rows,
        "columns": dict(incoming.columns),
        "lost": list(incoming.lost),
    }


def _incoming(sheet: FilledSheet) -> Incoming:
    stored = sheet.rows
    rows = tuple(
        SheetRow(row, pk, {key: unpack(value) for key, value in cells.items()})
        for row, pk, cells in stored["rows"]
    )
    baseline = seal.of_json(sheet.baseline)
    lost = tuple(stored["lost"])
    return Incoming(baseline, stored["sheet"], rows, stored["columns"], lost)


# -- deciding ----------------------------------------------------------------------------------


def merge_of(sheet: FilledSheet, actor: Actor, *, now: datetime) -> Merge:
    """What the sheet would do as things stand today, under its decisions.

    The rows are looked up anew each time, as far as the person may fill them in today.
    """
    incoming, subject = _incoming(sheet), sheet.subject
    if not subject.may(actor):
        raise NotAllowed
    pks = [row.pk for row in incoming.rows if row.pk is not None]
    return merge(
        incoming,
        subject,
        subject.items(actor, pks),
        now=now,
        decisions=_decisions(sheet),
        newcomers=subject.newcomers(actor),
    )


def _decisions(sheet: FilledSheet) -> Decisions:
    sides = {name: (side, seen) for name, (side, seen) in sheet.decisions.get("sides", {}).items()}
    return Decisions(sides, sheet.decisions.get("texts", {}))


def decide(
    sheet: FilledSheet,
    *,
    actor: Actor,
    now: datetime,
    sides: Mapping[str, str] | None = None,
    texts: Mapping[str, str] | None = None,
    every: Side | None = None,
) -> Merge:
    """Keep what the person chose for conflicts and faults; the merge as it is then.

    `sides` and `texts` are by cell name (`12:statement`; a whole row is `12:`); `every` decides
    all conflicts at once. Only cells that are in conflict or faulty count, each against what
    stands there now. Raises StaleState when the sheet is no longer open.
    """
    if sheet.state != State.OPEN:
        raise StaleState(settled())
    stands = merge_of(sheet, actor, now=now)
    kept = {name: list(pair) for name, pair in sheet.decisions.get("sides", {}).items()}
    typed = dict(sheet.decisions.get("texts", {}))
    asked = {name: Side(side) for name, side in (sides or {}).items() if side}
    for name, seen, clashed in _questions(stands):
        side = asked.get(name) or (every if clashed else None)
        if side and (clashed or side is Side.SYSTEM):
            kept[name] = [side.value, seen]
        text = (texts or {}).get(name)
        if text is not None and not (side or clashed or name.endswith(":")):
            typed[name] = text.strip()[:LONGEST]
            kept.pop(name, None)
    _keep(sheet, {"sides": kept, "texts": typed})
    return merge_of(sheet, actor, now=now)


def _questions(stands: Merge) -> Iterable[tuple[str, str, bool]]:
    """Names of all that wants or had a decision: what it is made against, whether a conflict."""
    for row in stands.rows:
        if row.sentence:
            yield f"{row.name}:", row.seen, False
            continue
        for cell in row.cells:
            if cell.blocks or cell.clashed or cell.typed or cell.verdict is Verdict.LEFT:
                yield f"{row.name}:{cell.key}", cell.seen, cell.clashed


def _keep(sheet: FilledSheet, decisions: dict[str, Any]) -> None:
    if decisions == {"sides": {}, "texts": {}} | sheet.decisions:
        return  # a second click
    rows = FilledSheet.objects.filter(pk=sheet.pk, state=State.OPEN, version=sheet.version)
    if not rows.update(decisions=decisions, version=F("version") + 1):
        raise StaleState(settled())
    sheet.decisions, sheet.version = decisions, sheet.version + 1


# -- applying ----------------------------------------------------------------------------------


def apply(sheet: FilledSheet, *, actor: Actor, now: datetime, seen: str) -> Merge:
    """Write everything the sheet changes, or nothing; the merge that was written.

    `seen` is the fingerprint of the preview that the person saw. Raises Outdated when anything
    that it showed has changed since, GuardFailed while something is undecided or when a rule of
    the subject stands against it, StaleState when the sheet was applied already. The trail of
    every row names the file.
    """
    source = Source(sheet.filename, sheet.blob.sha256)
    hand = replace(actor, source=source)
    try:
        with transaction.atomic():
            _close(sheet, now)
            stands = merge_of(sheet, hand, now=now)
            if stands.fingerprint != seen:
                raise Outdated(_("没有写入：核对以后又有人改过，请看新的对比再写入"))
            if stands.open:
                text = _("还有 %(n)s 处错误或冲突没有处理，处理完才能写入")
                raise GuardFailed(text % {"n": stands.open})
            _write(sheet, stands, hand, now)
    except DomainError:
        sheet.refresh_from_db()
        raise
    return stands


def _close(sheet: FilledSheet, now: datetime) -> None:
    """Taken first, so that of two clicks one finds it applied."""
    rows = FilledSheet.objects.filter(pk=sheet.pk, state=State.OPEN, version=sheet.version)
    if not rows.update(state=State.APPLIED, applied_at=now, version=F("version") + 1):
        raise StaleState(settled())
    sheet.state, sheet.applied_at, sheet.version = State.APPLIED, now, sheet.version + 1


def _write(sheet: FilledSheet, stands: Merge, actor: Actor, now: datetime) -> None:
    changes = stands.changes
    cells = stands.cells
    if changes:
        sheet.subject.save(changes, actor=actor, now=now)
        data = {
            "file": sheet.filename,
            "hash": sheet.blob.sha256,
            "subject": sheet.subject_code,
            "rows": len(changes),
            "cells": cells[Verdict.APPLY],
        }
        record(actor, "filling.applied", sheet, now=now, data=data)
    sheet.outcome = {
        "rows": len(changes),
        "cells": {verdict.value: n for verdict, n in cells.items()},
        "missing": len(stands.missing),
    }
    FilledSheet.objects.filter(pk=sheet.pk).update(outcome=sheet.outcome)


def discard(sheet: FilledSheet) -> None:
    """Forget a sheet that was not applied; nothing of it was ever written."""
    if not FilledSheet.objects.filter(pk=sheet.pk).exclude(state=State.APPLIED).delete()[0]:
        raise StaleState(settled())


def sweep(now: datetime) -> int:
    """Forget sheets past their week; what was applied stands in the trail."""
    return FilledSheet.objects.expired(now).delete()[0]
