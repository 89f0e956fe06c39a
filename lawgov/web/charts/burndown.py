"""Close-out 销号 week by week: what is still open against the plan, and the gap named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from lawgov.web.charts import svg
from lawgov.web.dates import day_text

WIDTH, HEIGHT = 420, 262
LEFT, RIGHT, TOP, BOTTOM = 34, 412, 14, 236


@dataclass(frozen=True)
class Week:
    """Figures at the end of `day` (the last day of an ISO week, or today), local days."""

    day: date
    open: int
    closed: int
    overdue: int = 0


@dataclass(frozen=True)
class Burndown:
    """`weeks` in order of time, the last one is today's.

    The plan falls evenly from the first week's total to nothing on `target`. `url` opens the
    list of open issues.
    """

    weeks: Sequence[Week]
    target: date
    url: str = ""

    @property
    def total(self) -> int:
        return self.weeks[0].open + self.weeks[0].closed

    @property
    def begins(self) -> date:
        return self.weeks[0].day

    def planned(self, day: date) -> int:
        """How many should still be open at the end of `day`."""
        span = max((self.target - self.begins).days, 1)
        passed = min(max((day - self.begins).days, 0), span)
        return round(self.total * (span - passed) / span)

    @property
    def behind(self) -> int:
        """Issues behind the plan today; negative when ahead."""
        return self.weeks[-1].open - self.planned(self.weeks[-1].day)


def burndown(chart: Burndown) -> SafeString:
    """The chart with axis, plan (dashed), open issues (line), overdue (bars) and the gap."""
    if not chart.weeks:
        return svg.chart(WIDTH, HEIGHT, _("还没有问题"), [])
    scale = _Scale(chart)
    return svg.chart(
        WIDTH,
        HEIGHT,
        _finding(chart),
        [*_axis(scale), *_overdue(scale), *_lines(scale), *_today(scale)],
    )


class _Scale:
    """Days to x, issues to y; the top of the axis is the total rounded up to a full step."""

    def __init__(self, chart: Burndown) -> None:
        self.chart = chart
        self.today = chart.weeks[-1]
        self.end = max(chart.target, self.today.day)
        self.step = _step(chart.total)
        self.most = max(chart.total, self.step)

    def x(self, day: date) -> float:
        span = max((self.end - self.chart.begins).days, 1)
        return LEFT + (RIGHT - LEFT) * (day - self.chart.begins).days / span

    def y(self, issues: float) -> float:
        return BOTTOM - (BOTTOM - TOP) * issues / self.most


def _step(total: int) -> int:
    """The distance of grid lines, so that three to five of them fit: 1, 2, 5, 10, 20, 50 …"""
    step, factors = 1, (2, 2.5, 2)
    for turn in range(30):
        if total / step <= 5:
            break
        step = int(step * factors[turn % 3])
    return step


def _axis(scale: _Scale) -> list[SafeString]:
    parts = []
    for level in range(0, scale.most + 1, scale.step):
        y = scale.y(level)
        parts += [svg.line("axis", LEFT, y, RIGHT, y), svg.text(28, y + 4, level, anchor="end")]
    chart, today = scale.chart, scale.today.day
    parts.append(svg.text(LEFT, 254, day_text(chart.begins, today)))
    if scale.x(today) - LEFT > 60:
        parts.append(svg.text(scale.x(today), 254, _("今天"), "strong", "middle"))
    if RIGHT - scale.x(today) > 60:
        parts.append(svg.text(RIGHT, 254, day_text(scale.end, today), anchor="end"))
    return parts


def _overdue(scale: _Scale) -> list[SafeString]:
    parts = []
    for week in scale.chart.weeks:
        if week.overdue:
            top = scale.y(week.overdue)
            title = _("%(day)s：未销号 %(open)d，已销号 %(closed)d，逾期 %(overdue)d") % {
                "day": day_text(week.day, scale.today.day),
                "open": week.open,
                "closed": week.closed,
                "overdue": week.overdue,
            }
            parts.append(svg.rect("late", scale.x(week.day) - 3, top, 6, BOTTOM - top, title))
    return parts


def _lines(scale: _Scale) -> list[SafeString]:
    chart = scale.chart
    track = " ".join(f"{svg.n(scale.x(w.day))},{svg.n(scale.y(w.open))}" for w in chart.weeks)
    ground = f"{LEFT},{BOTTOM} {track} {svg.n(scale.x(scale.today.day))},{BOTTOM}"
    plan = svg.line("plan", LEFT, scale.y(chart.total), scale.x(chart.target), BOTTOM)
    return [
        format_html('<polygon class="area" points="{}"/>', ground),
        plan,
        format_html('<polyline class="real" points="{}"/>', track),
    ]


def _today(scale: _Scale) -> list[SafeString]:
    chart, today = scale.chart, scale.today
    x, y, plan = scale.x(today.day), scale.y(today.open), chart.planned(today.day)
    # Words stand right of the point while there is room, else left of it.
    side, anchor = (8, "") if x < RIGHT - 90 else (-8, "end")
    parts = [
        format_html('<circle class="fill" cx="{}" cy="{}" r="4"/>', svg.n(x), svg.n(y)),
        svg.text(x + side, y - 8, _("未销号 %(n)d") % {"n": today.open}, "strong", anchor),
    ]
    if chart.behind > 0:
        words = _("慢 %(n)d 条") % {"n": chart.behind}
        parts.insert(0, svg.line("gap", x, y, x, scale.y(plan)))
        parts.append(svg.text(x + side, y + 19, words, "warntext", anchor))
    if chart.behind:
        parts.append(svg.text(x - 8, scale.y(plan) + 16, _("计划 %(n)d") % {"n": plan}, "", "end"))
    return [svg.linked(chart.url, "", svg.together(parts))]


def _finding(chart: Burndown) -> str:
    today = chart.weeks[-1]
    return _(
        "未销号问题从 %(begins)s 的 %(total)d 条降到今天 %(open)d 条，"
        "计划应为 %(plan)d 条，逾期 %(overdue)d 条"
    ) % {
        "begins": day_text(chart.begins, today.day),
        "total": chart.weeks[0].open,
        "open": today.open,
        "plan": chart.planned(today.day),
        "overdue": today.overdue,
    }
