"""Handing in proof for an answer: files, a web address or document number, or what is there."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import URLValidator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from assessments.rectification import answer_pages, proofs
from assessments.rectification.models import UnitResponse
from assessments.rectification.views import FOLDER, find
from indicators.evidence.classified import first_marking
from indicators.evidence.receiving import FILES_AT_ONCE, receive
from indicators.models import Evidence
from lawgov.accounts.guards import requires
from lawgov.accounts.policy import Action
from lawgov.errors import GuardFailed
from lawgov.web.pages import go, render_page, say, sent


class ReferenceForm(forms.Form):
    """Proof without a file, or proof that the unit has already."""

    title = forms.CharField(label=gettext_lazy("名称"), max_length=200, required=False)
    document_number = forms.CharField(label=gettext_lazy("文号"), max_length=80, required=False)
    url = forms.URLField(
        label=gettext_lazy("网址"), max_length=500, required=False, assume_scheme="https"
    )
    known = forms.ModelMultipleChoiceField(
        Evidence.objects.none(),
        label=gettext_lazy("或者选用本单位已有的佐证"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, response: UnitResponse, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        used = response.proofs.in_force().values("evidence")
        own = Evidence.objects.in_force().filter(unit=response.unit_id).exclude(pk__in=used)
        self.fields["known"].queryset = own.order_by("-pk")
        self.fields["url"].validators = [URLValidator(schemes=["http", "https"])]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        written = data.get("url") or data.get("document_number")
        if self.errors:
            return data
        if not written and not data.get("known"):
            raise forms.ValidationError(_("写一个网址或文号，或者选一件已有的佐证"))
        if written and not data.get("title"):
            data["title"] = data.get("document_number") or data["url"][:200]
        if found := first_marking(data["title"], data["document_number"], data["url"]):
            text = _("有密级标志「%(marking)s」，严禁填写涉密内容") % {"marking": found}
            raise forms.ValidationError(text)
        return data


@requires(Action.RECTIFY)
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, issue: int, pk: int) -> HttpResponse:
    """Files come from the drop zone or the plain input; everything else from the form."""
    answer = find(request, issue, pk)
    uploads = request.FILES.getlist("files")
    if request.method == "POST" and uploads:
        return _files(request, answer, uploads)
    form = ReferenceForm(sent(request), response=answer)
    if request.method == "POST" and form.is_valid():
        try:
            _attach(request, answer, form.cleaned_data)
        except GuardFailed as failed:
            for sentence in failed.sentences:
                form.add_error(None, sentence)
        else:
            say(request, _("已交佐证：%(number)s") % {"number": answer.issue.number})
            return go(request, answer.get_absolute_url())
    context = {
        "section": "ledger",
        "form": form,
        "issue": answer.issue,
        "response": answer,
        "url": reverse("rectification:proof", args=[issue, pk]),
    }
    status = 422 if form.errors else 200
    template, part = f"{FOLDER}/proof.html", f"{FOLDER}/_proof_form.html"
    return render_page(request, template, context, partial=part, status=status)


def _files(request: HttpRequest, answer: UnitResponse, uploads: list[Any]) -> HttpResponse:
    if len(uploads) > FILES_AT_ONCE:
        raise GuardFailed(_("一次最多 %(n)s 件") % {"n": FILES_AT_ONCE})
    arrived = [receive(upload, request.actor.region) for upload in uploads]
    proofs.attach_files(answer, arrived, actor=request.actor, now=timezone.now())
    n = len(arrived)
    say(request, ngettext("已交 %(n)s 件佐证", "已交 %(n)s 件佐证", n) % {"n": n})
    if request.htmx:
        return answer_pages.beside(request, answer)
    return go(request, answer.get_absolute_url())


def _attach(request: HttpRequest, answer: UnitResponse, data: dict[str, Any]) -> None:
    """What the form names: known pieces, and a new one where something was written."""
    act = {"actor": request.actor, "now": timezone.now()}
    if data["known"]:
        answer = proofs.attach_known(answer, [*data["known"]], **act)
    if data["url"] or data["document_number"]:
        kind = Evidence.Kind.LINK if data["url"] else Evidence.Kind.NUMBER
        details = {name: data[name] for name in ("title", "document_number", "url")}
        proofs.attach_reference(answer, kind, details, **act)
