"""The order of units: the rule, the quarters, and the history of scores behind it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from assessments.models import Round, Score
from assessments.reports.quarters import Quarter, after, quarters
from assessments.reports.ranking import Tally, change, ranks
from assessments.reports.standings import Ranking, ranking
from lawgov.units.models import Unit
from tests.factories import SHANGHAI, TODAY, make_edition, make_unit, make_work
from tests.people import Cast, make_cast

Q3, Q4 = Quarter(2026, 3), Quarter(2026, 4)
D = Decimal


# -- rules -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rates", "expected"),
    [
        (["98.6", "97.9", "97.9", "97.2"], [1, 2, 2, 4]),
        (["90", "90", "90", "80"], [1, 1, 1, 4]),
        (["80", "90", "85"], [3, 1, 2]),
        ([None, "50", None, "50"], [None, 1, None, 1]),
        ([], []),
    ],
)
def test_equal_rates_share_a_rank_and_the_next_is_skipped(rates, expected) -> None:
    given = {unit: None if rate is None else D(rate) for unit, rate in enumerate(rates)}
    found = ranks(given)
    assert [found.get(unit) for unit in given] == expected


@pytest.mark.parametrize(
    ("obtained", "full", "rate"),
    [
        ("9", "10", "90.0"),
        ("89.45", "100", "89.5"),  # half up, where binary numbers and half even give 89.4
        ("17.89", "20", "89.5"),
        ("2", "3", "66.7"),
        ("0", "10", "0.0"),
        ("0", "0", None),
    ],
)
def test_rates_are_rounded_half_up_to_one_decimal(obtained, full, rate) -> None:
    found = Tally(D(obtained), D(full), 1).rate
    assert (None if found is None else str(found)) == rate


def test_a_rank_moves_up_down_or_not() -> None:
    moves = [change(2, 4), change(4, 3), change(5, 5), change(29, None)]
    assert moves == ["↑2", "↓1", "—", "新"]


@pytest.mark.parametrize("text", ["2023Q2", "2026Q4"])
def test_quarters_are_read_as_they_are_written(text) -> None:
    assert str(Quarter.read(text)) == text


@pytest.mark.parametrize("text", ["", "2023", "2023Q5", "2023q2", "1999Q1", "2023Q2 ", "二季度"])
def test_what_is_no_quarter(text) -> None:
    assert Quarter.read(text) is None


def test_the_days_of_a_quarter() -> None:
    assert Quarter.of(date(2026, 3, 31)) == Quarter(2026, 1)
    assert Quarter.of(date(2026, 4, 1)) == Quarter(2026, 2)
    assert [Quarter(2024, n).end.isoformat()[5:] for n in (1, 2, 3, 4)] == [
        *("03-31", "06-30", "09-30", "12-31")
    ]
    assert Quarter(2026, 1).previous == Quarter(2025, 4)
    assert Q4.label == "2026年第四季度"
    assert (Q4.as_of(TODAY), Q3.as_of(TODAY)) == (TODAY, date(2026, 9, 30))
    assert after(date(2026, 9, 30)) == datetime(2026, 10, 1, tzinfo=SHANGHAI)
    offered = quarters(date(2025, 12, 1), date(2026, 5, 1))
    assert list(map(str, offered)) == ["2026Q2", "2026Q1", "2025Q4"]
    assert quarters(date(2027, 1, 1), TODAY) == [Q4]


# -- rows ------------------------------------------------------------------------------------------


@pytest.fixture
def cast(db) -> Cast:
    return make_cast(edition=make_edition(each=3))


def give(assignment, points: str, day: date, source: str = "office", **fields) -> Score:
    """A score given at noon; an earlier one of the source in the round is replaced by it."""
    given_at = datetime(day.year, day.month, day.day, 12, tzinfo=SHANGHAI)
    round_ = fields.pop("round", None) or Round.objects.get(campaign=assignment.campaign, number=1)
    Score.objects.in_force().filter(
        assignment=assignment, source=source, round=round_, unit=fields.get("unit")
    ).update(superseded_at=given_at)
    return Score.objects.create(
        round=round_,
        region_id=assignment.region_id,
        assignment=assignment,
        source=source,
        points=D(points),
        given_at=given_at,
        **fields,
    )


@pytest.fixture
def scored(cast) -> Cast:
    """Two units share the first indicator, each answers for one more; all are scored in October,
    the first one in August already."""
    first, second, third = cast.campaign.assignments.all()
    for assignment, unit in (
        *((first, cast.unit), (first, cast.other_unit)),
        *((second, cast.unit), (third, cast.other_unit)),
    ):
        make_work(assignment, unit)
    give(first, "8", date(2026, 8, 3))
    give(second, "6", date(2026, 8, 4))
    give(third, "9", date(2026, 10, 5))
    return cast


def rows(found: Ranking) -> list[tuple]:
    return [(row.name, str(row.rate), row.rank, row.previous, row.change) for row in found.rows]


def order(cast: Cast, quarter: Quarter = Q4, source: str = "office") -> list[tuple]:
    return rows(ranking(cast.campaign, quarter, Score.Source(source), TODAY))


def test_units_stand_by_the_share_of_points_that_their_indicators_got(scored) -> None:
    assert order(scored) == [
        ("区林业局", "85.0", 1, 1, "—"),  # 8 and 9 of 20; in the third quarter 8 of 10
        ("区水利局", "70.0", 2, 2, "—"),
    ]
    assert order(scored, Q3) == [
        ("区林业局", "80.0", 1, None, "新"),
        ("区水利局", "70.0", 2, None, "新"),
    ]


def test_a_replaced_score_counts_in_the_quarters_in_which_it_was_in_force(scored) -> None:
    second = scored.campaign.assignments.all()[1]
    give(second, "10", date(2026, 10, 20))
    assert order(scored, Q3)[1][:3] == ("区水利局", "70.0", 2)
    assert order(scored) == [
        ("区水利局", "90.0", 1, 2, "↑1"),
        ("区林业局", "85.0", 2, 1, "↓1"),
    ]


def test_the_last_moment_of_a_quarter_belongs_to_it(scored) -> None:
    third = scored.campaign.assignments.all()[2]
    score = Score.objects.get(assignment=third)
    for moment, rate in (
        (after(Q3.end) - timedelta(microseconds=1), "85.0"),
        (after(Q3.end), "80.0"),
    ):
        Score.objects.filter(pk=score.pk).update(given_at=moment)
        assert order(scored, Q3)[0][:2] == ("区林业局", rate)


def test_the_latest_round_counts(scored) -> None:
    second = scored.campaign.assignments.all()[1]
    later = Round.objects.create(
        campaign=scored.campaign, region=scored.region, number=2, name="核验",
        kind="verification", opened_on=TODAY,
    )  # fmt: skip
    give(second, "10", date(2026, 11, 1), round=later)
    give(second, "1", date(2026, 11, 2))  # the earlier round, entered late
    assert order(scored)[0][:2] == ("区水利局", "90.0")


def test_scores_of_units_and_of_other_sources_do_not_count(scored) -> None:
    first = scored.campaign.assignments.first()
    give(first, "0", date(2026, 11, 1), source="self", unit=scored.unit)
    give(first, "0", date(2026, 11, 1), source="mock")
    assert order(scored)[0][:2] == ("区林业局", "85.0")
    give(first, "5", date(2026, 11, 1), source="lead")
    assert order(scored, source="lead") == [
        ("区水利局", "50.0", 1, None, "新"),
        ("区林业局", "50.0", 1, None, "新"),
    ]


def test_a_unit_without_scores_stands_last_without_a_rank(scored) -> None:
    first = make_unit(scored.region, "区审计局", order=0)
    fourth = scored.campaign.assignments.all()[2]
    Score.objects.filter(assignment=fourth).delete()
    make_work(fourth, first)
    assert order(scored)[-1] == ("区审计局", "None", None, None, "")
    found = ranking(scored.campaign, Q4, Score.Source.OFFICE, TODAY)
    assert (found.ranked, found.scored, len(found.rows)) == (2, 2, 3)
    assert [(row.scored, row.indicators) for row in found.rows] == [(1, 2), (2, 2), (0, 1)]


def test_exempt_work_and_closed_units_are_left_out(scored) -> None:
    third = scored.campaign.assignments.all()[2]
    third.unit_assignments.update(state="not_applicable")
    assert order(scored)[0][:2] == ("区林业局", "80.0")
    Unit.objects.filter(pk=scored.unit.pk).update(closed_on=Q3.end)
    assert [row[0] for row in order(scored)] == ["区林业局"]
    Unit.objects.filter(pk=scored.unit.pk).update(closed_on=TODAY + timedelta(days=1))
    assert len(order(scored)) == 2


def test_equals_stand_in_the_order_of_the_place(scored) -> None:
    for assignment in scored.campaign.assignments.all():
        give(assignment, "7.5", TODAY)
    assert [row[:3] for row in order(scored)] == [("区水利局", "75.0", 1), ("区林业局", "75.0", 1)]
    Unit.objects.filter(pk=scored.unit.pk).update(order=scored.other_unit.order + 1)
    assert [row[0] for row in order(scored)] == ["区林业局", "区水利局"]


def test_a_quarter_to_come_is_refused(scored) -> None:
    with pytest.raises(ValueError, match="2027Q1 has not begun"):
        ranking(scored.campaign, Quarter(2027, 1), Score.Source.OFFICE, TODAY)


def test_three_queries_however_many_units(scored) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            ranking(scored.campaign, Q4, Score.Source.OFFICE, TODAY)
        return len(found)

    few = queries()
    for _ in range(20):
        unit = make_unit(scored.region)
        for assignment in scored.campaign.assignments.all():
            make_work(assignment, unit)
    assert queries() == few == 3


def test_the_command_writes_the_sheet(scored, tmp_path) -> None:
    out = tmp_path / "x.xlsx"
    call_command("export_ranking", region=scored.region.code, period="2026Q3", out=out)
    sheet = load_workbook(out, data_only=True).active
    assert sheet["A1"].value == "安和区2026年第三季度法治政府建设责任单位排序表"
    assert [cell.value for cell in sheet[4]] == [1, "区林业局", 80, 1, None, "新"]


@pytest.mark.parametrize("period", ["2026", "2199Q1"])
def test_the_command_refuses_what_is_no_quarter_yet(cast, tmp_path, period) -> None:
    with pytest.raises(CommandError, match="季度"):
        call_command("export_ranking", region=cast.region.code, period=period, out=tmp_path / "x")
