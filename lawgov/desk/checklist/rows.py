"""The rows of the checklist as HTML, put together in Python.

A template costs about 8 µs a variable, a table of 100 indicators ten times a plain page; these
rows cost a third of that. Marks come from the tags of `ui`, drawn once and filled in row by row;
everything that a person has written is escaped here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from itertools import groupby

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from indicators.assignments.states import Toned, UnitState
from lawgov.desk.checklist.items import AreaTotal, Item, Work
from lawgov.desk.deadlines import due
from lawgov.web.templatetags import ui

DASH = '<span class="muted">—</span>'
NUMERALS = "零一二三四五六七八九十"


@dataclass(frozen=True)
class Look:
    """How the list is shown to one reader.

    `focus`: ticks of one unit have a column; `may_tick`: they are the reader's own. `one_unit`:
    the reader sees one unit only, deadlines then stand where others see how many units ticked.
    `query` is the filters as addresses of rows carry them along, "&" first: the answer of a tick
    fits the list, and the page of an indicator knows its neighbours.
    """

    today: date
    near: int
    focus: bool = False
    may_tick: bool = False
    one_unit: bool = False
    scores: bool = True
    proof: bool = True
    query: str = ""

    @property
    def columns(self) -> int:
        return 7 + self.focus + self.scores + self.proof


def numeral(number: int) -> str:
    """How an area is numbered: 一、 and 十二、, in English 12. followed by a blank."""
    if (get_language() or "").startswith("en"):
        return f"{number}. "
    if number <= 10:
        return f"{NUMERALS[number]}、"
    tens, ones = divmod(number, 10)
    return f"{NUMERALS[tens] if tens > 1 else ''}十{NUMERALS[ones] if ones else ''}、"


class Rows:
    """The body of the table: an area a `<tbody>`, its groups merged at the left."""

    def __init__(self, look: Look) -> None:
        self.look = look
        self.clip = ui.icon("clip")
        self.detail = reverse("indicators:detail", args=[0])
        self.words = {
            "points": escape(_("分值")),
            "units": escape(_("单位打勾")),
            "proof": escape(_("佐证")),
            "missing": _("缺%(n)d"),
            "outside": _("%(n)d件超期间"),
        }
        self._chips: dict[Toned, str] = {}
        self._bars: dict[tuple[int, int], str] = {}
        self._ticks: dict[tuple[UnitState, bool], str] = {}
        self._not_ours = f'<span class="muted" title="{escape(_("本单位不承担"))}">—</span>'

    def bodies(self, items: Sequence[Item], areas: Sequence[AreaTotal]) -> SafeString:
        """All rows; `items` in the order of the framework, `areas` those that they lie in."""
        totals = {area.number: area for area in areas}
        parts = []
        for number, inside in groupby(items, key=lambda item: item.area):
            parts += [f'<tbody data-group id="area-{number}">', self.head(totals[number])]
            for _group, rows in groupby(inside, key=lambda item: item.group):
                parts += self._group([*rows])
            parts.append("</tbody>")
        return mark_safe("".join(parts))

    def head(self, area: AreaTotal) -> str:
        """The head row of an area: its title, points and progress."""
        facts = _("%(points)s 分") % {"points": ui.points(area.points)}
        return (
            f'<tr class="group"><th colspan="{self.look.columns}" scope="rowgroup">'
            f"<b>{numeral(area.number)}{escape(area.title)}</b>"
            f' <span class="small muted nowrap">　{facts}　</span>{self.progress(area)}</th></tr>'
        )

    def progress(self, area: AreaTotal, *, swap: bool = False) -> str:
        """n / m 完成 and a bar; `swap` makes it a part that replaces the old one on the page."""
        words = (
            _("%(done)d / %(total)d 打勾") if self.look.one_unit else _("%(done)d / %(total)d 完成")
        )
        text = words % {"done": area.done, "total": area.total}
        oob = ' hx-swap-oob="true"' if swap else ""
        return (
            f'<span class="nowrap" id="head-{area.number}"{oob}>'
            f'<span class="small muted">{text}</span> '
            f"{self._bar(area.done, area.total)}</span>"
        )

    def facet(self, area: AreaTotal, *, swap: bool = False) -> SafeString:
        """The figures beside an area's name at the left: n/m and a bar; `swap` as above."""
        oob = ' hx-swap-oob="true"' if swap else ""
        bar = ui.bar(area.done, area.total, wide=True)
        named = bar.replace("<span", f'<span id="bar-{area.number}"{oob}', 1)
        return mark_safe(
            f'<span class="n" id="done-{area.number}"{oob}>{area.done}/{area.total}</span>{named}'
        )

    def row(self, item: Item, span: int) -> str:
        """One indicator; `span` > 0 for the first of a group, with the cell that spans them all."""
        look, words = self.look, self.words
        title, group = escape(item.title), escape(item.group_title)
        merge = (
            f'<th class="merge desk" scope="rowgroup" rowspan="{span}">{group}</th>' if span else ""
        )
        box = f'<td class="box">{self._box(item, span)}</td>' if look.focus else ""
        own_score = (
            f'<td class="num desk">{ui.points(item.self_points)}</td>' if look.scores else ""
        )
        proof = (
            f'<td class="parts" data-label="{words["proof"]}">{self._proof(item)}</td>'
            if look.proof
            else ""
        )
        cells = [
            f'<tr class="row" id="i{item.pk}" tabindex="-1">{merge}{box}',
            f'<td class="num muted desk">{item.number}</td>',
            f'<td class="wide"><span class="phone">{item.number}　</span>',
            f'<a class="main" href="{self._url(item)}">{title}</a></td>',
            f'<td class="num" data-label="{words["points"]}">{ui.points(item.points)}</td>',
            own_score,
            f'<td class="desk nowrap">{escape(item.lead_name) or DASH}</td>',
            self._progress_cell(item),
            proof,
            f'<td class="lead">{self._chip(item.state)}</td></tr>',
        ]
        return "".join(cells)

    # -- cells ----------------------------------------------------------------------------------

    def _group(self, items: Sequence[Item]) -> Iterator[str]:
        for position, item in enumerate(items):
            yield self.row(item, 0 if position else len(items))

    def _url(self, item: Item) -> str:
        """The indicator's page, which leads on through the list under the same filters."""
        filters = f"?{escape(self.look.query[1:])}" if self.look.query else ""
        return self.detail.replace("/0/", f"/{item.number}/") + filters

    def _progress_cell(self, item: Item) -> str:
        if self.look.one_unit:
            return f'<td class="parts lead">{self._due(item)}</td>'
        shown = DASH
        if item.units:
            shown = f"{self._bar(item.ticked, item.units)} {item.ticked}/{item.units}"
        return f'<td class="nowrap" data-label="{self.words["units"]}">{shown}</td>'

    def _due(self, item: Item) -> str:
        """The deadline, with its light as long as the work is the unit's to do."""
        if item.done:
            return ""
        shown = due(item.due_on, self.look.today, near=self.look.near, text=item.due_text)
        return ui.light_due({"today": self.look.today}, shown)

    def _proof(self, item: Item) -> str:
        if not (item.pieces or item.lacking):
            return DASH
        parts = [f'<span class="nowrap">{self.clip} {item.pieces}</span>']
        if item.lacking:
            title = _("、").join(item.work.missing) if self.look.one_unit and item.work else ""
            text = self.words["missing"] % {"n": item.lacking}
            hint = f' title="{escape(title)}"' if title else ""
            parts.append(f'<span class="chip back"{hint}>{escape(text)}</span>')
        if item.outside:
            text = self.words["outside"] % {"n": item.outside}
            parts.append(f'<span class="chip back">{escape(text)}</span>')
        return " ".join(parts)

    def _chip(self, state: Toned) -> str:
        if state not in self._chips:
            self._chips[state] = ui.chip(state)
        return self._chips[state]

    def _bar(self, part: int, whole: int) -> str:
        if (part, whole) not in self._bars:
            self._bars[part, whole] = ui.bar(part, whole)
        return self._bars[part, whole]

    def _box(self, item: Item, span: int) -> str:
        work = item.work
        if work is None:
            return self._not_ours
        mark = self._tick(work)
        marks = {
            "@pk@": str(work.pk),
            "@version@": str(work.version),
            "@title@": escape(item.title),
            "@missing@": escape(_("、").join(work.missing)),
            "@query@": escape(f"?span={span}{self.look.query}"),
        }
        for name, value in marks.items():
            mark = mark.replace(name, value)
        return mark

    def _tick(self, work: Work) -> str:
        """The tick of the tag `ui.tick` with marks where a row's own values go."""
        key = (work.state, bool(work.missing))
        if key not in self._ticks:
            self._ticks[key] = self._draw_tick(*key)
        return self._ticks[key]

    def _draw_tick(self, state: UnitState, missing: bool) -> str:
        work = Work(0, state, 0, 0, ())
        click, ticked = work.click, work.ticked
        if not (click and self.look.may_tick):
            if state == UnitState.NOT_APPLICABLE:
                return f'<span class="muted" title="{escape(state.label)}">—</span>'
            label = escape(state.label)
            checked = " checked" if ticked else ""
            return (
                f'<span class="hit" title="{label}"><input type="checkbox" class="tick" disabled'
                f'{checked} aria-label="{label}"></span>'
            )
        url = reverse(f"indicators:{click}", args=[0]).replace("/0/", "/@pk@/") + "@query@"
        return render_to_string(
            "web/_tick.html",
            {
                "url": url,
                "label": _("打勾完成：%(title)s") % {"title": "@title@"},
                "checked": ticked,
                "missing": "@missing@" if missing and not ticked else "",
                "version": "@version@",
            },
        )
