"""Settings pages of the register: units, their other names, groups, contacts 明白人."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lawgov.accounts.guards import requires
from lawgov.accounts.policy import Action
from lawgov.audit.models import AuditEntry
from lawgov.audit.verbs import as_line
from lawgov.calendars import local_day
from lawgov.units import actions
from lawgov.units.forms import GroupForm, ListForm, UnitForm
from lawgov.units.groups import USUAL, usual_name
from lawgov.units.importing import UnitsImported, import_pasted, import_units
from lawgov.units.models import Unit, UnitGroup
from lawgov.web.editing import edit_page, posted
from lawgov.web.listing import chosen, list_page, search_text
from lawgov.web.pages import go, render_page, say

FORM = ["GET", "HEAD", "POST"]
SETTINGS = {"section": "settings"}


def _units(request: HttpRequest) -> QuerySet[Unit]:
    return Unit.objects.visible_to(request.actor, Action.MANAGE_UNITS)


SORTS = {
    "order": ["order"],
    "code": ["code"],
    "name": ["name"],
    "kind": ["kind", "order"],
    "led": ["led_count", "order"],
    "work": ["work_count", "order"],
}


def listed_units(request: HttpRequest) -> QuerySet[Unit]:
    """Units under the filters of the address, with the figures of the list."""
    kind = chosen(request, "kind", Unit.Kind.values)
    only = chosen(request, "only", ["enforcement", "short", "closed"])
    rows = _units(request).matching(search_text(request))
    if kind:
        rows = rows.filter(kind=kind)
    rows = rows.filter(closed_on__isnull=only != "closed")
    if only == "enforcement":
        rows = rows.filter(enforcement=True)
    rows = rows.short_of_liaisons() if only == "short" else rows.with_liaison_counts()
    return rows.with_work_counts().select_related("successor")


@requires(Action.MANAGE_UNITS)
@require_safe
def unit_list(request: HttpRequest) -> HttpResponse:
    listing = list_page(request, listed_units(request), sorts=SORTS, default="order", size=100)
    open_units = _units(request).filter(closed_on=None)
    context = SETTINGS | {
        "tab": "units",
        "listing": listing,
        "export": "units",
        "kind": chosen(request, "kind", Unit.Kind.values),
        "only": chosen(request, "only", ["enforcement", "short", "closed"]),
        "kinds": Unit.Kind.choices,
        "counts": _counts(open_units),
    }
    return render_page(request, "units/list.html", context, partial="units/_list.html")


def _counts(units: QuerySet[Unit]) -> dict[str, int]:
    return units.aggregate(all=Count("pk"), enforcement=Count("pk", filter=Q(enforcement=True)))


@requires(Action.MANAGE_UNITS)
@require_http_methods(FORM)
def unit_new(request: HttpRequest) -> HttpResponse:
    unit = Unit(region=request.actor.region)
    form = UnitForm(posted(request), instance=unit)
    context = SETTINGS | {"tab": "units"}

    def save() -> str:
        _save_unit(request, form)
        return _("已新建 %(name)s") % {"name": form.instance.name}

    after = lambda: reverse("settings:unit", args=[form.instance.pk])  # noqa: E731
    return edit_page(request, form, "units/new.html", context, save=save, after=after)


@requires(Action.MANAGE_UNITS)
@require_http_methods(FORM)
def unit_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One unit: its form, and beside it groups, contacts, accounts and what happened."""
    unit = get_object_or_404(_units(request), pk=pk)
    form = UnitForm(posted(request), instance=unit)
    name = unit.name
    context = SETTINGS | {
        "tab": "units",
        "name": name,
        "unit": _units(request).with_liaison_counts().with_work_counts().get(pk=pk),
        "groups": unit.groups.all(),
        "liaisons": unit.liaisons.all(),
        "memberships": unit.memberships.valid_on(local_day(timezone.now())).select_related("user"),
        "lines": [as_line(entry) for entry in AuditEntry.objects.on_page_of(unit)[:30]],
    }

    def save() -> str:
        _save_unit(request, form)
        return _("已保存 %(name)s") % {"name": form.cleaned_data["name"]}

    after = reverse("settings:unit", args=[pk])
    return edit_page(request, form, "units/detail.html", context, save=save, after=after)


def _save_unit(request: HttpRequest, form: UnitForm) -> None:
    """Hand the form to the action, with the row read anew: the form has changed its own."""
    unit = form.stored() if form.instance.pk else Unit(region=request.actor.region)
    form.instance = actions.save_unit(
        unit,
        form.values(),
        form.cleaned_data["aliases"],
        actor=request.actor,
        now=timezone.now(),
        version=form.seen,
    )


def read_list(request: HttpRequest, form: ListForm) -> UnitsImported:
    """Import what the form brought; raises Faulty."""
    file, actor = form.cleaned_data.get("file"), request.actor
    by = {"region": actor.region, "actor": actor, "now": timezone.now()}
    if file:
        return import_units(file.read(), file.name, **by)
    return import_pasted(form.cleaned_data["lines"], **by)


# -- groups ------------------------------------------------------------------------------------


@requires(Action.MANAGE_UNITS)
@require_safe
def group_list(request: HttpRequest) -> HttpResponse:
    rows = UnitGroup.objects.visible_to(request.actor).annotate(size=Count("members"))
    usual = {usual_name(group, request.actor.region): group.rule for group in USUAL}
    context = SETTINGS | {
        "tab": "units",
        "groups": [(row, usual.get(row.name, "")) for row in rows.order_by("pk")],
    }
    return render_page(request, "units/groups.html", context)


@requires(Action.MANAGE_UNITS)
@require_http_methods(FORM)
def group_new(request: HttpRequest) -> HttpResponse:
    return _group_page(request, UnitGroup(region=request.actor.region))


@requires(Action.MANAGE_UNITS)
@require_http_methods(FORM)
def group_edit(request: HttpRequest, pk: int) -> HttpResponse:
    return _group_page(request, get_object_or_404(_groups(request), pk=pk))


def _groups(request: HttpRequest) -> QuerySet[UnitGroup]:
    return UnitGroup.objects.visible_to(request.actor)


def _group_page(request: HttpRequest, group: UnitGroup) -> HttpResponse:
    form = GroupForm(posted(request), instance=group, region=request.actor.region)
    context = SETTINGS | {"tab": "units", "group": group if group.pk else None}

    def save() -> str:
        row = form.stored() if group.pk else UnitGroup(region=request.actor.region)
        data, now = form.cleaned_data, timezone.now()
        actions.save_group(
            row, data["name"], data["members"], actor=request.actor, now=now, version=form.seen
        )
        return _("已保存分组 %(name)s，%(n)s 家") % {"name": row.name, "n": len(data["members"])}

    after = reverse("settings:groups")
    return edit_page(request, form, "units/group.html", context, save=save, after=after)


@requires(Action.MANAGE_UNITS)
@require_POST
def group_delete(request: HttpRequest, pk: int) -> HttpResponse:
    group = get_object_or_404(_groups(request), pk=pk)
    actions.delete_group(group, actor=request.actor, now=timezone.now())
    say(request, _("已删除分组 %(name)s，单位都还在") % {"name": group.name})
    return go(request, reverse("settings:groups"))
