"""The heat map: every square is a recount, and the link behind it lists exactly what it counts."""

from __future__ import annotations

import re

import pytest

from assessments.rectification.states import State
from indicators.assignments.states import TICKED_OR_LATER, UnitState
from indicators.models import UnitAssignment
from lawgov.desk.checklist.heat import heat_map
from tests import factories
from tests.people import Cast, browser, make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    """Three areas, units in three groups, every state somewhere."""
    made = make_cast(edition=factories.make_edition(areas=3, groups=1, each=3))
    town = factories.make_unit(made.region, "柳河镇", kind="township")
    states = list(UnitState)
    for n, assignment in enumerate(made.campaign.assignments.order_by("indicator__number")):
        for m, unit in enumerate((made.unit, made.other_unit, town)):
            if (n + m) % 4:
                factories.make_work(assignment, unit, state=states[(n * 3 + m) % len(states)])
    return made


def the_map(cast: Cast, actor=None):
    return heat_map(actor or cast.office, cast.campaign, factories.TODAY)


def test_squares_are_a_recount(cast):
    for line in the_map(cast).units:
        for square in line.squares:
            works = UnitAssignment.objects.counted().filter(
                unit=line.pk, assignment__indicator__group__area__number=square.area
            )
            assert square.total == works.count()
            assert square.done == works.filter(state__in=TICKED_OR_LATER).count()


def test_each_square_links_to_the_rows_it_counts(cast):
    client = browser(cast.office)
    html = client.get("/checklist/heat/").content.decode()
    checked = 0
    for line in the_map(cast).units:
        for square in line.squares:
            link = f'href="/checklist/?area={square.area}&amp;unit={line.pk}"'
            assert (link in html) == bool(square.total)
            if not square.total:
                continue
            listed = client.get(f"/checklist/?area={square.area}&unit={line.pk}").content.decode()
            ticked = len(re.findall(r'class="tick" disabled checked', listed))
            open_ones = len(re.findall(r'class="tick" disabled aria', listed))
            assert (ticked, ticked + open_ones) == (square.done, square.total)
            checked += 1
    assert checked > 5


def test_groups_and_order(cast):
    lines = the_map(cast).units
    assert [line.group for line in lines] == ["行政执法单位", "党群和其他单位", "镇街、园区"]
    for _name, units in the_map(cast).groups:
        assert [u.share for u in units] == sorted((u.share for u in units), reverse=True)


def test_late_units_are_red(cast):
    issue = factories.make_issue(factories.make_inspection(cast.region))
    factories.make_response(issue, cast.unit, State.RECTIFYING, deadline_date=factories.NOW.date())
    assert not any(line.late for line in the_map(cast).units)
    issue.responses.update(deadline_date="2026-11-01")
    assert [line.pk for line in the_map(cast).units if line.late] == [cast.unit.pk]


def test_the_table_has_the_same_figures(cast):
    html = browser(cast.office).get("/checklist/heat/?as=table").content.decode()
    shown = re.findall(r">(\d+)/(\d+)</a>", html)
    squares = [square for line in the_map(cast).units for square in line.squares]
    assert [(str(s.done), str(s.total)) for s in squares if s.total] == shown


def test_a_unit_sees_its_own_column_only(cast):
    assert [line.pk for line in the_map(cast, cast.editor).units] == [cast.unit.pk]


@pytest.mark.parametrize("who", ["foreign_office", "external"])
def test_strangers_see_nothing(cast, who):
    assert the_map(cast, getattr(cast, who)).units == ()


def test_statements_do_not_grow(cast, count_statements):
    client = browser(cast.office)
    client.get("/checklist/heat/")
    before = count_statements(lambda: client.get("/checklist/heat/"))
    assert before <= 12
    for _n in range(15):
        unit = factories.make_unit(cast.region)
        for assignment in cast.campaign.assignments.all():
            factories.make_work(assignment, unit)
    assert count_statements(lambda: client.get("/checklist/heat/")) == before
