"""Settings pages of the framework: the tree with its points, and loading another edition."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from django.db.models import Count, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from indicators.framework.forms import EditionForm
from indicators.framework.loader import default_code, load_framework
from indicators.framework.models import FrameworkEdition, Indicator
from lawgov.accounts.guards import requires
from lawgov.accounts.policy import Action
from lawgov.web.listing import chosen
from lawgov.web.pages import render_page

SETTINGS = {"section": "settings", "tab": "framework"}


@requires(Action.MANAGE_CAMPAIGN)
@require_safe
def framework(request: HttpRequest) -> HttpResponse:
    """An edition as a tree; the campaign's own, or the one that the address names."""
    editions, own = list(_editions()), _own(request)
    shown = _shown(request, editions, own)
    context = SETTINGS | {
        "editions": editions,
        "own": own,
        "shown": shown,
        "areas": _tree(shown) if shown else [],
        "unofficial": bool(shown) and shown.indicators.filter(basis="outline").exists(),
    }
    return render_page(request, "indicators/framework/tree.html", context)


def shown_edition(request: HttpRequest) -> FrameworkEdition | None:
    """The edition that the page of this address shows."""
    return _shown(request, list(_editions()), _own(request))


def _shown(
    request: HttpRequest, editions: Sequence[FrameworkEdition], own: FrameworkEdition | None
) -> FrameworkEdition | None:
    """The edition that the address names, else the campaign's own, else the first."""
    wanted = chosen(request, "edition", [edition.code for edition in editions])
    named = (edition for edition in editions if edition.code == wanted)
    used = (edition for edition in editions if own and edition.pk == own.pk)
    return next(named, None) or next(used, None) or next(iter(editions), None)


def _editions() -> QuerySet[FrameworkEdition]:
    return FrameworkEdition.objects.annotate(
        size=Count("indicators"), total=Sum("indicators__points")
    )


def _own(request: HttpRequest) -> FrameworkEdition | None:
    return FrameworkEdition.objects.filter(campaigns__region=request.actor.region).first()


def _tree(edition: FrameworkEdition) -> list[dict]:
    """Areas in order, each with its groups (a list of indicators each) and its figures."""
    rows = Indicator.objects.filter(edition=edition).select_related("group__area")
    areas: dict[int, dict] = {}
    for row in rows.order_by("number"):
        area = row.group.area
        entry = areas.setdefault(
            area.pk, {"area": area, "groups": defaultdict(list), "points": Decimal(0), "size": 0}
        )
        entry["groups"][row.group.pk].append(row)
        entry["points"] += row.points
        entry["size"] += 1
    return [entry | {"groups": list(entry["groups"].values())} for entry in areas.values()]


def load_edition(request: HttpRequest, form: EditionForm) -> FrameworkEdition:
    """Load what the form brought; raises Faulty and EditionInUse. Never replaces an edition:
    editions are shared by all places of the installation."""
    data = form.cleaned_data
    return load_framework(
        data["file"].read(),
        data["file"].name,
        actor=request.actor,
        now=timezone.now(),
        code=data["code"] or default_code(data["file"].name),
        name=data["name"],
        points=data["points"],
        may_replace=False,
    ).edition
