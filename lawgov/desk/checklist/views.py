"""The checklist page 指标清单."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from indicators.assignments.states import IndicatorState, UnitState
from lawgov.accounts.actors import Actor
from lawgov.accounts.guards import requires
from lawgov.accounts.policy import Action, Scope, can, scope_of
from lawgov.calendars import local_day
from lawgov.desk.campaigns import running
from lawgov.desk.checklist import queries
from lawgov.desk.checklist.filters import LED, OWN, Filters
from lawgov.desk.checklist.heat import heat_map
from lawgov.desk.checklist.items import Board, Item
from lawgov.desk.checklist.rows import Look, Rows
from lawgov.jobs import actions as jobs
from lawgov.units.models import Unit
from lawgov.web.pages import go, render_page

PAGE, PART = "desk/checklist/list.html", "desk/checklist/_list.html"


@require_safe
@requires(Action.VIEW_CHECKLIST)
def checklist(request: HttpRequest) -> HttpResponse:
    """The indicators that the actor sees, under the filters of the address."""
    actor, found = request.actor, running(request.actor.region)
    if found is None:
        return render_page(request, PAGE, {"section": "checklist"})
    filters = Filters.read(request)
    look = look_of(actor, filters, near=found.campaign.light_days)
    board = queries.board(actor, found.campaign, filters)
    rows = Rows(look)
    states = UnitState.choices if look.one_unit else IndicatorState.choices
    units = [] if look.one_unit else unit_names(actor)
    context = {
        "section": "checklist",
        "campaign": found.campaign,
        "filters": filters,
        "board": board,
        "look": look,
        "may_export": can(actor, Action.EXPORT),
        "rows": rows.bodies(board.items, board.areas),
        "facets": [(area, rows.facet(area)) for area in [board.total, *board.areas]],
        "tabs": tabs(actor, board, filters),
        "states": states,
        "units": units,
        "counts": "" if look.one_unit else counts(board.items),
        "words": in_words(filters, board, states, units),
    }
    return render_page(request, PAGE, context, partial=PART)


@require_POST
@requires(Action.EXPORT)
def export(request: HttpRequest) -> HttpResponse:
    """The self-assessment sheet of the indicators under the filters, as a job."""
    found = running(request.actor.region)
    if found is None:
        raise Http404
    filters = Filters.read(request)
    board = queries.board(request.actor, found.campaign, filters)
    params = {"assignments": [item.pk for item in board.items], "query": filters.query}
    job = jobs.start(request.actor, "export_assessment", params, now=timezone.now())
    return go(request, reverse("jobs:detail", args=[job.pk]))


@require_safe
@requires(Action.VIEW_CHECKLIST)
def heat(request: HttpRequest) -> HttpResponse:
    """Units × areas, as a map or (`?as=table`) as a table of the same figures."""
    actor, found = request.actor, running(request.actor.region)
    context: dict[str, Any] = {"section": "checklist"}
    if found:
        chart = heat_map(actor, found.campaign, local_day(timezone.now()))
        as_table = request.GET.get("as") == "table"
        context |= {"campaign": found.campaign, "map": chart, "as_table": as_table}
    return render_page(request, "desk/checklist/heat.html", context)


def look_of(actor: Actor, filters: Filters, *, near: int) -> Look:
    unit = queries.focus(actor, filters)
    return Look(
        today=local_day(timezone.now()),
        near=near,
        focus=unit is not None,
        may_tick=can(actor, Action.TICK) and unit == actor.unit_id,
        one_unit=queries.sees_one_unit(actor),
        scores=can(actor, Action.VIEW_SCORES),
        proof=can(actor, Action.VIEW_EVIDENCE),
        query=f"&{filters.query}" if filters.query else "",
    )


def unit_names(actor: Actor) -> list[tuple[int, str]]:
    """Units that exist today, to choose from."""
    units = Unit.objects.in_region(actor.region).open_on(local_day(timezone.now()))
    return list(units.values_list("pk", "short_name"))


def tabs(actor: Actor, board: Board, filters: Filters) -> list[dict[str, Any]]:
    """The tabs that differ for this reader; none for those who have no unit."""
    everything = {Scope.LED: _("我牵头"), Scope.OWN_UNIT: _("本单位承担")}.get(
        scope_of(actor, Action.VIEW_CHECKLIST), _("全区")
    )
    labels = {"": everything, LED: _("我牵头"), OWN: _("本单位承担")}
    shown = [
        {"scope": scope, "label": label, "count": board.tabs[scope]}
        for scope, label in labels.items()
        if not scope or scope == filters.scope or 0 < board.tabs[scope] < board.tabs[""]
    ]
    return shown if actor.unit_id and len(shown) > 1 else []


def counts(items: list[Item]) -> str:
    """What the shown indicators are: 59 完成 · 39 在办 · 2 被退回."""
    done = sum(item.done for item in items)
    back = sum(item.state == IndicatorState.RETURNED for item in items)
    exempt = sum(item.state == IndicatorState.NOT_APPLICABLE for item in items)
    words = [
        (_("%(n)d 完成"), done),
        (_("%(n)d 在办"), len(items) - done - back - exempt),
        (_("%(n)d 被退回"), back),
        (_("%(n)d 不适用"), exempt),
    ]
    return " · ".join(text % {"n": n} for text, n in words if n)


def in_words(filters: Filters, board: Board, states: list, units: list) -> list[str]:
    """The filters that are set, in words, for the page that found nothing."""
    areas = {area.number: area.title for area in board.areas}
    chosen = [
        (_("文字"), filters.q),
        (_("方面"), filters.area and areas.get(filters.area, filters.area)),
        (_("牵头单位"), filters.lead and board.leads.get(filters.lead, filters.lead)),
        (_("责任单位"), filters.unit and dict(units).get(filters.unit, filters.unit)),
        (_("状态"), filters.state and dict(states).get(filters.state, filters.state)),
        (_("佐证"), filters.missing and _("缺佐证")),
    ]
    return [
        _("%(name)s「%(value)s」") % {"name": name, "value": value}
        for name, value in chosen
        if value
    ]
