"""The tags that pages are drawn with, so that wording and shape of a thing live in one place."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from secrets import token_urlsafe
from typing import Any

from django import template
from django.contrib import messages
from django.forms import (
    BoundField,
    CheckboxInput,
    CheckboxSelectMultiple,
    FileInput,
    RadioSelect,
    Textarea,
)
from django.template.context import RequestContext
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from lawgov.web import charts, dates, pages
from lawgov.web.listing import Listing
from lawgov.web.shown import Due, Line
from lawgov.web.submissions import FIELD

register = template.Library()

_DAY = re.compile(r"(\d{4}-\d{2}-\d{2}|\d{4}年\d{1,2}月\d{1,2}日)")

NOTHING = "—"
FOLDED_AFTER = 7  # lines of a timeline that stay open
LIGHTS = {
    "r": _("红灯，已逾期"),
    "y": _("黄灯，临近到期"),
    "g": _("绿灯，期限内"),
    "x": _("灰灯，已办结"),
}
CHIP_ICONS = {"back": "back", "done": "check"}


def _today(context: template.Context) -> date:
    """The local day: the view's `today` where it gave one, so that a page has a single today."""
    given = context.get("today")
    return given if isinstance(given, date) else timezone.localdate()


# ---------- icons, chips, lights ----------


@register.simple_tag
def icon(name: str) -> SafeString:
    """A symbol of `_icons.html`, silent for screen readers: a word always stands beside it."""
    return format_html('<svg class="icon" aria-hidden="true"><use href="#i-{}"/></svg>', name)


@register.simple_tag
def chip(state: Any, tone: str = "", label: str = "") -> SafeString:
    """The state of a thing: a member with `label` and `tone`, or a text and its tone.

    Tones: "" not begun, "unit", "review", "back" returned, "done", "bad" (errors of an import).
    """
    tone = tone or getattr(state, "tone", "")
    text = label or getattr(state, "label", state)
    mark = icon(CHIP_ICONS[tone]) if tone in CHIP_ICONS else ""
    return format_html('<span class="chip{}">{}{}</span>', f" {tone}" if tone else "", mark, text)


@register.simple_tag(takes_context=True)
def light_due(context: template.Context, due: Due | None) -> SafeString:
    """Light and deadline as one text; None gives a dash."""
    if due is None:
        return format_html('<span class="muted">{}</span>', NOTHING)
    small = due.note or (dates.day_text(due.day, _today(context)) if due.day else "")
    tail = format_html("<small>{}</small>", small) if small else ""
    tone = f" {due.tone}" if due.tone else ""
    text = format_html('<span class="due{}"><b>{}</b>{}</span>', tone, due.text, tail)
    if not due.light:
        return text
    words = LIGHTS[due.light]
    return format_html(
        '<span class="light {}" role="img" aria-label="{}" title="{}"></span>{}',
        due.light,
        words,
        due.rule or words,
        text,
    )


@register.simple_tag
def figure(number: int, url: str, query: str = "", linked: bool = True) -> SafeString:
    """A number inside a sentence, bold, and a link for those who may follow it."""
    if not linked:
        return format_html("<b>{}</b>", number)
    return format_html('<a href="{}{}"><b>{}</b></a>', url, query, number)


# ---------- progress ----------


def _percent(part: float, whole: float) -> int:
    """Rounded half up, but 100 only when full and 0 only when nothing is done."""
    if not whole or part <= 0:
        return 0
    if part >= whole:
        return 100
    return min(99, max(1, int(part * 100 / whole + 0.5)))


@register.simple_tag
def bar(part: int, whole: int, wide: bool = False, text: bool = False) -> SafeString:
    """Progress as a bar; green only when full. `text` adds n/m behind it."""
    full = " full" if whole and part >= whole else ""
    drawn = format_html(
        '<span class="bar{}{}" role="img" aria-label="{} / {}"><i style="width:{}%"></i></span>',
        full,
        " wide" if wide else "",
        part,
        whole,
        _percent(part, whole),
    )
    if not text:
        return drawn
    return format_html('<span class="nowrap">{} {}/{}</span>', drawn, part, whole)


@register.simple_tag
def rate(part: int, whole: int) -> str:
    """n of m as a whole percentage: 59%; a dash when there is nothing to do."""
    return f"{_percent(part, whole)}%" if whole else NOTHING


# ---------- figures, days, document numbers ----------


@register.simple_tag
def points(value: Decimal | float | int | None) -> str:
    """Points with at most one decimal: 12, 11.5; a dash for none."""
    if value is None or value == "":
        return NOTHING
    rounded = Decimal(str(value)).quantize(Decimal("0.1"))
    return f"{rounded:f}".removesuffix(".0")


@register.simple_tag(takes_context=True)
def day(context: template.Context, value: date | datetime | None) -> str | SafeString:
    """A local day, with its year only when that is not this one; a dash for none."""
    if value is None:
        return NOTHING
    local = timezone.localdate(value) if isinstance(value, datetime) else value
    text = dates.day_text(local, _today(context))
    return format_html('<time datetime="{}">{}</time>', local.isoformat(), text)


@register.simple_tag(takes_context=True)
def moment(context: template.Context, value: datetime | None) -> str | SafeString:
    """An instant: 今天 09:12, 昨天 17:40, 11月17日 15:03; a dash for none."""
    if value is None:
        return NOTHING
    now = context.get("now") if isinstance(context.get("now"), datetime) else timezone.now()
    stamp = timezone.localtime(value).isoformat(timespec="minutes")
    return format_html('<time datetime="{}">{}</time>', stamp, dates.moment_text(value, now))


@register.filter
def written(text: str) -> object:
    """A deadline as written: a bare day 2026-11-19 as offices write it, words as they are."""
    return dates.told(text)


@register.filter
def whole_days(text: str) -> SafeString:
    """A text in which the days 2026-11-19 and 2026年11月19日 are never broken over two lines."""
    pieces = _DAY.split(str(text))
    return format_html_join(
        "",
        "{}{}",
        (
            (piece, format_html('<span class="nowrap">{}</span>', day) if day else "")
            for piece, day in zip(pieces[::2], [*pieces[1::2], ""], strict=True)
        ),
    )


@register.simple_tag(takes_context=True)
def long_day(context: template.Context, value: date | None = None) -> str:
    """2026年11月20日 星期五; without a value today's."""
    return dates.long_day_text(value or _today(context))


@register.simple_tag
def docnum(text: str) -> SafeString:
    """A document number 文号, which never breaks; a dash for none."""
    return format_html('<span class="nowrap">{}</span>', text or NOTHING)


# ---------- lists ----------


@register.inclusion_tag("web/_sort_head.html", takes_context=True)
def sort_head(
    context: template.Context,
    listing: Listing,
    key: str,
    label: str,
    css: str = "",
    width: str = "",
) -> dict[str, Any]:
    """A `<th>` whose link sorts by `key` of the view's allow-list; again turns the order."""
    current = listing.sort.removeprefix("-") == key
    descending = current and listing.sort.startswith("-")
    return {
        "request": context["request"],
        "sort": f"-{key}" if current and not descending else key,
        "direction": ("descending" if descending else "ascending") if current else "",
        "label": label,
        "css": css,
        "width": width,
    }


@register.simple_tag(takes_context=True)
def live(context: template.Context, target: str, also: str = "") -> SafeString:
    """Attributes of a GET filter form: answers replace `target` while one types or chooses.

    `also` lists further parts with the same answer, such as "#facets,#states".
    """
    beside = format_html(' hx-select-oob="{}"', also) if also else ""
    return format_html(
        ' method="get" data-filters hx-get="{0}" hx-target="{1}" hx-select="{1}"{2}'
        ' hx-swap="outerHTML" hx-push-url="true" hx-sync="this:replace"'
        ' hx-trigger="input delay:300ms, submit"',
        context["request"].path,
        target,
        beside,
    )


@register.inclusion_tag("web/_tick.html")
def tick(
    url: str, *, label: str, checked: bool = False, missing: str = "", version: int | None = None
) -> dict[str, Any]:
    """A tick 打勾 that saves at once: a submit button of the form `ticks` on the page.

    `url` takes the POST and answers with the row; `missing` names the proof that is not there.
    """
    return {
        "url": url,
        "label": label,
        "checked": checked,
        "missing": missing,
        "version": version,
    }


@register.simple_tag
def select_box(pk: int, label: str) -> SafeString:
    """The box that selects a row for the bulk bar."""
    return format_html(
        '<label class="hit"><input type="checkbox" class="select" name="pk" value="{}"'
        ' form="bulk" aria-label="{}"></label>',
        pk,
        label,
    )


# ---------- forms ----------

_PLAIN = (CheckboxInput, RadioSelect, CheckboxSelectMultiple, FileInput)


@register.inclusion_tag("web/_field.html")
def field(bound: BoundField, *, hint: str = "", css: str = "") -> dict[str, Any]:
    """A form field with label, hint and message; the message is tied to the input."""
    widget = bound.field.widget
    attrs = {} if isinstance(widget, _PLAIN) else {"class": "input"}
    if isinstance(widget, Textarea) and widget.attrs.get("rows") == "10":  # Django's default
        attrs["rows"] = "3"
    return {
        "field": bound,
        "widget": bound.as_widget(attrs=attrs),
        "hint": hint or bound.help_text,
        "inline": isinstance(widget, CheckboxInput),
        "group": isinstance(widget, RadioSelect | CheckboxSelectMultiple),
        "css": css,
    }


@register.simple_tag
def once() -> SafeString:
    """The key of a form that makes something new: sent twice, it has one effect.

    A browser that restores the fields of a page must not bring an old key back.
    """
    return format_html(
        '<input type="hidden" name="{}" value="{}" autocomplete="off">', FIELD, token_urlsafe(12)
    )


@register.inclusion_tag("web/_form_errors.html")
def form_errors(form: Any) -> dict[str, Any]:
    """The red summary on top of a form that was refused; nothing when it was not."""
    return {"form": form, "count": sum(len(lines) for lines in form.errors.values())}


# ---------- blocks ----------


@register.inclusion_tag("web/_timeline.html", takes_context=True)
def timeline(context: template.Context, lines: Iterable[Line], url: str = "") -> dict[str, Any]:
    """What happened, newest first; folded after seven lines. `url` leads to all of them."""
    given = list(lines)
    return {
        "open": given[:FOLDED_AFTER],
        "folded": given[FOLDED_AFTER:],
        "url": url,
        "today": context.get("today"),
        "now": context.get("now"),
    }


@register.simple_tag(takes_context=True)
def toasts(context: RequestContext) -> list[dict[str, Any]]:
    """Toasts that wait for this page; taken once."""
    return [pages.toast_of(message) for message in messages.get_messages(context["request"])]


# ---------- charts ----------

register.simple_tag(charts.bars, name="bars_chart")
register.simple_tag(charts.burndown, name="burndown_chart")
register.simple_tag(charts.heat, name="heat_chart")
