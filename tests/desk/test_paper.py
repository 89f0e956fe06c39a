"""The dashboard on paper: one A4 page across, however many units a district has."""

from __future__ import annotations

import io

import pypdfium2
import pytest
from django.conf import settings

from assessments.rectification.states import State
from indicators.assignments.states import UnitState
from indicators.models import UnitAssignment
from tests import factories
from tests.people import browser as client_of
from tests.people import make_cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

A4_ACROSS = (842, 595)  # points


@pytest.fixture
def leader():
    """A district of 69 units and 9 areas, nine of the units late."""
    cast = make_cast(edition=factories.make_edition(areas=9, groups=1, each=1))
    units = [cast.unit, cast.other_unit, cast.lead_unit]
    units += [factories.make_unit(cast.region, enforcement=n % 2 == 0) for n in range(66)]
    UnitAssignment.objects.bulk_create(
        UnitAssignment(assignment=assignment, region=cast.region, unit=unit, state=UnitState.TICKED)
        for assignment in cast.campaign.assignments.all()
        for unit in units
    )
    inspection = factories.make_inspection(cast.region)
    for unit in units[:9]:
        issue = factories.make_issue(inspection)
        factories.make_response(issue, unit, State.RECTIFYING, deadline_date="2020-01-01")
    return cast.leader


def test_the_dashboard_prints_on_one_page(browser, live_server, leader):
    key = client_of(leader).cookies[settings.SESSION_COOKIE_NAME].value
    context = browser.new_context(base_url=live_server.url)
    context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}]
    )
    page = context.new_page()
    page.goto("/dashboard/")
    paper = pypdfium2.PdfDocument(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    context.close()
    assert len(paper) == 1
    assert tuple(map(round, paper[0].get_size())) == A4_ACROSS
    text = paper[0].get_textpage().get_text_range()
    assert "领导驾驶舱" in text and "谁逾期" in text and "打印一页纸" not in text
