"""The few SVG shapes that the charts share. Coordinates are user units, 1 = 1 px at full size."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

TABLESS = mark_safe(' tabindex="-1"')


def n(value: float) -> str:
    """A coordinate with at most one decimal."""
    return f"{value:.1f}".removesuffix(".0")


def together(parts: Iterable[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))


def chart(width: float, height: float, label: str, parts: Iterable[SafeString]) -> SafeString:
    """The frame; its label is the finding, not the name of the chart.

    Role img hides what is inside from screen readers, so a chart with links is a group.
    """
    inside = together(parts)
    return format_html(
        '<svg class="chart" viewBox="0 0 {} {}" role="{}" aria-label="{}">{}</svg>',
        n(width),
        n(height),
        "group" if "<a " in inside else "img",
        label,
        inside,
    )


def text(x: float, y: float, words: object, css: str = "", anchor: str = "") -> SafeString:
    return format_html(
        '<text x="{}" y="{}"{}{}>{}</text>',
        n(x),
        n(y),
        format_html(' class="{}"', css) if css else "",
        format_html(' text-anchor="{}"', anchor) if anchor else "",
        words,
    )


def rect(css: str, x: float, y: float, width: float, height: float, title: str = "") -> SafeString:
    return format_html(
        '<rect class="{}" x="{}" y="{}" width="{}" height="{}">{}</rect>',
        css,
        n(x),
        n(y),
        n(max(width, 0)),
        n(height),
        format_html("<title>{}</title>", title) if title else "",
    )


def line(css: str, x1: float, y1: float, x2: float, y2: float) -> SafeString:
    return format_html('<path class="{}" d="M{} {}L{} {}"/>', css, n(x1), n(y1), n(x2), n(y2))


def linked(url: str, title: str, inside: SafeString, *, stop: bool = True) -> SafeString:
    """`inside` with its title, as a link where `url` is given; `stop` False: not a tab stop."""
    titled = format_html("<title>{}</title>{}", title, inside) if title else inside
    if not url:
        return format_html("<g>{}</g>", titled)
    return format_html('<a href="{}"{}>{}</a>', url, "" if stop else TABLESS, titled)
