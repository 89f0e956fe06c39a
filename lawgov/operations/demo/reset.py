"""Removing the demo places, and nothing else: the one place where an audit chain may go.

Accounts stay: their logins stand in the installation's own chain. Seeding takes them up again.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from lawgov.accounts.actors import Actor
from lawgov.audit import heads
from lawgov.audit.models import AuditEntry, AuditHead
from lawgov.audit.triggers import lifted
from lawgov.operations.demo.tables import TABLES
from lawgov.units.models import Region


def remove_demo(*, now: datetime) -> None:
    """Delete everything of the regions demo, demo-N, demo-city and demo-province; recorded."""
    wanted = Q(code__in=["demo", "demo-city", "demo-province"]) | Q(code__regex=r"^demo-\d+$")
    actor = Actor.system(None, "seed_demo")
    with transaction.atomic(), lifted(actor, "seed_demo --reset", now=now):
        regions = list(Region.objects.filter(wanted))
        ids, codes = [region.pk for region in regions], [region.code for region in regions]
        for model, path in reversed(TABLES):
            rows = model._base_manager.filter(**{f"{path}__in": ids})
            model._base_manager.filter(pk__in=rows.values("pk"))._raw_delete(rows.db)
        AuditEntry.objects.filter(region__in=ids)._raw_delete("default")
        AuditHead.objects.filter(chain__in=codes)._raw_delete("default")
        for region in sorted(regions, key=lambda region: -len(region.path)):
            Region.objects.filter(pk=region.pk)._raw_delete("default")
    for code in codes:
        heads.retire(code, now)
