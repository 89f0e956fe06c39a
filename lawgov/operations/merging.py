"""Closing a unit or merging it into another: the one act that reaches through all subjects."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessments.rectification import handing_over as answers
from assessments.rectification.models import UnitResponse
from assessments.rounds import handing_over as scores
from indicators.evidence import handing_over as works
from lawgov.accounts.actors import Actor
from lawgov.accounts.guards import requires
from lawgov.accounts.models import Membership
from lawgov.accounts.policy import Action
from lawgov.audit.record import Event, record_many
from lawgov.calendars import local_day
from lawgov.errors import GuardFailed
from lawgov.units.actions import close_unit
from lawgov.units.forms import CloseForm
from lawgov.units.models import Unit
from lawgov.web.editing import edit_page, posted


@dataclass(frozen=True)
class Load:
    """What still hangs from a unit: indicators led, indicators and answers open, people."""

    led: int
    works: int
    answers: int
    people: int

    @property
    def work(self) -> bool:
        return bool(self.led or self.works or self.answers)


def load_of(unit: Unit, today: date) -> Load:
    found = works.workload(unit)
    return Load(
        led=found.led,
        works=found.open,
        answers=UnitResponse.objects.filter(unit=unit).open().count(),
        people=unit.memberships.valid_on(today).count(),
    )


def close(
    unit: Unit, *, successor: Unit | None, on: date, actor: Actor, now: datetime, version: int
) -> None:
    """Close `unit`; its work, contacts and people go to `successor`, its names lead there.

    Without successor it must have no open work. Raises GuardFailed and StaleState; nothing is
    half moved.
    """
    if successor is None and load_of(unit, local_day(now)).work:
        raise GuardFailed(fields={"successor": _("还有没办完的事，选一个单位接过去")})
    with transaction.atomic():
        if successor:
            works.hand_over(unit, successor, actor=actor, now=now)
            scores.hand_over(unit, successor)
            answers.hand_over(unit, successor, actor=actor, now=now)
        _move_people(unit, successor, actor=actor, now=now)
        close_unit(unit, successor=successor, on=on, actor=actor, now=now, version=version)


def _move_people(unit: Unit, successor: Unit | None, *, actor: Actor, now: datetime) -> None:
    """Appointments in the unit end; the same people have the same role in the successor."""
    today = local_day(now)
    rows = list(unit.memberships.valid_on(today).select_related("user", "unit"))
    there = {(row.user_id, row.role) for row in successor.memberships.all()} if successor else set()
    begun = [
        Membership(user=row.user, region=row.region, role=row.role, unit=successor)
        for row in rows
        if successor and (row.user_id, row.role) not in there
    ]
    for row in begun:
        row.save()
    events = [Event("membership.ended", row, row.user, _told(row)) for row in rows]
    events += [Event("membership.created", row, row.user, _told(row)) for row in begun]
    record_many(actor, events, now=now)
    ended = Membership.objects.filter(pk__in=[row.pk for row in rows])
    ended.update(valid_to=today - timedelta(days=1))


def _told(row: Membership) -> dict[str, str]:
    return {
        "person": row.user.name,
        "role": row.role,
        "role_name": row.role,
        "unit": row.unit.name,
    }


@requires(Action.MANAGE_UNITS)
@require_http_methods(["GET", "HEAD", "POST"])
def unit_close(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Unit.objects.visible_to(request.actor, Action.MANAGE_UNITS).filter(closed_on=None)
    unit = get_object_or_404(rows, pk=pk)
    now = timezone.now()
    today = local_day(now)
    form = CloseForm(posted(request), unit=unit, initial={"on": today})
    context = {"section": "settings", "tab": "units", "unit": unit, "load": load_of(unit, today)}

    def save() -> str:
        data = form.cleaned_data
        close(
            unit,
            successor=data["successor"],
            on=data["on"],
            actor=request.actor,
            now=now,
            version=data["version"],
        )
        names = {"name": unit.name, "successor": data["successor"]}
        if data["successor"]:
            return _("%(name)s 已并入 %(successor)s，未办事项都转过去了") % names
        return _("%(name)s 已撤销") % names

    after = reverse("settings:unit", args=[pk])
    return edit_page(request, form, "operations/unit_close.html", context, save=save, after=after)
