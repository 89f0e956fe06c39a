"""The wizard's steps of the office: each saved, and found again by what is there."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assessments.rounds.book import self_round
from indicators.campaigns.actions import change_campaign, create_campaign
from indicators.campaigns.forms import PhaseFormSet
from indicators.framework.forms import EditionForm
from indicators.framework.loader import EditionInUse
from indicators.framework.views import load_edition
from indicators.models import Campaign, FrameworkEdition
from lawgov.accounts.guards import requires
from lawgov.accounts.policy import Action
from lawgov.calendars import local_day
from lawgov.operations.setup.actions import divide_by_default
from lawgov.operations.setup.context import EDITION, wizard
from lawgov.operations.setup.forms import (
    CampaignForm,
    DutiesForm,
    EditionChoice,
    campaign_defaults,
)
from lawgov.spreadsheets.tables import Faulty
from lawgov.units.forms import ListForm
from lawgov.units.views import read_list
from lawgov.web.editing import edit_page, posted, uploaded
from lawgov.web.pages import render_page, say

FORM = ["GET", "HEAD", "POST"]


@requires(Action.MANAGE_UNITS)
@require_http_methods(FORM)
def units(request: HttpRequest) -> HttpResponse:
    form = ListForm(posted(request), uploaded(request))
    faults: list = []
    if request.method == "POST" and form.is_valid():
        try:
            done = read_list(request, form)
        except Faulty as error:
            faults = error.faults
        else:
            text = _("新增 %(new)s 家，修改 %(changed)s 家")
            say(request, text % {"new": len(done.created), "changed": len(done.changed)})
            return redirect("setup:units")
    context = wizard(request, "units", request.actor.region)
    context |= {"form": form, "faults": faults}
    status = 422 if faults or form.errors else 200
    return render_page(request, "setup/units.html", context, status=status)


@requires(Action.MANAGE_CAMPAIGN)
@require_http_methods(FORM)
def framework(request: HttpRequest) -> HttpResponse:
    """Choose a loaded edition, or load one."""
    upload = "upload" in request.POST
    chosen = request.session.get(EDITION) or _newest()
    choice = EditionChoice(
        request.POST if request.method == "POST" and not upload else None,
        initial={"edition": FrameworkEdition.objects.filter(code=chosen).first()},
    )
    form = EditionForm(posted(request), uploaded(request)) if upload else EditionForm()
    faults: list = []
    edition = None
    if upload and form.is_valid():
        try:
            edition = load_edition(request, form)
        except Faulty as error:
            faults = error.faults
        except EditionInUse as error:
            form.add_error("code", error.sentence)
    elif request.method == "POST" and not upload and choice.is_valid():
        edition = choice.cleaned_data["edition"]
    if edition:
        request.session[EDITION] = edition.code
        say(request, _("已选定 %(name)s") % {"name": edition.name})
        return redirect("setup:campaign")
    campaign = _campaign(request)
    context = wizard(request, "framework", request.actor.region)
    context |= {"choice": choice, "form": form, "faults": faults, "campaign": campaign}
    status = 422 if faults or form.errors or choice.errors else 200
    return render_page(request, "setup/framework.html", context, status=status)


def _newest() -> str:
    return FrameworkEdition.objects.order_by("-code").values_list("code", flat=True).first() or ""


def _campaign(request: HttpRequest) -> Campaign | None:
    rows = Campaign.objects.visible_to(request.actor, Action.MANAGE_CAMPAIGN)
    return rows.select_related("region", "edition").first()


@requires(Action.MANAGE_CAMPAIGN)
@require_http_methods(FORM)
def campaign(request: HttpRequest) -> HttpResponse:
    """The campaign's name and days; once it is there, the days of its phases."""
    found = _campaign(request)
    if found:
        return _phases(request, found)
    region, now = request.actor.region, timezone.now()
    edition = FrameworkEdition.objects.filter(code=request.session.get(EDITION, "")).first()
    start = campaign_defaults(region, local_day(now))
    start["edition"] = edition or FrameworkEdition.objects.filter(code=_newest()).first()
    form = CampaignForm(posted(request), initial=start)

    def save() -> str:
        data = dict(form.cleaned_data)
        made = create_campaign(region, data.pop("edition"), actor=request.actor, now=now, **data)
        self_round(made, now=now)
        return _("创建活动已建立，再看看各阶段的日期")

    context = wizard(request, "campaign", region)
    after = reverse("setup:campaign")
    return edit_page(request, form, "setup/campaign.html", context, save=save, after=after)


def _phases(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    phases = PhaseFormSet(posted(request), queryset=campaign.phases.all())
    seen = request.POST.get("version", "")
    if request.method == "POST" and phases.is_valid():
        change_campaign(
            campaign,
            {},
            [phase.instance for phase in phases],
            actor=request.actor,
            now=timezone.now(),
            version=int(seen) if seen.isascii() and seen.isdigit() else 0,
        )
        say(request, _("阶段日期已保存"))
        return HttpResponseRedirect(reverse("setup:assignments"))
    context = wizard(request, "campaign", request.actor.region)
    context |= {"campaign": campaign, "phases": phases}
    status = 422 if phases.is_bound else 200
    return render_page(request, "setup/phases.html", context, status=status)


@requires(Action.MANAGE_CAMPAIGN)
@require_http_methods(FORM)
def assignments(request: HttpRequest) -> HttpResponse:
    """Defaults by area, for what nobody owns yet; or the office's own sheet."""
    found = _campaign(request)
    if found is None:
        return redirect("setup:campaign")
    form = DutiesForm(posted(request), campaign=found)
    if request.method == "POST" and form.is_valid():
        choices, now = form.choices(), timezone.now()
        done = divide_by_default(found, choices, actor=request.actor, now=now)
        text = _("已分 %(n)s 项") % {"n": done.changed}
        if done.unknown:
            text += _("；单位库里没有「%(names)s」，这些项没有牵头单位") % {
                "names": _("」「").join(done.unknown)
            }
        say(request, text, bad=bool(done.unknown))
        return redirect("setup:summary")
    context = wizard(request, "assignments", request.actor.region)
    context |= {"form": form, "campaign": found}
    return render_page(request, "setup/assignments.html", context)


@requires(Action.MANAGE_CAMPAIGN)
@require_safe
def summary(request: HttpRequest) -> HttpResponse:
    context = wizard(request, "summary", request.actor.region)
    return render_page(request, "setup/summary.html", context)
