"""Settings pages of contacts 明白人: against their minimum, one by one, and as a roster."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Count, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lawgov.accounts.guards import requires
from lawgov.accounts.policy import Action
from lawgov.audit.record import record
from lawgov.units import actions
from lawgov.units.forms import LiaisonForm
from lawgov.units.models import Liaison, Unit
from lawgov.web.editing import edit_page, posted
from lawgov.web.listing import chosen, list_page, search_text
from lawgov.web.pages import go, render_page, say

FORM = ["GET", "HEAD", "POST"]
SETTINGS = {"section": "settings", "tab": "liaisons"}


def _units(request: HttpRequest) -> QuerySet[Unit]:
    return Unit.objects.visible_to(request.actor, Action.MANAGE_UNITS)


SORTS = {"order": ["order"], "count": ["liaison_count", "order"]}


def listed_units(request: HttpRequest) -> QuerySet[Unit]:
    """Units under the filters of the address, with how many contacts they have and owe."""
    units = _units(request).filter(closed_on=None).matching(search_text(request))
    only = chosen(request, "only", ["short"])
    return units.short_of_liaisons() if only else units.with_liaison_counts()


@requires(Action.MANAGE_UNITS)
@require_safe
def liaison_list(request: HttpRequest) -> HttpResponse:
    """Every unit with its contacts against its minimum; those below it first on demand."""
    short = _units(request).filter(closed_on=None).short_of_liaisons()
    missing = short.aggregate(units=Count("pk", distinct=True), people=Sum("liaisons_missing"))
    rows = listed_units(request).prefetch_related("liaisons")
    context = SETTINGS | {
        "listing": list_page(request, rows, sorts=SORTS, default="order", size=100),
        "export": "liaisons",
        "only": chosen(request, "only", ["short"]),
        "people": Liaison.objects.visible_to(request.actor).count(),
        "missing": missing,
    }
    return render_page(request, "units/liaisons.html", context, partial="units/_liaisons.html")


@requires(Action.MANAGE_UNITS)
@require_http_methods(FORM)
def liaison_new(request: HttpRequest, pk: int) -> HttpResponse:
    unit = get_object_or_404(_units(request).filter(closed_on=None), pk=pk)
    return _liaison_page(request, Liaison(unit=unit))


@requires(Action.MANAGE_UNITS)
@require_http_methods(FORM)
def liaison_edit(request: HttpRequest, pk: int) -> HttpResponse:
    return _liaison_page(request, get_object_or_404(_liaisons(request), pk=pk))


def _liaisons(request: HttpRequest) -> QuerySet[Liaison]:
    return Liaison.objects.visible_to(request.actor).select_related("unit")


def _liaison_page(request: HttpRequest, liaison: Liaison) -> HttpResponse:
    form = LiaisonForm(posted(request), instance=liaison)
    unit = liaison.unit
    context = SETTINGS | {"unit": unit, "liaison": liaison}

    def save() -> str:
        row = form.stored() if liaison.pk else Liaison(unit=unit)
        actions.save_liaison(
            row, form.values(), actor=request.actor, now=timezone.now(), version=form.seen
        )
        return _("已保存明白人 %(name)s") % {"name": row.name}

    after = reverse("settings:unit", args=[unit.pk])
    return edit_page(request, form, "units/liaison.html", context, save=save, after=after)


@requires(Action.MANAGE_UNITS)
@require_POST
def liaison_delete(request: HttpRequest, pk: int) -> HttpResponse:
    liaison = get_object_or_404(_liaisons(request), pk=pk)
    actions.delete_liaison(liaison, actor=request.actor, now=timezone.now())
    say(request, _("已去掉明白人 %(name)s") % {"name": liaison.name})
    return go(request, reverse("settings:unit", args=[liaison.unit_id]))


@requires(Action.MANAGE_UNITS)
@require_POST
def liaison_phone(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole number, once; that it was looked at stands in the trail."""
    liaison = get_object_or_404(_liaisons(request), pk=pk)
    with transaction.atomic():
        data = {"name": liaison.name}
        record(
            request.actor,
            "liaison.seen",
            liaison,
            topic=liaison.unit,
            now=timezone.now(),
            data=data,
        )
    context = SETTINGS | {"liaison": liaison, "unit": liaison.unit}
    return render_page(request, "units/phone.html", context, partial="units/_phone.html")
