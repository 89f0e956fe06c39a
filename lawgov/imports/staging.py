"""What happens to an upload: received, read, mended, judged, written; every step by its owner.

Nothing outside this app is written before `apply`, which is one transaction. The work is done in
jobs; the state of the upload decides, so that a job that runs twice does no more than once.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from lawgov.accounts.actors import Actor
from lawgov.audit.record import record
from lawgov.errors import DomainError, GuardFailed, StaleState
from lawgov.files import store
from lawgov.files.names import shown_name
from lawgov.imports import parsing
from lawgov.imports.kinds import ImportKind, Judged, Verdict, homecomings, kind_of
from lawgov.imports.models import KEEP, KnownLayout, Upload, UploadRow
from lawgov.imports.reading import Asked, Read, RowRead
from lawgov.jobs import actions as jobs
from lawgov.spreadsheets.limits import UnreadableSheet
from lawgov.spreadsheets.mapping import SheetMap, memory_of, signature
from lawgov.units.actions import add_alias
from lawgov.units.models import Unit

LIMIT = 20 * 1024 * 1024  # bytes
NOTED = "noted"  # the outcome of a row that is there for its remark alone
REMEMBERED = 300  # layouts tried, the latest first
State = Upload.State


class Refused(DomainError):
    """Some row cannot be written; nothing was."""

    status = 422


def receive(
    file: UploadedFile, kind: ImportKind, options: dict[str, Any], *, actor: Actor, now: datetime
) -> Upload:
    """Keep the file, which has passed the gate, and start reading it.

    The file has no row in the store until it is applied, so that it goes by itself after a day.
    """
    stored = store.put(file.chunks(), limit=LIMIT)
    with transaction.atomic():
        upload = Upload.objects.create(
            owner=actor.user,
            membership=actor.membership,
            region=actor.region,
            kind=kind.code,
            filename=shown_name(file.name or ""),
            sha256=stored.sha256,
            options=options,
            created_at=now,
            expires_at=now + KEEP,
        )
        _start("read", upload, actor, now)
    return upload


def _start(task: str, upload: Upload, actor: Actor, now: datetime) -> None:
    jobs.start(actor, f"{task}_{upload.kind}", {"upload": upload.pk}, now=now)


def _move(upload: Upload, states: tuple[str, ...], **values: Any) -> None:
    """One conditional UPDATE; raises StaleState when the upload is elsewhere by now."""
    same = Upload.objects.filter(pk=upload.pk, version=upload.version, state__in=states)
    if not same.update(version=F("version") + 1, **values):
        raise StaleState(_("已有人处理，页面已更新"))
    upload.refresh_from_db()


# -- reading -----------------------------------------------------------------------------------


def read(upload: Upload, *, actor: Actor, now: datetime) -> None:
    """Read the file and stage its rows; what goes wrong is a state with a sentence, no error."""
    kind = kind_of(upload.kind)
    asked = Asked(kind.asked(upload.options), _maps(upload), _remembered(upload))
    path = store.blob_path(upload.sha256)
    try:
        parsed = parsing.parse(kind, path, upload.filename, asked, upload.cells)
        if parsed.home:
            _send_home(upload, parsed.home, actor, now)
        elif parsed.read:
            _stage(upload, kind, parsed.read, actor)
    except StaleState:
        raise
    except (UnreadableSheet, DomainError) as error:
        sentence = error.sentence if isinstance(error, DomainError) else str(error)
        _move(upload, (State.READING,), state=State.FAILED, message=sentence[:500])


def _send_home(upload: Upload, code: str, actor: Actor, now: datetime) -> None:
    """A workbook of ours goes its own way; `moved_to` leads there."""
    url = homecomings()[code].receive(actor, upload.sha256, upload.filename, now)
    _move(upload, (State.READING,), state=State.FAILED, moved_to=url)


def _maps(upload: Upload) -> dict[str, SheetMap]:
    return {sheet: SheetMap.of_json(found) for sheet, found in upload.maps.items()}


def _remembered(upload: Upload) -> dict[str, list[str] | None]:
    rows = KnownLayout.objects.filter(region=upload.region, kind=upload.kind)
    latest = rows.order_by("-used_at").values_list("signature", "keys")[:REMEMBERED]
    return dict(latest)


def _stage(upload: Upload, kind: ImportKind, found: Read, actor: Actor) -> None:
    """Put what was read into rows, judged where the columns are settled."""
    open_question = not upload.columns_seen and _asks_for_columns(kind, found)
    with transaction.atomic():
        _move(
            upload,
            (State.READING,),
            state=State.COLUMNS if open_question else State.READY,
            sheets=[asdict(sheet) for sheet in found.sheets],
            troubles=[asdict(trouble) for trouble in found.troubles],
            extra=found.extra,
            merged=found.merged,
            skipped=found.skipped,
            macros=found.macros,
            counts={},
        )
        upload.__dict__.pop("sheets_read", None)
        if open_question:
            _write_rows(upload, found.rows, [])
        else:
            judge(upload, actor, found)


def _asks_for_columns(kind: ImportKind, found: Read) -> bool:
    """Whether a person should look at the columns: nothing was found, or a name nobody knows."""
    used = [sheet for sheet in found.sheets if sheet.used]
    if not found.sheets:
        return False
    return not used or any(sheet.doubts and not sheet.known for sheet in used)


def judge(upload: Upload, actor: Actor, found: Read | None = None) -> Verdict:
    """What the staged rows (`found`, where they are at hand) come to now, kept in their place;
    call inside a transaction."""
    found = found or upload.read()
    verdict = kind_of(upload.kind).judge(upload.incoming(found), actor)
    _write_rows(upload, found.rows, verdict.rows)
    UploadRow.objects.bulk_create(
        UploadRow(
            upload=upload,
            sheet=noted.sheet[:200],
            row=noted.row,
            outcome=NOTED,
            remarks=[asdict(noted.remark)],
            doubtful=True,
        )
        for noted in verdict.others
    )
    faults = sum(noted.remark.refuses for noted in verdict.others)
    upload.counts = {**verdict.counts, "faults": faults}
    upload.notes = [[str(label), text] for label, text in verdict.notes]
    Upload.objects.filter(pk=upload.pk).update(counts=upload.counts, notes=upload.notes)
    return verdict


def _write_rows(upload: Upload, rows: list[RowRead], verdicts: list[Judged]) -> None:
    """The staged rows anew; those of a file whose columns are open have no verdict yet."""
    upload.rows.all().delete()
    judged = verdicts or [Judged("")] * len(rows)
    UploadRow.objects.bulk_create(
        (
            UploadRow(
                upload=upload,
                position=place,
                sheet=row.sheet[:200],
                row=row.row,
                data=row.data,
                outcome=verdict.outcome,
                cells=verdict.cells,
                before=verdict.before,
                remarks=[asdict(remark) for remark in verdict.remarks],
                doubtful=bool(verdict.remarks),
            )
            for place, (row, verdict) in enumerate(zip(rows, judged, strict=True))
        ),
        batch_size=1000,
    )


# -- what the person decides -------------------------------------------------------------------


def lay_out(upload: Upload, maps: dict[str, SheetMap], *, actor: Actor, now: datetime) -> None:
    """Read again under the layouts given, by sheet; raises GuardFailed for an impossible one."""
    _check_maps(kind_of(upload.kind), maps)
    with transaction.atomic():
        _move(
            upload,
            (State.COLUMNS, State.READY),
            state=State.READING,
            maps={sheet: found.as_json() for sheet, found in maps.items()},
            columns_seen=True,
        )
        _start("read", upload, actor, now)


def _check_maps(kind: ImportKind, maps: dict[str, SheetMap]) -> None:
    used = {name: found for name, found in maps.items() if found.used}
    if not used:
        raise GuardFailed(_("至少要读一张表"))
    for name, found in used.items():
        if missing := lacking(kind, found):
            sentence = _("“%(sheet)s”还没有对应：%(names)s")
            raise GuardFailed(sentence % {"sheet": name, "names": _("、").join(missing)})
        if not 1 <= found.top <= found.bottom <= found.top + 2:
            raise GuardFailed(_("“%(sheet)s”的表头要在一到三行里") % {"sheet": name})


def lacking(kind: ImportKind, found: SheetMap) -> list[str]:
    """Headers of the columns that a layout must name and does not."""
    return [column.header for column in kind.required if column.key not in found.columns]


def correct(
    upload: Upload, cells: dict[str, dict[str, str]], *, actor: Actor, now: datetime
) -> None:
    """Mend cells of the file, by sheet and "H60", and read it again; the file itself stays."""
    merged = {sheet: {**upload.cells.get(sheet, {}), **texts} for sheet, texts in cells.items()}
    with transaction.atomic():
        _move(upload, (State.READY,), state=State.READING, cells={**upload.cells, **merged})
        _start("read", upload, actor, now)


def choose_unit(upload: Upload, name: str, unit: Unit, *, alias: bool, actor: Actor) -> None:
    """Take a name as written for a unit, with `alias` for good once the file is applied."""
    chosen = {**upload.units, name: {"unit": unit.pk, "alias": alias}}
    if chosen == upload.units:
        return  # a second click
    with transaction.atomic():
        _move(upload, (State.READY,), units=chosen)
        judge(upload, actor)


def gone_wrong(upload: Upload) -> None:
    """After an accident in the background: the page must not wait for ever."""
    sentence = _("没有完成，出了意外；已记录，可以再试一次")
    same = Upload.objects.filter(pk=upload.pk)
    same.filter(state=State.READING).update(state=State.FAILED, message=sentence)
    same.filter(state=State.APPLYING).update(state=State.READY, message=sentence)


def discard(upload: Upload) -> None:
    """The upload goes, rows and all; raises StaleState once it is being written."""
    open_states = (State.READING, State.COLUMNS, State.READY, State.FAILED)
    gone = Upload.objects.filter(pk=upload.pk, state__in=open_states)
    if not gone.exists():
        raise StaleState(_("已经写入，不能放弃"))
    gone.delete()


# -- writing -----------------------------------------------------------------------------------


def confirm(upload: Upload, version: int, *, actor: Actor, now: datetime) -> None:
    """Start writing; raises Refused while a row is refused, StaleState for a page gone stale."""
    if upload.refused:
        raise Refused(_("还有 %(n)s 处错误没有处理，一条都没有写入") % {"n": upload.refused})
    upload.version = version
    with transaction.atomic():
        _move(upload, (State.READY,), state=State.APPLYING)
        _start("apply", upload, actor, now)


def apply(upload: Upload, *, actor: Actor, now: datetime) -> None:
    """Write all of the upload in one transaction, or nothing; twice is once.

    What became impossible since the preview is shown there again.
    """
    kind = kind_of(upload.kind)
    try:
        with transaction.atomic():
            claimed = Upload.objects.filter(pk=upload.pk, state=State.APPLYING)
            if not claimed.update(state=State.APPLIED, applied_at=now, expires_at=now + KEEP):
                return
            _keep_aliases(upload, actor, now)
            counts = kind.write(upload.incoming(), actor, now)
            _remember(upload, now)
            stored = store.Stored(upload.sha256, _size(upload), store.blob_path(upload.sha256))
            store.keep(stored, "application/octet-stream", now=now)
            Upload.objects.filter(pk=upload.pk).update(counts=dict(counts))
            data = {"kind": kind.code, "file": upload.filename, "sha256": upload.sha256}
            record(actor, "import.applied", upload, now=now, data=data | {"counts": dict(counts)})
    except DomainError as error:
        with transaction.atomic():
            back = {"state": State.READY, "message": error.sentence[:500]}
            Upload.objects.filter(pk=upload.pk, state=State.APPLYING).update(**back)
            upload.refresh_from_db()
            judge(upload, actor)


def _size(upload: Upload) -> int:
    return store.blob_path(upload.sha256).stat().st_size


def _keep_aliases(upload: Upload, actor: Actor, now: datetime) -> None:
    wanted = {name: choice["unit"] for name, choice in upload.units.items() if choice["alias"]}
    units = Unit.objects.in_region(upload.region).in_bulk(set(wanted.values()))
    for name, pk in wanted.items():
        if pk in units:
            add_alias(units[pk], name, actor=actor, now=now)


def _remember(upload: Upload, now: datetime) -> None:
    """Keep the layout of each sheet as it was read, by the place's own header."""
    known = {}
    for sheet in upload.sheets_read:
        if sheet.top and sheet.labels:
            labels = sheet.labels_by_place
            known[signature(labels)] = memory_of(sheet.map, labels)
    KnownLayout.objects.bulk_create(
        (
            KnownLayout(
                region=upload.region, kind=upload.kind, signature=found, keys=keys, used_at=now
            )
            for found, keys in known.items()
        ),
        update_conflicts=True,
        unique_fields=["region", "kind", "signature"],
        update_fields=["keys", "used_at"],
    )


def applied_before(upload: Upload) -> Upload | None:
    """The same file in the same place, written earlier; None when it is new."""
    same = Upload.objects.filter(
        region=upload.region, kind=upload.kind, sha256=upload.sha256, state=State.APPLIED
    )
    return same.exclude(pk=upload.pk).select_related("owner").order_by("-applied_at").first()


def sweep(now: datetime) -> int:
    """Remove what nobody confirmed within a day, and the rows of what was applied; how many went.

    The head of an applied upload stays: it tells that the file was here.
    """
    old = Upload.objects.expired(now)
    applied = old.filter(state=State.APPLIED)
    gone, _by_table = UploadRow.objects.filter(upload__in=applied).delete()
    applied.update(expires_at=None, sheets=[], troubles=[], extra={}, others=[])
    open_ones = old.exclude(state__in=[State.APPLIED, State.APPLYING])
    more, _by_table = open_ones.delete()
    return gone + more
