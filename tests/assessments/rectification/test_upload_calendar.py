"""A ledger that is uploaded counts its working days by the calendar that is in force here."""

from __future__ import annotations

import json
from datetime import date

import pytest

from assessments.rectification.ledger_upload import _calendar
from assessments.rectification.upload_pages import asked
from lawgov.holidays.actions import enter_year
from lawgov.holidays.reading import DayOff
from lawgov.holidays.tables import calendar_in_force
from tests import factories
from tests.factories import NOW
from tests.people import make_cast

pytestmark = pytest.mark.django_db

NEW_YEAR = [DayOff(date(2027, 1, 1)), DayOff(date(2027, 1, 3), True), DayOff(date(2026, 12, 31))]


def carried(inspection):
    """The calendar after its way through JSON into the process that reads."""
    options = json.loads(json.dumps(asked({"inspection": inspection.pk, "issued_on": None})))
    return _calendar(options["holidays"])


def test_the_reader_gets_the_years_that_were_entered():
    cast = make_cast()
    inspection = factories.make_inspection(cast.region)
    assert carried(inspection) == calendar_in_force()
    assert not carried(inspection).is_workday(date(2027, 1, 3))
    enter_year(2027, NEW_YEAR, source="", edition=0, actor=cast.office, now=NOW)
    assert carried(inspection) == calendar_in_force()
    assert carried(inspection).is_workday(date(2027, 1, 3))
    assert not carried(inspection).is_workday(date(2026, 12, 31))
