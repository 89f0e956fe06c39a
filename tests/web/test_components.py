from datetime import date, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from lawgov.web.shown import Due, Line
from tests.factories import NOW, SHANGHAI, TODAY


def draw(source: str, **context: object) -> str:
    request = RequestFactory().get("/list/?q=水利&page=3")
    full = {"request": request, "today": TODAY, "now": NOW} | context
    return Template("{% load ui %}" + source).render(Context(full))


# ---------- chips, lights, progress ----------


@pytest.mark.parametrize(
    ("tone", "css", "symbol"),
    [
        ("", "chip", ""),
        ("unit", "chip unit", ""),
        ("review", "chip review", ""),
        ("back", "chip back", "#i-back"),
        ("done", "chip done", "#i-check"),
    ],
)
def test_chip_says_whose_turn_it_is(tone, css, symbol):
    html = draw("{% chip state %}", state=SimpleNamespace(label="整改中", tone=tone))
    assert f'<span class="{css}">' in html
    assert "整改中" in html
    assert symbol in html
    assert ("<svg" in html) == bool(symbol)


def test_chip_takes_a_text_with_a_tone():
    assert draw('{% chip "错误" tone="bad" %}') == '<span class="chip bad">错误</span>'


def test_light_and_deadline_are_one_text():
    html = draw("{% light_due due %}", due=Due("r", "逾期5天", date(2026, 11, 15), "late"))
    assert 'class="light r" role="img" aria-label="红灯，已逾期"' in html
    assert '<span class="due late"><b>逾期5天</b><small>11月15日</small></span>' in html


def test_deadline_of_another_year_shows_the_year():
    html = draw("{% light_due due %}", due=Due("g", "剩30个工作日", date(2027, 1, 4)))
    assert "2027年1月4日" in html


def test_note_stands_in_place_of_the_day():
    html = draw("{% light_due due %}", due=Due("x", "11月12日销号", TODAY, note="逾期3天"))
    assert "<small>逾期3天</small>" in html
    assert "11月20日" not in html


def test_unset_deadline_has_no_light():
    html = draw("{% light_due due %}", due=Due("", "期限待定", note="原文“近期”"))
    assert "light" not in html
    assert draw("{% light_due due %}", due=None) == '<span class="muted">—</span>'


@pytest.mark.parametrize(
    ("part", "whole", "width"),
    [(0, 0, 0), (0, 7, 0), (1, 400, 1), (5, 12, 42), (399, 400, 99), (12, 12, 100), (9, 7, 100)],
)
def test_bar_is_full_only_when_all_is_done(part, whole, width):
    html = draw("{% bar part whole %}", part=part, whole=whole)
    assert f"width:{width}%" in html
    assert ("full" in html) == (width == 100)
    assert f'aria-label="{part} / {whole}"' in html


def test_rate():
    assert draw("{% rate 59 100 %}") == "59%"
    assert draw("{% rate 0 0 %}") == "—"


# ---------- figures and days ----------


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("12.0"), "12"),
        (Decimal("11.5"), "11.5"),
        (Decimal("0"), "0"),
        (10, "10"),
        (1000, "1000"),
        (Decimal("-0.5"), "-0.5"),
        (None, "—"),
    ],
)
def test_points_have_at_most_one_decimal(value, text):
    assert draw("{% points value %}", value=value) == text


@pytest.mark.parametrize(
    ("language", "value", "text"),
    [
        ("zh-hans", date(2026, 11, 20), "11月20日"),
        ("zh-hans", date(2025, 3, 1), "2025年3月1日"),
        ("en", date(2026, 11, 20), "20 Nov"),
        ("en", date(2027, 3, 1), "1 Mar 2027"),
        # 16:30 UTC is already the next day in Shanghai
        ("zh-hans", datetime.fromisoformat("2026-11-19T16:30:00+00:00"), "11月20日"),
    ],
)
def test_days_are_written_as_offices_write_them(language, value, text):
    with translation.override(language):
        assert text in draw("{% day value %}", value=value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (datetime(2026, 11, 20, 9, 12, tzinfo=SHANGHAI), "今天 09:12"),
        (datetime(2026, 11, 19, 17, 40, tzinfo=SHANGHAI), "昨天 17:40"),
        (datetime(2026, 11, 17, 15, 3, tzinfo=SHANGHAI), "11月17日 15:03"),
        (datetime(2025, 12, 31, 23, 59, tzinfo=SHANGHAI), "2025年12月31日 23:59"),
    ],
)
def test_moments_are_told_from_today(value, text):
    assert text in draw("{% moment value %}", value=value)


def test_a_written_deadline_that_is_a_day_is_told_as_offices_write_it():
    words = Template("{% load ui %}{{ text|written }}")
    assert words.render(Context({"text": "2026-11-09"})) == "2026年11月9日"
    for text in ("15个工作日内", "2026-11-09前", "", "2026-13-09x"):
        assert words.render(Context({"text": text})) == text


def test_long_day_has_the_weekday():
    assert draw("{% long_day %}") == "2026年11月20日 星期五"


# ---------- timeline ----------


def test_timeline_folds_after_seven_and_marks_returns():
    lines = [Line("王某", f"第{n}步", NOW) for n in range(9)]
    lines[1] = Line("吴某", "退回整改", NOW, reason="缺 2 本", back=True)
    html = draw("{% timeline lines %}", lines=lines)
    head, folded = html.split("<details")
    assert head.count("<li") == 7
    assert folded.count("<li") == 2
    assert '<li class="now">' in head
    assert '<li class="back">' in head
    assert "<q>缺 2 本</q>" in head


# ---------- forms ----------


class Answer(forms.Form):
    result = forms.CharField(label="整改结果", help_text="写明做了什么", widget=forms.Textarea)
    note = forms.CharField(label="备注", required=False)
    agree = forms.BooleanField(label="已核对", required=False)


def test_field_ties_message_and_hint_to_the_input():
    html = draw("{% field form.result %}", form=Answer({}))
    assert '<div class="field bad">' in html
    assert 'aria-describedby="id_result_helptext id_result_error"' in html
    assert 'id="id_result_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'rows="3"' in html


def test_optional_field_says_so():
    assert "可不填" in draw("{% field form.note %}", form=Answer())
    assert "可不填" not in draw("{% field form.result %}", form=Answer())


def test_summary_links_to_each_fault():
    html = draw("{% form_errors form %}", form=Answer({}))
    assert "还有 1 处要改" in html
    assert 'href="#id_result"' in html
    assert draw("{% form_errors form %}", form=Answer()).strip() == ""


# ---------- lists ----------


def test_tick_works_without_a_script():
    html = draw('{% tick "/t/1/" label="打勾完成" missing="登记表" version=3 %}')
    assert 'form="ticks"' in html
    assert 'formaction="/t/1/"' in html
    assert 'name="version" value="3"' in html
    assert 'aria-checked="false"' in html
    assert 'data-missing="登记表"' in html


def test_live_filter_keeps_the_address():
    html = draw('<form{% live "#list" also="#states" %}>')
    assert 'method="get"' in html
    assert 'hx-get="/list/"' in html
    assert 'hx-push-url="true"' in html
    assert 'hx-select-oob="#states"' in html


EVIL = "<script>alert(1)</script>\"'"


@pytest.mark.parametrize(
    "source",
    [
        "{% chip text %}",
        "{% docnum text %}",
        "{% icon text %}",
        "{% tick text label=text missing=text %}",
        "{% select_box 1 text %}",
        "{% light_due due %}",
        "{% timeline lines %}",
        '{% include "web/_notice.html" %}',
        '{% include "web/_empty.html" with title=text %}',
        '{% include "web/_upload.html" with url=text %}',
        '{% include "web/_progress.html" with done=1 total=2 %}',
    ],
)
def test_user_text_is_never_markup(source):
    lines = [Line(EVIL, EVIL, NOW, reason=EVIL, url=EVIL)]
    due = Due("r", EVIL, note=EVIL, rule=EVIL)
    html = draw(source, text=EVIL, due=due, lines=lines)
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_days_in_a_text_are_never_broken():
    drawn = Template("{% load ui %}{{ text|whole_days }}").render(
        Context({"text": "6月底前 → 2026-06-30<b> 2026年7月1日"})
    )
    assert drawn == (
        '6月底前 → <span class="nowrap">2026-06-30</span>&lt;b&gt; '
        '<span class="nowrap">2026年7月1日</span>'
    )
    assert Template("{% load ui %}{{ text|whole_days }}").render(Context({"text": "<i>"})) == (
        "&lt;i&gt;"
    )
