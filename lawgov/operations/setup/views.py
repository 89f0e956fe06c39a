"""The wizard at /setup/: one step a page, each saved and found again by what is there."""

from __future__ import annotations

from dataclasses import replace

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from assessments.rounds.book import self_round
from indicators.campaigns.actions import change_campaign, create_campaign
from indicators.campaigns.forms import PhaseFormSet
from indicators.framework.loader import EditionInUse
from indicators.framework.views import EditionForm, load_edition
from indicators.models import Campaign, FrameworkEdition
from lawgov.accounts import sessions
from lawgov.accounts.actors import Actor
from lawgov.accounts.appointments import open_account
from lawgov.accounts.guards import public, requires
from lawgov.accounts.policy import Action, Role, can
from lawgov.audit.record import record
from lawgov.calendars import local_day
from lawgov.operations.setup import access
from lawgov.operations.setup.actions import divide_by_default, found_place, rename_places
from lawgov.operations.setup.forms import (
    CampaignForm,
    DutiesForm,
    EditionChoice,
    OfficeForm,
    RegionForm,
    campaign_defaults,
)
from lawgov.operations.setup.progress import steps
from lawgov.spreadsheets.tables import Faulty
from lawgov.units.forms import ListForm
from lawgov.units.models import Region
from lawgov.units.views import read_list
from lawgov.web.editing import edit_page, posted, uploaded
from lawgov.web.pages import render_page, say

FORM = ["GET", "HEAD", "POST"]
EDITION = "setup_edition"  # session key: code of the edition chosen for the campaign


def _context(request: HttpRequest, current: str, region: Region | None) -> dict:
    found = steps(region, local_day(timezone.now()))
    chosen = FrameworkEdition.objects.filter(code=request.session.get(EDITION, "")).first()
    if chosen and not found[3].begun:
        found[3] = replace(found[3], facts=chosen.name, missing="", begun=True)
    order = [step.key for step in found]
    later = order[order.index(current) + 1 :] if current in order else []
    return {
        "section": "settings",
        "steps": found,
        "current": current,
        "next_step": later[0] if later else "summary",
    }


@public
@never_cache
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """To the first step that is not complete; to the login where the place has begun."""
    if access.is_open():
        if given := request.GET.get("token"):
            access.offer(request, given)
        if not access.may_set_up(request):
            return redirect("setup:token")
        return redirect("setup:office" if Region.objects.exists() else "setup:region")
    if not request.user.is_authenticated:
        return redirect(f"{reverse('accounts:login')}?next={reverse('setup:home')}")
    if not can(request.actor, Action.MANAGE_CAMPAIGN):
        return redirect("/")
    found = steps(request.actor.region, local_day(timezone.now()))
    waiting = (step.url for step in found if not step.begun)
    return redirect(f"setup:{next(waiting, 'summary')}")


@public
@never_cache
@require_http_methods(FORM)
def enter_token(request: HttpRequest) -> HttpResponse:
    if not access.is_open():
        raise Http404
    wrong = False
    if request.method == "POST":
        if access.offer(request, request.POST.get("token", "")):
            return redirect("setup:home")
        wrong = True
    status = 422 if wrong else 200
    return render_page(request, "setup/token.html", {"wrong": wrong}, status=status)


# -- before the first account ------------------------------------------------------------------


@access.before_first_account
@require_http_methods(FORM)
def region(request: HttpRequest) -> HttpResponse:
    place = _leaf()
    form = RegionForm(posted(request), region=place, initial=_names(place))
    now = timezone.now()

    def save() -> str:
        if place:
            rename_places(place, form.cleaned_data)
        else:
            found_place(form.cleaned_data, actor=Actor.system(None, "setup"), now=now)
        return _("地区已保存")

    context = _context(request, "region", place)
    after = reverse("setup:office")
    return edit_page(request, form, "setup/region.html", context, save=save, after=after)


def _leaf() -> Region | None:
    """The place that is being set up: the one without places below."""
    return Region.objects.filter(children=None).order_by("pk").first()


def _names(place: Region | None) -> dict[str, str]:
    if place is None:
        return {}
    names = {"name": place.name, "code": place.code, "level": place.level}
    above = place.parent
    while above:
        names[above.level] = above.name
        above = above.parent
    return names


@access.before_first_account
@never_cache
@sensitive_post_parameters("password", "again")
@require_http_methods(FORM)
def office(request: HttpRequest) -> HttpResponse:
    """The first account; with it the wizard asks for a login, and the person has one."""
    place = _leaf()
    if place is None:
        return redirect("setup:region")
    form = OfficeForm(posted(request))
    now = timezone.now()

    def save() -> str:
        user, _password = open_account(
            form.account(),
            {"role": Role.OFFICE_ADMIN, "unit": None},
            actor=Actor.system(place, "setup"),
            now=now,
            password=form.cleaned_data["password"],
        )
        access.forget_token()
        with transaction.atomic():
            record(Actor(user, ip=request.META["REMOTE_ADDR"]), "account.login", user, now=now)
        sessions.begin(request, user, now)
        return _("账号已建好，并已登录")

    context = _context(request, "office", place)
    after = reverse("setup:units")
    return edit_page(request, form, "setup/office.html", context, save=save, after=after)


# -- with the first account --------------------------------------------------------------------


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
    context = _context(request, "units", request.actor.region)
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
    context = _context(request, "framework", request.actor.region)
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

    context = _context(request, "campaign", region)
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
    context = _context(request, "campaign", request.actor.region)
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
        done = divide_by_default(found, form, actor=request.actor, now=timezone.now())
        text = _("已分 %(n)s 项") % {"n": done.changed}
        if done.unknown:
            text += _("；单位库里没有「%(names)s」，这些项没有牵头单位") % {
                "names": _("」「").join(done.unknown)
            }
        say(request, text, bad=bool(done.unknown))
        return redirect("setup:summary")
    context = _context(request, "assignments", request.actor.region)
    context |= {"form": form, "campaign": found}
    return render_page(request, "setup/assignments.html", context)


@requires(Action.MANAGE_CAMPAIGN)
@require_safe
def summary(request: HttpRequest) -> HttpResponse:
    context = _context(request, "summary", request.actor.region)
    return render_page(request, "setup/summary.html", context)
