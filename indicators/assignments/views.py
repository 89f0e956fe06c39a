"""Settings pages of the decomposition 任务分解: the tree, one indicator, many at once."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from indicators.assignments.actions import distribute
from indicators.assignments.forms import BULK, AssignmentForm, open_units
from indicators.assignments.models import Assignment, UnitAssignment
from indicators.assignments.states import UnitState
from indicators.campaigns.models import Campaign
from indicators.framework.models import Area
from lawgov.accounts.guards import requires
from lawgov.accounts.policy import Action
from lawgov.audit.models import AuditEntry
from lawgov.audit.verbs import as_line
from lawgov.web.editing import edit_page, posted
from lawgov.web.listing import SEARCH_LENGTH, list_page, picked
from lawgov.web.pages import go, render_page, safe_next, say

SETTINGS = {"section": "settings", "tab": "assignments"}
FORM = ["GET", "HEAD", "POST"]


def _rows(request: HttpRequest) -> QuerySet[Assignment]:
    rows = Assignment.objects.visible_to(request.actor, Action.MANAGE_CAMPAIGN)
    works = UnitAssignment.objects.select_related("unit")
    return rows.with_tree().prefetch_related(Prefetch("unit_assignments", works))


def _campaign(request: HttpRequest) -> Campaign | None:
    rows = Campaign.objects.visible_to(request.actor, Action.MANAGE_CAMPAIGN)
    return rows.select_related("region").first()


@dataclass(frozen=True)
class Filters:
    """The conditions of the list, as the address names them; "" is none."""

    q: str = ""
    area: str = ""
    lead: str = ""
    unit: str = ""
    only: str = ""

    @classmethod
    def of(cls, query: QueryDict) -> Filters:
        given = {name: query.get(name, "").strip() for name in cls.__dataclass_fields__}
        for name in ("area", "lead", "unit"):
            text = given[name]
            given[name] = text if text.isascii() and text.isdigit() and len(text) < 18 else ""
        given["q"] = given["q"].replace("\0", "")[:SEARCH_LENGTH]
        return cls(**given)

    def apply(self, rows: QuerySet[Assignment], *, area: bool = True) -> QuerySet[Assignment]:
        """`rows` under the conditions, on demand without that of the area (for its facets)."""
        if self.q:
            text = Q(indicator__title__icontains=self.q) | Q(indicator__code=self.q)
            if self.q.isascii() and self.q.isdigit() and len(self.q) < 5:
                text |= Q(indicator__number=int(self.q))
            rows = rows.filter(text)
        if self.lead:
            rows = rows.filter(lead_unit=self.lead)
        if self.unit:
            mine = UnitAssignment.objects.filter(assignment=OuterRef("pk"), unit=self.unit)
            rows = rows.filter(Exists(mine))
        if self.only == "unowned":
            rows = rows.unowned()
        if self.area and area:
            rows = rows.filter(indicator__group__area__number=self.area)
        return rows


SORTS = {
    "number": ["indicator__number"],
    "points": ["points", "indicator__number"],
    "lead": ["lead_unit__order", "indicator__number"],
    "due": ["due_on", "indicator__number"],
}


def listed_assignments(request: HttpRequest) -> QuerySet[Assignment]:
    """Indicators under the filters of the address, with their units."""
    return Filters.of(request.GET).apply(_rows(request))


@requires(Action.MANAGE_CAMPAIGN)
@require_safe
def assignment_list(request: HttpRequest) -> HttpResponse:
    campaign = _campaign(request)
    if campaign is None:
        return render_page(request, "indicators/campaigns/none.html", SETTINGS)
    filters = Filters.of(request.GET)
    all_rows = _rows(request)
    rows = filters.apply(all_rows)
    context = SETTINGS | {
        "campaign": campaign,
        "listing": list_page(request, rows, sorts=SORTS, default="number", size=100),
        "export": "assignments",
        "filters": filters,
        "facets": _facets(campaign, filters.apply(all_rows, area=False)),
        "totals": all_rows.order_by().totals(),
        "units": open_units(campaign.region),
        "bulk": _bulk_actions(),
    }
    return render_page(
        request,
        "indicators/assignments/list.html",
        context,
        partial="indicators/assignments/_list.html",
    )


def _facets(campaign: Campaign, rows: QuerySet[Assignment]) -> QuerySet[Area]:
    """Areas of the edition, each with `n` indicators under the other conditions."""
    found = Q(groups__indicators__assignments__in=rows.order_by().values("pk"))
    areas = Area.objects.filter(edition=campaign.edition_id)
    return areas.annotate(n=Count("groups__indicators__assignments", filter=found))


def _bulk_actions() -> list[dict]:
    return [
        {
            "label": form.title,
            "url": reverse("settings:assignment_bulk", args=[what]),
            "asks": True,
            "primary": what == "units",
        }
        for what, form in BULK.items()
    ]


@requires(Action.MANAGE_CAMPAIGN)
@require_http_methods(FORM)
def assignment_edit(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(_rows(request).select_related("campaign__region", "region"), pk=pk)
    form = AssignmentForm(posted(request), instance=row)
    after = safe_next(request, reverse("settings:assignments"))
    context = SETTINGS | {
        "indicator": row.indicator,
        "pk": pk,
        "next": after,
        "works": [
            (work.unit, UnitState(work.state))
            for work in row.unit_assignments.all()
            if work.state != UnitState.NOT_STARTED
        ],
        "waiting": row.unit_assignments.filter(state=UnitState.NOT_STARTED).count(),
        "lines": [as_line(entry) for entry in AuditEntry.objects.on_page_of(row)[:30]],
    }

    def save() -> str:
        share = form.share()
        now = timezone.now()
        (outcome,) = distribute(row.campaign, [share], actor=request.actor, now=now)
        if outcome.error:
            raise outcome.error
        return _("已保存第 %(n)s 项的分工") % {"n": row.indicator.number}

    return edit_page(
        request, form, "indicators/assignments/edit.html", context, save=save, after=after
    )


@requires(Action.MANAGE_CAMPAIGN)
@require_POST
def assignment_bulk(request: HttpRequest, what: str) -> HttpResponse:
    """One change for many indicators: first the form for what the bulk bar picked, then the act."""
    campaign = _campaign(request)
    if what not in BULK or campaign is None:
        raise Http404
    if "apply" in request.POST:
        return _apply(request, campaign, what)
    rows = _picked(request)
    form = BULK[what](campaign=campaign)
    return _bulk_page(request, form, what, {row.pk: row.version for row in rows})


def _picked(request: HttpRequest) -> list[Assignment]:
    choice = picked(request)
    rows = _rows(request)
    if choice.query is not None:
        rows = Filters.of(choice.query).apply(rows)
    found = list(choice.of(rows))
    if not found:
        raise Http404
    return found


def _bulk_page(
    request: HttpRequest, form: object, what: str, seen: dict[int, int], status: int = 200
) -> HttpResponse:
    context = SETTINGS | {
        "form": form,
        "what": what,
        "seen": seen,
        "next": safe_next(request, reverse("settings:assignments")),
    }
    return render_page(
        request,
        "indicators/assignments/bulk.html",
        context,
        partial="indicators/assignments/_bulk.html",
        status=status,
    )


def _apply(request: HttpRequest, campaign: Campaign, what: str) -> HttpResponse:
    seen = _seen(request)
    form = BULK[what](request.POST, campaign=campaign)
    if not form.is_valid():
        return _bulk_page(request, form, what, seen, status=422)
    rows = list(_rows(request).filter(pk__in=seen))
    shares = [form.share(row, seen[row.pk]) for row in rows]
    outcomes = distribute(campaign, shares, actor=request.actor, now=timezone.now())
    done = sum(outcome.error is None for outcome in outcomes)
    refused = [outcome for outcome in outcomes if outcome.error]
    text = ngettext("已改 %(n)s 项", "已改 %(n)s 项", done) % {"n": done}
    if refused:
        first = refused[0]
        text += _("，%(n)s 项没有改：第 %(number)s 项，%(why)s") % {
            "n": len(refused),
            "number": first.assignment.indicator.number,
            "why": first.error,
        }
    say(request, text, bad=bool(refused))
    return go(request, safe_next(request, reverse("settings:assignments")))


def _seen(request: HttpRequest) -> dict[int, int]:
    """Rows and the versions that the person saw, as the form carries them: `pk:version`."""
    pairs = (pair.partition(":") for pair in request.POST.getlist("seen")[:2000])
    found = {
        int(pk): int(version)
        for pk, _colon, version in pairs
        if pk.isascii() and pk.isdigit() and version.isascii() and version.isdigit()
    }
    if not found:
        raise Http404
    return found
