import re
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest

from lawgov.web.charts import (
    Bar,
    Burndown,
    Cell,
    Column,
    Heat,
    Week,
    bars,
    burndown,
    heat,
)
from lawgov.web.charts.burndown import _step
from lawgov.web.charts.heat import step

EVIL = "<script>alert(1)</script>\"'"
FIRST, TODAY, TARGET = date(2026, 9, 28), date(2026, 11, 20), date(2026, 12, 18)


def parsed(svg: str) -> ElementTree.Element:
    """The chart as XML; fails when text broke the markup."""
    return ElementTree.fromstring(svg)


def plan(*open_issues: int, overdue: int = 0) -> Burndown:
    days = [FIRST + timedelta(weeks=n) for n in range(len(open_issues) - 1)] + [TODAY]
    total = open_issues[0]
    weeks = [Week(d, n, total - n, overdue) for d, n in zip(days, open_issues, strict=True)]
    return Burndown(weeks, TARGET, "/ledger/")


# ---------- bars ----------


def test_bars_show_share_figures_and_mean():
    svg = bars([Bar("政府职能", 12, 21, "政府职能依法全面履行", "/a/"), Bar("突发事件", 2, 5)])
    root = parsed(svg)
    assert "57%" in svg
    assert "12/21" in svg
    assert "<title>政府职能依法全面履行：12/21 项完成</title>" in svg
    assert 'class="mean" d="M180.5 2' in svg  # 62 + 220 × 14/26
    assert "偏低的有 突发事件 40%" in root.attrib["aria-label"]


def test_bar_below_the_mark_is_amber_and_says_so_by_text_too():
    assert 'class="warn"' in bars([Bar("突发事件", 2, 5)])
    assert 'class="warn"' not in bars([Bar("组织领导", 6, 8)])
    assert 'class="warn"' not in bars([Bar("没有指标", 0, 0)])


def test_chart_with_links_is_a_group_because_an_image_hides_them():
    assert parsed(bars([Bar("甲", 1, 2, url="/a/")])).attrib["role"] == "group"
    assert parsed(bars([Bar("甲", 1, 2)])).attrib["role"] == "img"


# ---------- burn-down ----------


def test_gap_to_the_plan_is_named():
    chart = plan(204, 180, 150, 110)
    assert chart.planned(TODAY) == 71  # 204 × 28/81
    assert chart.behind == 39
    svg = burndown(chart)
    assert "慢 39 条" in svg
    assert "计划 71" in svg
    assert "未销号 110" in svg


def test_ahead_of_the_plan_shows_no_gap():
    svg = burndown(plan(204, 60))
    assert "慢" not in svg
    assert 'class="gap"' not in svg


@pytest.mark.parametrize("target", [FIRST, TODAY - timedelta(days=7)])
def test_plan_that_is_over_leaves_nothing_to_be_open(target):
    chart = Burndown(plan(20, 5).weeks, target)
    assert chart.planned(TODAY) == 0
    parsed(burndown(chart))


@pytest.mark.parametrize("weeks", [[], [Week(TODAY, 0, 0)], [Week(TODAY, 3, 0, 3)]])
def test_short_histories_still_draw(weeks):
    parsed(burndown(Burndown(weeks, TARGET)))


def test_overdue_marks_carry_their_figures():
    svg = burndown(plan(10, 8, overdue=3))
    assert "<title>11月20日：未销号 8，已销号 2，逾期 3</title>" in svg


@pytest.mark.parametrize("total", [0, 1, 5, 8, 21, 204, 609, 2040, 115_710])
def test_axis_has_few_grid_lines(total):
    assert total / _step(total) <= 5


# ---------- heat map ----------


def test_long_names_lose_what_most_names_begin_with():
    names = ["区劳动监察大队", "区妇联", "区委编办", "公安分局", "市场监督管理局"]
    svg = heat(Heat(("一",), [Column(name, "甲", [Cell(1, 2)]) for name in names]))
    shown = re.findall(r'class="vert"[^>]*>([^<]+)<', svg)
    assert shown == ["劳动监察大队", "区妇联", "区委编办", "公安分局", "市场监督管理"]


AREAS = ("政府职能", "制度体系")


def test_heat_has_a_cell_and_a_title_for_each_pair():
    columns = [
        Column("林业局", "执法", [Cell(1, 2, "/x/"), Cell(0, 0)], url="/u/"),
        Column("编办", "党群", [Cell(3, 3), Cell(0, 4)], late=True),
    ]
    svg = heat(Heat(AREAS, columns))
    root = parsed(svg)
    assert "<title>林业局 政府职能 1/2（50%）</title>" in svg
    assert "<title>编办 政府职能 3/3（100%）</title>" in svg
    assert len(re.findall(r'<rect class="h\d"', svg)) == 3  # the fourth is not responsible
    assert svg.count('class="axis"') == 1
    assert 'class="vert latetext"' in svg
    assert "编办，有逾期问题" in svg
    assert "1 家有逾期问题" in root.attrib["aria-label"]


def test_units_are_counted_by_group():
    columns = [Column(f"局{n}", "甲" if n < 3 else "乙", [Cell(0, 1)]) for n in range(5)]
    svg = heat(Heat(("一",), columns))
    assert "甲 3 家" in svg
    assert "乙 2 家" in svg


def test_cells_do_not_stop_the_tab_key():
    svg = heat(Heat(("一",), [Column("局", "甲", [Cell(1, 2, "/x/")], url="/u/")]))
    assert '<a href="/x/" tabindex="-1">' in svg
    assert '<a href="/u/">' in svg


def test_sixty_nine_units_fit_the_width():
    columns = [Column(f"第{n}局", "甲", [Cell(1, 3)] * 9) for n in range(69)]
    svg = heat(Heat([f"方面{n}" for n in range(9)], columns))
    assert max(float(x) for x in re.findall(r'<rect class="h\d" x="([\d.]+)"', svg)) < 1185


@pytest.mark.parametrize(
    ("done", "colour"), [(0, 0), (16, 0), (17, 1), (34, 2), (50, 3), (67, 4), (84, 5), (100, 5)]
)
def test_heat_has_six_even_steps(done, colour):
    assert step(done, 100) == colour


# ---------- all of them ----------


@pytest.mark.parametrize(
    "svg",
    [
        bars([Bar(EVIL, 1, 2, EVIL, EVIL)]),
        heat(Heat([EVIL], [Column(EVIL, EVIL, [Cell(1, 2, EVIL)], True, EVIL)])),
        burndown(Burndown([Week(TODAY, 3, 0)], TARGET, EVIL)),
    ],
)
def test_names_cannot_break_out_of_a_chart(svg):
    parsed(svg)
    assert "<script" not in svg


def test_empty_charts_draw():
    for svg in (bars([]), heat(Heat([], []))):
        parsed(svg)
