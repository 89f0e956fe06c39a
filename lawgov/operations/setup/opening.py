"""The wizard's first steps, open until there is an account: the place and its first account."""

from __future__ import annotations

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from lawgov.accounts import sessions
from lawgov.accounts.actors import Actor
from lawgov.accounts.appointments import open_account
from lawgov.accounts.guards import public
from lawgov.accounts.policy import Action, Role, can
from lawgov.audit.record import record
from lawgov.calendars import local_day
from lawgov.operations.setup import access
from lawgov.operations.setup.actions import found_place, rename_places
from lawgov.operations.setup.context import wizard
from lawgov.operations.setup.forms import OfficeForm, RegionForm
from lawgov.operations.setup.progress import steps
from lawgov.units.models import Region
from lawgov.web.editing import edit_page, posted
from lawgov.web.pages import render_page

FORM = ["GET", "HEAD", "POST"]


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

    context = wizard(request, "region", place)
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

    context = wizard(request, "office", place)
    after = reverse("setup:units")
    return edit_page(request, form, "setup/office.html", context, save=save, after=after)
