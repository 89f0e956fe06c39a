"""Removing the demo places, and nothing else: the one place where an audit chain may go.

Accounts stay: their logins stand in the installation's own chain. Seeding takes them up again.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Model, Q

from assessments import models as judged
from assessments.rounds.models import ScoreDraft
from indicators import models as asked
from lawgov.accounts.actors import Actor
from lawgov.accounts.models import Membership
from lawgov.audit import heads
from lawgov.audit.models import AuditEntry, AuditHead
from lawgov.audit.triggers import lifted
from lawgov.jobs.models import Job
from lawgov.notifications.models import Delivery, Notification
from lawgov.units.models import Liaison, Region, Unit, UnitAlias, UnitGroup

# Children before parents; the path from each table to its region.
TABLES: list[tuple[type[Model], str]] = [
    (judged.Reminder, "region"),
    (judged.PlannerRun, "region"),
    (Delivery, "region"),
    (Notification, "region"),
    (Job, "region"),
    (judged.ResponseProof, "response__region"),
    (judged.ProgressNote, "response__region"),
    (judged.Extension, "response__region"),
    (judged.Measure.issues.through, "measure__region"),
    (judged.Measure, "region"),
    (judged.UnitResponse, "region"),
    (judged.Issue.lead_units.through, "issue__region"),
    (judged.Issue, "region"),
    (judged.Letter, "region"),
    (judged.Inspection.units.through, "inspection__region"),
    (judged.Inspection, "region"),
    (judged.Score, "region"),
    (ScoreDraft, "unit_assignment__region"),
    (judged.Round, "region"),
    (asked.EvidenceLink, "evidence__region"),
    (asked.EvidenceVersion, "evidence__region"),
    (asked.Evidence, "region"),
    (asked.UnitAssignment, "region"),
    (asked.Assignment, "region"),
    (asked.Phase, "campaign__region"),
    (asked.Campaign, "region"),
    (Liaison, "unit__region"),
    (UnitGroup.members.through, "unitgroup__region"),
    (UnitGroup, "region"),
    (UnitAlias, "region"),
    (Membership, "region"),
    (Unit, "region"),
]


def remove_demo(*, now: datetime) -> None:
    """Delete everything of the regions demo, demo-N, demo-city and demo-province; recorded."""
    wanted = Q(code__in=["demo", "demo-city", "demo-province"]) | Q(code__regex=r"^demo-\d+$")
    actor = Actor.system(None, "seed_demo")
    with transaction.atomic(), lifted(actor, "seed_demo --reset", now=now):
        regions = list(Region.objects.filter(wanted))
        ids, codes = [region.pk for region in regions], [region.code for region in regions]
        for model, path in TABLES:
            rows = model._base_manager.filter(**{f"{path}__in": ids})
            model._base_manager.filter(pk__in=rows.values("pk"))._raw_delete(rows.db)
        AuditEntry.objects.filter(region__in=ids)._raw_delete("default")
        AuditHead.objects.filter(chain__in=codes)._raw_delete("default")
        for region in sorted(regions, key=lambda region: -len(region.path)):
            Region.objects.filter(pk=region.pk)._raw_delete("default")
    for code in codes:
        heads.retire(code, now)
