"""The button that leads from a list to its sheets to be filled in, and values of cells."""

from __future__ import annotations

import re
from typing import Any

from django import template
from django.template.defaultfilters import linebreaksbr
from django.utils.html import format_html
from django.utils.safestring import SafeString

from lawgov.filling.subjects import open_to

register = template.Library()
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@register.inclusion_tag("filling/_link.html", takes_context=True)
def fill_in(
    context: template.Context, section: str = "", *, upload: bool = False
) -> dict[str, Any]:
    """填报表, where the person has a sheet of that place of the rail to fill in ("": any).

    `upload`: the button says 上传填好的表 and leads to the form for it.
    """
    found = open_to(context["request"].actor)
    shown = any(not section or subject.section == section for subject in found)
    return {"open": shown, "upload": upload}


@register.filter
def as_cell(text: str) -> SafeString:
    """A cell's text with its line breaks; a day is never broken."""
    if DAY.fullmatch(text):
        return format_html('<span class="nowrap">{}</span>', text)
    return linebreaksbr(text)
