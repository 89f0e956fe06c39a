"""How what is due is found among all that a place ever had; the plan is SQLite's, which says it of
empty tables too."""

import pytest

from assessments.reminders.sources import _due
from tests.factories import TODAY

pytestmark = pytest.mark.django_db


def test_what_is_due_is_found_by_its_index(cast) -> None:
    """In the order of ids, as the control shows, every answer of the place would be read."""
    rows = _due(cast.region, TODAY)
    assert "response_region_due" in rows.explain()
    assert "response_region_due" not in rows.order_by("pk").explain()
