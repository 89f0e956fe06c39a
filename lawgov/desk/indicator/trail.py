"""The timeline 经过 of one indicator: what happened, as far as the reader may know of it."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Q
from django.utils.translation import gettext as _

from indicators.models import Assignment, Evidence, UnitAssignment
from lawgov.accounts.actors import Actor
from lawgov.audit import verbs
from lawgov.audit.models import AuditEntry
from lawgov.web.shown import Line

LINES = 60  # newest; the rest is in the audit pages
UNTOLD = ("score.draft", "work.collect")  # every few seconds of typing; said by the upload
BACK = ("work.return", "work.refuse_exemption")


def lines(
    assignment: Assignment, actor: Actor, works: Mapping[int, UnitAssignment], only: int | None
) -> list[Line]:
    """Newest first, one query. `only` narrows to one unit's work, whose reader sees no other's."""
    entries = AuditEntry.objects.on_page_of(assignment).exclude(verb__in=UNTOLD)
    if only is not None:
        unit = works[only].unit_id
        entries = entries.filter(
            Q(subject_type="unitassignment", subject_id=only)
            | Q(
                subject_type="evidence",
                subject_id__in=Evidence.objects.filter(unit=unit).values("pk"),
            )
            | Q(subject_type="assignment", verb__startswith="assignment.")
        )
    newest = entries.order_by("-at", "-id")[:LINES]
    named = works if only is None else {}
    return [_line(entry, actor, named) for entry in newest]


def _line(entry: AuditEntry, actor: Actor, works: Mapping[int, UnitAssignment]) -> Line:
    own = actor.membership.place if actor.membership else ""
    place = entry.shown_place if entry.shown_place != own else ""
    return Line(
        who=f"{place} {entry.actor_name}".strip(),
        what=verbs.sentence(entry) + _whose(entry, works),
        at=entry.at,
        reason=verbs.reason(entry) or entry.data.get("statement", ""),
        back=entry.verb in BACK,
    )


def _whose(entry: AuditEntry, works: Mapping[int, UnitAssignment]) -> str:
    """Names the unit where somebody else acted on its work: 退回（区水利局）."""
    work = works.get(entry.subject_id) if entry.subject_type == "unitassignment" else None
    if work is None or str(work.unit) == entry.actor_place:
        return ""
    return _("（%(unit)s）") % {"unit": work.unit}
