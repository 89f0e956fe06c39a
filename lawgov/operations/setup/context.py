"""What every step of the wizard shows: the list of steps, and where one is in it."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest
from django.utils import timezone

from indicators.models import FrameworkEdition
from lawgov.calendars import local_day
from lawgov.operations.setup.progress import steps
from lawgov.units.models import Region

EDITION = "setup_edition"  # session key: code of the edition chosen for the campaign


def wizard(request: HttpRequest, current: str, region: Region | None) -> dict[str, object]:
    """The context of the step `current`; a chosen edition counts before the campaign has it."""
    found = steps(region, local_day(timezone.now()))
    chosen = FrameworkEdition.objects.filter(code=request.session.get(EDITION, "")).first()
    if chosen and not found[3].begun:
        found[3] = replace(found[3], facts=chosen.name, missing="", begun=True)
    return {"section": "settings", "steps": found, "current": current}
