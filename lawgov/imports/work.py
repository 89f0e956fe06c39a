"""Background work of imports: three kinds of job for each kind of file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lawgov.audit import verbs
from lawgov.errors import DomainError
from lawgov.files.store import blob_path
from lawgov.imports import kinds, parsing, staging
from lawgov.imports.kinds import ImportKind
from lawgov.imports.models import Upload
from lawgov.jobs import kinds as jobs
from lawgov.jobs.kinds import JobKind, Outcome, Work
from lawgov.spreadsheets.limits import UnreadableSheet
from lawgov.spreadsheets.marking import Mark

Step = Callable[..., None]


class Unmarkable(DomainError):
    status = 422


def register(kind: ImportKind) -> ImportKind:
    """Make a kind known, and its jobs `read_…`, `apply_…` and `mark_…`, under the same right."""
    for code, label, run in (
        ("read", gettext_lazy("读取导入的表格"), run_read),
        ("apply", gettext_lazy("写入导入的表格"), run_apply),
        ("mark", gettext_lazy("标注导入的表格"), run_mark),
    ):
        jobs.register(JobKind(f"{code}_{kind.code}", label, kind.action, run))
        verbs.add({f"job.{code}_{kind.code}": label})
    return kinds.register(kind)


def _mine(work: Work) -> Upload:
    return Upload.objects.of(work.actor).select_related("region").get(pk=work.params["upload"])


def _run(work: Work, step: Step) -> Outcome:
    upload = _mine(work)
    try:
        step(upload, actor=work.actor, now=timezone.now())
    except Exception:
        staging.gone_wrong(upload)
        raise
    return Outcome(url=reverse("imports:result", args=[upload.pk]))


def run_read(work: Work) -> Outcome:
    return _run(work, staging.read)


def run_apply(work: Work) -> Outcome:
    return _run(work, staging.apply)


def run_mark(work: Work) -> Outcome:
    """The file again, with what is wrong in it."""
    upload = _mine(work)
    return marked_copy(upload.sha256, upload.filename, _marks(upload), work)


def marked_copy(sha256: str, filename: str, marks: Iterable[Mark], work: Work) -> Outcome:
    """Write a kept file again with these marks, as the file of the job. Raises Unmarkable."""
    try:
        parsing.mark(blob_path(sha256), filename, [*marks], work.target)
    except UnreadableSheet as error:
        raise Unmarkable(str(error)) from error
    stem = filename.rpartition(".")[0] or filename
    return Outcome(filename=_("%(name)s（已标注）.xlsx") % {"name": stem})


def _marks(upload: Upload) -> Iterator[Mark]:
    for row in upload.rows.filter(doubtful=True).exclude(row=None):
        for remark in row.remarks:
            yield Mark(row.sheet, row.row, remark["column"], remark["message"], remark["refuses"])
