"""The button that leads from a list to its sheets to be filled in."""

from __future__ import annotations

from typing import Any

from django import template

from lawgov.filling.subjects import open_to

register = template.Library()


@register.inclusion_tag("filling/_link.html", takes_context=True)
def fill_in(context: template.Context, section: str = "") -> dict[str, Any]:
    """填报表, where the person has a sheet of that place of the rail to fill in ("": any)."""
    found = open_to(context["request"].actor)
    return {"open": any(not section or subject.section == section for subject in found)}
