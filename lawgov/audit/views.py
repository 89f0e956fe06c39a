"""Settings page of the trail: who did what when, in this place; and whether it is intact."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.apps import apps
from django.db import models
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from lawgov.accounts.guards import requires
from lawgov.accounts.policy import Action
from lawgov.audit.models import AuditEntry
from lawgov.audit.verbs import details, reason, sentence
from lawgov.audit.verify import verify
from lawgov.calendars import SHANGHAI
from lawgov.web.listing import chosen, day, list_page, search_text
from lawgov.web.pages import render_page

SETTINGS = {"section": "settings", "tab": "audit"}
NEWEST = 50_000  # entries that a page checks, some five seconds

# Beginnings of verbs, as the filter names them.
SUBJECTS = (
    ("response.", gettext_lazy("整改销号")),
    ("issue.", gettext_lazy("问题")),
    ("work.", gettext_lazy("打勾和审核")),
    ("assignment.", gettext_lazy("任务分解")),
    ("evidence.", gettext_lazy("佐证")),
    ("score", gettext_lazy("打分")),
    ("unit.", gettext_lazy("单位")),
    ("liaison.", gettext_lazy("明白人")),
    ("account.", gettext_lazy("账号")),
    ("membership.", gettext_lazy("任职")),
    ("campaign.", gettext_lazy("阶段和参数")),
)


def _entries(request: HttpRequest) -> QuerySet[AuditEntry]:
    return AuditEntry.objects.filter(chain=request.actor.region.code)


@requires(Action.VIEW_AUDIT)
@require_safe
def audit_list(request: HttpRequest) -> HttpResponse:
    return _page(request)


SORTS = {"at": ["at", "id"], "seq": ["seq"]}


def listed_entries(request: HttpRequest) -> QuerySet[AuditEntry]:
    """Entries of this place under the filters of the address."""
    rows = _entries(request)
    text = search_text(request)
    if text:
        rows = rows.filter(
            Q(actor_name__icontains=text) | Q(actor_place__icontains=text) | Q(verb=text)
        )
    about = _about(request)
    if about:
        rows = rows.filter(verb__startswith=about)
    first, last = day(request, "from"), day(request, "to")
    if first:
        rows = rows.filter(at__gte=_midnight(first))
    if last:
        rows = rows.filter(at__lt=_midnight(last + timedelta(days=1)))
    return rows


def _about(request: HttpRequest) -> str:
    return chosen(request, "about", [start for start, _label in SUBJECTS])


def _page(request: HttpRequest, **more: object) -> HttpResponse:
    listing = list_page(request, listed_entries(request), sorts=SORTS, default="-at", size=50)
    topics = _topics(listing.rows)
    context = SETTINGS | {
        "listing": listing,
        "lines": [
            (
                entry,
                sentence(entry),
                reason(entry) or details(entry),
                topics.get((entry.topic_type, entry.topic_id)),
            )
            for entry in listing.rows
        ],
        "export": "audit",
        "about": _about(request),
        "subjects": SUBJECTS,
        **more,
    }
    return render_page(request, "audit/list.html", context, partial="audit/_list.html")


def _topics(entries: list[AuditEntry]) -> dict[tuple[str, int], models.Model]:
    """The things on whose pages the entries stand, by type and id; a query per type.

    The trail names models of every package by word; here they are looked up by it, so that the
    ground need not know them. What is gone by now is left out.
    """
    named = {model._meta.model_name: model for model in apps.get_models()}
    wanted: dict[str, set[int]] = {}
    for entry in entries:
        if entry.topic_id and entry.topic_type in named:
            wanted.setdefault(entry.topic_type, set()).add(entry.topic_id)
    return {
        (name, pk): row
        for name, pks in wanted.items()
        for pk, row in named[name]._base_manager.select_related().in_bulk(pks).items()
    }


def _midnight(of: date) -> datetime:
    return datetime.combine(of, time.min, SHANGHAI)


@requires(Action.VIEW_AUDIT)
@require_POST
def audit_verify(request: HttpRequest) -> HttpResponse:
    """Read the chain of the place; the answer stands on the page, nothing is written.

    A page may not wait for years of entries; the command and the nightly check read them all.
    """
    checked = verify(request.actor.region.code, newest=NEWEST)
    now = timezone.localtime()
    said = _("%(time)s 核对过最近 %(n)s 条") % {"time": f"{now:%H:%M}", "n": checked.entries}
    return _page(request, checked=checked, said=said)
