"""Background work of sheets that are filled in: writing one, and reading one that came home."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lawgov.accounts.policy import Action
from lawgov.errors import GuardFailed, NotAllowed
from lawgov.filling import actions
from lawgov.filling.models import FilledSheet
from lawgov.filling.outgoing import sealed_book
from lawgov.filling.subjects import subject_of
from lawgov.imports.kinds import Homecoming, register_homecoming
from lawgov.jobs.kinds import JobKind, Outcome, Work, register
from lawgov.spreadsheets.writer import write


def run_export(work: Work) -> Outcome:
    """The sheet of one subject (`subject`), with the rows that the actor may fill in today."""
    subject = subject_of(work.params["subject"])
    if subject is None or not subject.may(work.actor):
        raise NotAllowed(_("已经没有办这件事的权限"))
    items = subject.items(work.actor, work.params.get("pks"))
    if not items and not subject.grows:
        raise GuardFailed(_("现在没有要你填的行"))
    book, filename = sealed_book(subject, items, work.actor, now=timezone.now())
    write(book, work.target)
    return Outcome(filename=filename)


def run_reading(work: Work) -> Outcome:
    """Read an uploaded sheet (`sheet`); its page shows what it would change."""
    sheet = FilledSheet.objects.select_related("blob").get(pk=work.params["sheet"])
    sheet = actions.read(sheet, work.actor)
    url = reverse("filling:detail", args=[sheet.pk])
    return Outcome(url=url, message=sheet.refusal)


register_homecoming(Homecoming("filling", "lawgov.filling.extract:is_ours", actions.come_home))
EXPORT_SHEET = register(
    JobKind("export_sheet", gettext_lazy("下载填报表"), Action.EXPORT, run_export)
)
READ_SHEET = register(
    JobKind("read_sheet", gettext_lazy("上传填好的表"), Action.EXPORT, run_reading)
)
