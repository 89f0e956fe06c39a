"""Pages that bring proof in and change it; what is read of it is in reading.py."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from indicators.assignments.models import UnitAssignment
from indicators.evidence import actions, queries, receiving, uses
from indicators.evidence.forms import DetailsForm
from indicators.evidence.holding import refuse_closed
from indicators.evidence.models import Evidence, EvidenceLink
from indicators.evidence.queries import Twins
from indicators.evidence.receiving import FILES_AT_ONCE, Arrived
from lawgov.accounts.actors import Actor
from lawgov.accounts.guards import requires
from lawgov.accounts.policy import Action
from lawgov.errors import DomainError, GuardFailed
from lawgov.web.editing import edit_page, posted
from lawgov.web.listing import search_text
from lawgov.web.pages import go, render_page, safe_next, say, wants_fragment

FILES = "indicators/evidence/_added.html"


@dataclass(frozen=True)
class Choice:
    """A file that is in use elsewhere and waits for its person: save it again, or use that."""

    arrived: Arrived
    twins: Twins
    ticket: str


@dataclass
class Outcome:
    """What became of the files of one request."""

    saved: list[Evidence] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.EDIT_EVIDENCE)
def add(request: HttpRequest, number: int, unit_id: int) -> HttpResponse:
    """Hand in files: several at once by the form, or one a request by the drop zone."""
    work = own_work(request.actor, number, unit_id)
    if request.method != "POST":
        return _add_page(request, work, Outcome())
    files = request.FILES.getlist("files")
    if not files:
        raise GuardFailed(_("还没有选择文件"))
    refuse_closed(work)  # before anything is read and stored; the action asks again
    if len(files) > FILES_AT_ONCE:
        raise GuardFailed(_("一次最多 %(n)d 件，分几次上传") % {"n": FILES_AT_ONCE})
    if wants_fragment(request) and len(files) == 1:
        outcome = Outcome()
        _take(request, work, files[0], outcome)
        return _files(request, work, outcome)
    outcome = _take_all(request, work, files)
    if outcome.saved:
        say(request, _saved_words(len(outcome.saved)))
    if outcome.refused or outcome.choices:
        return _add_page(request, work, outcome, status=422 if outcome.refused else 200)
    return go(request, safe_next(request, work.get_absolute_url()))


@require_POST
@requires(Action.EDIT_EVIDENCE)
def settle(request: HttpRequest, number: int, unit_id: int) -> HttpResponse:
    """Finish a file that was found elsewhere: 照样保存 or 改用已有的."""
    work, actor, now = own_work(request.actor, number, unit_id), request.actor, timezone.now()
    arrived = receiving.redeem(request.POST.get("ticket", ""), work.pk, actor)
    own = queries.twins(arrived.stored.sha256, work, actor).own
    if request.POST.get("choice") == "use" and own:
        uses.use(own, work, actor=actor, now=now, slot=None)
        say(request, _("已选用「%(title)s」") % {"title": own.title})
    else:
        actions.add_files(work, [arrived], actor=actor, now=now)
        say(request, _saved_words(1))
    if wants_fragment(request):
        return _files(request, work, Outcome(), settled=True)
    return go(request, safe_next(request, work.get_absolute_url()))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.EDIT_EVIDENCE)
def reference(request: HttpRequest, number: int, unit_id: int) -> HttpResponse:
    """Proof without a file: a web address, or a document number."""
    work = own_work(request.actor, number, unit_id)
    given = request.POST.get("kind") or request.GET.get("kind") or ""
    kind = Evidence.Kind.NUMBER if given == Evidence.Kind.NUMBER else Evidence.Kind.LINK
    data = posted(request)
    form = DetailsForm(data, slots=work.assignment.indicator.slots, kind=kind)
    if data is not None and form.is_valid():
        evidence = actions.add_reference(
            work,
            kind=kind,
            actor=request.actor,
            now=timezone.now(),
            slot=form.cleaned_data.get("slot", ""),
            details=form.details,
        )
        say(request, _("已保存「%(title)s」") % {"title": evidence.title})
        return go(request, safe_next(request, work.get_absolute_url()))
    context = {"form": form, "work": work, "kind": kind, "kinds": Evidence.Kind}
    return _form_page(request, "reference", context, data is not None)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.EDIT_EVIDENCE)
def reuse(request: HttpRequest, number: int, unit_id: int) -> HttpResponse:
    """从其他指标选用: pieces of the unit that this work does not use yet."""
    work, text = own_work(request.actor, number, unit_id), search_text(request)
    if request.method == "POST":
        picked = Evidence.objects.in_force().filter(
            unit=work.unit_id, pk__in=_numbers(request.POST.getlist("pk"))
        )
        slot = request.POST.get("slot")
        place = slot if slot in ("", *work.assignment.indicator.slots) else None
        for evidence in picked:
            uses.use(evidence, work, actor=request.actor, now=timezone.now(), slot=place)
        say(
            request,
            ngettext("已选用 %(n)d 件", "已选用 %(n)d 件", len(picked)) % {"n": len(picked)},
        )
        return go(request, safe_next(request, work.get_absolute_url()))
    context = {
        "section": "checklist",
        "work": work,
        "rows": queries.reusable(work, text),
        "q": text,
    }
    page = "indicators/evidence/reuse.html"
    return render_page(request, page, context, partial="indicators/evidence/_reuse.html")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.EDIT_EVIDENCE)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """改信息 of one piece as used for one work; `pk` is that of the use."""
    link = own_link(request.actor, pk)
    evidence, indicator = link.evidence, link.unit_assignment.assignment.indicator
    initial = {"slot": link.slot}
    form = DetailsForm(posted(request), instance=evidence, slots=indicator.slots, initial=initial)

    def save() -> str:
        actions.edit(
            evidence,
            actor=request.actor,
            now=timezone.now(),
            version=form.seen or 0,
            details=form.details,
            link=link,
            slot=form.cleaned_data.get("slot", link.slot),
        )
        return _("已保存「%(title)s」") % {"title": evidence.title}

    work = link.unit_assignment
    return edit_page(
        request,
        form,
        "indicators/evidence/edit.html",
        {"section": "checklist", "work": work, "link": link, "kind": evidence.kind},
        save=save,
        after=safe_next(request, work.get_absolute_url()),
        partial="indicators/evidence/_edit.html",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.EDIT_EVIDENCE)
def version(request: HttpRequest, pk: int) -> HttpResponse:
    """换新版本 of one piece; `pk` is that of the use from whose page one comes."""
    link = own_link(request.actor, pk)
    if request.method == "POST":
        upload = request.FILES.get("files")
        if upload is None:
            raise GuardFailed(_("还没有选择文件"))
        arrived = receiving.receive(upload, request.actor.region)
        actions.add_version(link.evidence, arrived, actor=request.actor, now=timezone.now())
        say(request, _("「%(title)s」已换新版本") % {"title": link.evidence.title})
        return go(request, safe_next(request, link.unit_assignment.get_absolute_url()))
    context = {"work": link.unit_assignment, "link": link}
    return _form_page(request, "version", context, False)


@require_POST
@requires(Action.EDIT_EVIDENCE)
def unlink(request: HttpRequest, pk: int) -> HttpResponse:
    """移除 from one work; a toast brings it back."""
    link = own_link(request.actor, pk)
    uses.unlink(link, actor=request.actor, now=timezone.now())
    back = reverse("evidence:relink", args=[pk])
    say(request, _("已移除「%(title)s」") % {"title": link.evidence.title}, undo=back)
    return _after_link(request, link)


@require_POST
@requires(Action.EDIT_EVIDENCE)
def relink(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring back what was removed."""
    link = own_link(request.actor, pk)
    uses.relink(link, actor=request.actor, now=timezone.now())
    say(request, _("已恢复「%(title)s」") % {"title": link.evidence.title})
    return _after_link(request, link)


# -- steps -----------------------------------------------------------------------------------


def own_work(actor: Actor, number: int, unit_id: int) -> UnitAssignment:
    """The actor's unit's work on an indicator, with all its page needs; 404 for any other."""
    rows = UnitAssignment.objects.visible_to(actor, Action.EDIT_EVIDENCE).select_related(
        "assignment__indicator", "assignment__campaign", "unit"
    )
    return get_object_or_404(rows, assignment__indicator__number=number, unit=unit_id)


def own_link(actor: Actor, pk: int) -> EvidenceLink:
    """A use of a piece by the actor's unit, removed ones included; 404 for any other."""
    rows = EvidenceLink.objects.visible_to(actor, Action.EDIT_EVIDENCE).select_related(
        "evidence",
        "unit_assignment__assignment__indicator",
        "unit_assignment__assignment__campaign",
        "unit_assignment__unit",
    )
    return get_object_or_404(rows, pk=pk)


def _take(
    request: HttpRequest, work: UnitAssignment, upload: UploadedFile, outcome: Outcome
) -> None:
    """Receive one file; save it, or keep it waiting where its content is in use already."""
    arrived = receiving.receive(upload, request.actor.region)
    twins = queries.twins(arrived.stored.sha256, work, request.actor)
    if twins:
        note = receiving.ticket(arrived, work.pk, request.actor)
        outcome.choices.append(Choice(arrived, twins, note))
    else:
        now = timezone.now()
        outcome.saved += actions.add_files(work, [arrived], actor=request.actor, now=now)


def _take_all(request: HttpRequest, work: UnitAssignment, files: list[UploadedFile]) -> Outcome:
    """Each file by itself: one that is refused does not keep out the others."""
    outcome = Outcome()
    for upload in files:
        try:
            _take(request, work, upload, outcome)
        except DomainError as refusal:
            outcome.refused.append((str(upload.name), str(refusal.sentence or refusal)))
    return outcome


def _files(
    request: HttpRequest, work: UnitAssignment, outcome: Outcome, *, settled: bool = False
) -> HttpResponse:
    """The tiles as they are now, and beside them the choices that came up."""
    context = {
        "work": work,
        "proof": queries.proof_of(work),
        "may_edit": True,
        "choices": outcome.choices,
        "settled": settled,
    }
    return render_page(request, FILES, context, partial=FILES)


def _add_page(
    request: HttpRequest, work: UnitAssignment, outcome: Outcome, *, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {"section": "checklist", "work": work, "outcome": outcome}
    return render_page(request, "indicators/evidence/add.html", context, status=status)


def _form_page(
    request: HttpRequest, name: str, context: dict[str, Any], refused: bool
) -> HttpResponse:
    """A form as a page of its own, or in the dialog of the page that one is on."""
    page, part = f"indicators/evidence/{name}.html", f"indicators/evidence/_{name}.html"
    context |= {"section": "checklist"}
    return render_page(request, page, context, partial=part, status=422 if refused else 200)


def _after_link(request: HttpRequest, link: EvidenceLink) -> HttpResponse:
    return go(request, safe_next(request, link.unit_assignment.get_absolute_url()))


def _saved_words(count: int) -> str:
    return ngettext("已上传 %(n)d 件", "已上传 %(n)d 件", count) % {"n": count}


def _numbers(texts: list[str]) -> list[int]:
    return [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 12]
