"""Background work of sheets that are filled in: one written, one read that came home, its marks."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lawgov.accounts.policy import Action
from lawgov.errors import GuardFailed, NotAllowed, StaleState
from lawgov.filling import actions
from lawgov.filling.marked import marks_of
from lawgov.filling.models import FilledSheet
from lawgov.filling.outgoing import sealed_book
from lawgov.filling.subjects import subject_of
from lawgov.imports.kinds import Homecoming, register_homecoming
from lawgov.imports.work import marked_copy
from lawgov.jobs.kinds import JobKind, Outcome, Work, register
from lawgov.spreadsheets.writer import write


def run_export(work: Work) -> Outcome:
    """The sheet of one subject (`subject`), with the rows that the actor may fill in today."""
    subject = subject_of(work.params["subject"])
    if subject is None or not subject.may(work.actor):
        raise NotAllowed(_("已经没有办这件事的权限"))
    items = subject.items(work.actor, work.params.get("pks"))
    if not items and not subject.grows:
        raise GuardFailed(_("现在没有要填的行"))
    book, filename = sealed_book(subject, items, work.actor, now=timezone.now())
    write(book, work.target)
    return Outcome(filename=filename)


def run_reading(work: Work) -> Outcome:
    """Read an uploaded sheet (`sheet`); its page shows what it would change."""
    sheet = FilledSheet.objects.select_related("blob").get(pk=work.params["sheet"])
    sheet = actions.read(sheet, work.actor)
    url = reverse("filling:detail", args=[sheet.pk])
    return Outcome(url=url, message=sheet.refusal)


def run_mark(work: Work) -> Outcome:
    """The uploaded file (`sheet`) again, with what is still faulty or in conflict in it."""
    rows = FilledSheet.objects.of(work.actor).select_related("blob")
    sheet = rows.get(pk=work.params["sheet"])
    if sheet.state != FilledSheet.State.OPEN:
        raise StaleState(actions.settled())
    stands = actions.merge_of(sheet, work.actor, now=timezone.now())
    marks = marks_of(stands, sheet.rows["sheet"])
    return marked_copy(sheet.blob.sha256, sheet.filename, marks, work)


register_homecoming(Homecoming("filling", "lawgov.filling.extract:is_ours", actions.come_home))
EXPORT_SHEET = register(
    JobKind(
        "export_sheet",
        gettext_lazy("下载填报表"),
        Action.EXPORT,
        run_export,
        repeatable=True,
    )
)
READ_SHEET = register(
    JobKind("read_sheet", gettext_lazy("上传填好的表"), Action.EXPORT, run_reading)
)
MARK_SHEET = register(
    JobKind("mark_sheet", gettext_lazy("标注交回的填报表"), Action.EXPORT, run_mark)
)
