"""Settings pages of people: accounts of this place, what they are in it, first passwords."""

from __future__ import annotations

from datetime import date

from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lawgov.accounts import appointments
from lawgov.accounts.guards import requires
from lawgov.accounts.models import Membership, User
from lawgov.accounts.people_forms import AppointmentForm, NewPersonForm, PersonForm
from lawgov.accounts.policy import Action, Role
from lawgov.audit.models import AuditEntry
from lawgov.audit.verbs import as_line
from lawgov.calendars import local_day
from lawgov.web.editing import edit_page, posted
from lawgov.web.listing import chosen, list_page, number, search_text
from lawgov.web.pages import go, render_page, say
from lawgov.web.shown_once import show_next, shown_now

FORM = ["GET", "HEAD", "POST"]
SETTINGS = {"section": "settings", "tab": "people"}
PASSWORD = "password-{}"  # of the account with this id


def _memberships(request: HttpRequest) -> QuerySet[Membership]:
    return Membership.objects.visible_to(request.actor)


def _people(request: HttpRequest) -> QuerySet[User]:
    """Accounts that are or were something in this place."""
    return User.objects.filter(pk__in=_memberships(request).values("user"))


SORTS = {"name": ["name"], "username": ["username"], "login": ["last_login"]}


def listed_people(request: HttpRequest, today: date) -> QuerySet[User]:
    """Accounts under the filters of the address, their appointments here as `here`."""
    role = chosen(request, "role", Role.values)
    only = chosen(request, "only", ["ended", "first"])
    mine = _memberships(request).select_related("unit", "deputy")
    valid = mine.valid_on(today)
    rows = _people(request)
    if text := search_text(request):
        unit = mine.filter(Q(unit__name__icontains=text) | Q(unit__short_name__icontains=text))
        rows = rows.filter(
            Q(name__icontains=text) | Q(username__icontains=text) | Q(pk__in=unit.values("user"))
        )
    if role:
        rows = rows.filter(pk__in=valid.filter(role=role).values("user"))
    if only == "ended":
        rows = rows.exclude(pk__in=valid.values("user"))
    elif only == "first":
        rows = rows.filter(must_change_password=True, last_login=None)
    return rows.prefetch_related(Prefetch("memberships", mine, to_attr="here"))


@requires(Action.MANAGE_PEOPLE)
@require_safe
def person_list(request: HttpRequest) -> HttpResponse:
    today = local_day(timezone.now())
    rows = listed_people(request, today)
    context = SETTINGS | {
        "listing": list_page(request, rows, sorts=SORTS, default="username", size=100),
        "export": "people",
        "role": chosen(request, "role", Role.values),
        "roles": Role.choices,
        "only": chosen(request, "only", ["ended", "first"]),
        "today": today,
    }
    return render_page(request, "accounts/people.html", context, partial="accounts/_people.html")


@requires(Action.MANAGE_PEOPLE)
@require_http_methods(FORM)
def person_new(request: HttpRequest) -> HttpResponse:
    """A new account with its first appointment; its first password is shown once."""
    region = request.actor.region
    start = {"unit": number(request, "unit", 0) or None}
    form = NewPersonForm(posted(request), region=region, initial=start)

    def save() -> str:
        user, password = appointments.open_account(
            form.account(), form.appointment(), actor=request.actor, now=timezone.now()
        )
        form.made = user
        show_next(request, PASSWORD.format(user.pk), password)
        return _("已建账号 %(username)s") % {"username": user.username}

    after = lambda: reverse("settings:person", args=[form.made.pk])  # noqa: E731
    return edit_page(request, form, "accounts/person_new.html", SETTINGS, save=save, after=after)


@requires(Action.MANAGE_PEOPLE)
@never_cache
@require_http_methods(FORM)
def person_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One account: what the office keeps about it, its appointments here, what happened."""
    user = get_object_or_404(_people(request), pk=pk)
    now = timezone.now()
    form = PersonForm(posted(request), instance=user)
    shared = appointments.works_elsewhere(user, request.actor.region)
    context = SETTINGS | {
        "person": User.objects.get(pk=pk),
        "shared": shared,
        "memberships": _memberships(request).filter(user=user).select_related("unit", "deputy"),
        "valid": set(
            _memberships(request)
            .filter(user=user)
            .valid_on(local_day(now))
            .values_list("pk", flat=True)
        ),
        "password": shown_now(request, PASSWORD.format(pk)),
        "lines": [as_line(entry) for entry in _trail(request, user)[:30]],
    }

    def save() -> str:
        appointments.change_account(
            form.stored(), form.values(), actor=request.actor, now=now, version=form.seen
        )
        return _("已保存 %(name)s") % {"name": form.cleaned_data["name"]}

    after = reverse("settings:person", args=[pk])
    return edit_page(request, form, "accounts/person.html", context, save=save, after=after)


def _trail(request: HttpRequest, user: User) -> QuerySet[AuditEntry]:
    """What this place did with the account; other places keep theirs to themselves."""
    return AuditEntry.objects.on_page_of(user).filter(chain=request.actor.region.code)


@requires(Action.MANAGE_PEOPLE)
@require_POST
def person_password(request: HttpRequest, pk: int) -> HttpResponse:
    """A new first password: open logins end, the next login must change it."""
    user = get_object_or_404(_people(request), pk=pk)
    password = appointments.reset_password(user, actor=request.actor, now=timezone.now())
    show_next(request, PASSWORD.format(user.pk), password)
    say(request, _("已重设 %(username)s 的口令") % {"username": user.username})
    return go(request, reverse("settings:person", args=[pk]))


@requires(Action.MANAGE_PEOPLE)
@require_POST
def person_active(request: HttpRequest, pk: int) -> HttpResponse:
    """Close the account, or open it again."""
    user = get_object_or_404(_people(request), pk=pk)
    active = request.POST.get("active") == "1"
    appointments.set_active(user, active, actor=request.actor, now=timezone.now())
    text = _("已启用账号 %(username)s") if active else _("已停用账号 %(username)s，登录已退出")
    say(request, text % {"username": user.username})
    return go(request, reverse("settings:person", args=[pk]))


# -- appointments ------------------------------------------------------------------------------


@requires(Action.MANAGE_PEOPLE)
@require_http_methods(FORM)
def membership_new(request: HttpRequest, pk: int) -> HttpResponse:
    user = get_object_or_404(_people(request), pk=pk)
    return _membership_page(request, Membership(user=user, region=request.actor.region))


@requires(Action.MANAGE_PEOPLE)
@require_http_methods(FORM)
def membership_edit(request: HttpRequest, pk: int) -> HttpResponse:
    rows = _memberships(request).select_related("user", "unit")
    return _membership_page(request, get_object_or_404(rows, pk=pk))


def _membership_page(request: HttpRequest, membership: Membership) -> HttpResponse:
    user, region = membership.user, request.actor.region
    form = AppointmentForm(posted(request), instance=membership, region=region)
    context = SETTINGS | {"person": user, "membership": membership if membership.pk else None}

    def save() -> str:
        row = form.stored() if membership.pk else Membership(user=user, region=region)
        appointments.save_membership(
            row, form.values(), actor=request.actor, now=timezone.now(), version=form.seen
        )
        return _("已保存 %(name)s 的任职") % {"name": user.name}

    after = reverse("settings:person", args=[user.pk])
    return edit_page(request, form, "accounts/membership.html", context, save=save, after=after)


@requires(Action.MANAGE_PEOPLE)
@require_POST
def membership_end(request: HttpRequest, pk: int) -> HttpResponse:
    membership = get_object_or_404(_memberships(request).select_related("user", "region"), pk=pk)
    appointments.end_membership(membership, actor=request.actor, now=timezone.now())
    say(request, _("已结束 %(name)s 的任职，从现在起不能再办") % {"name": membership.user.name})
    return go(request, reverse("settings:person", args=[membership.user_id]))
