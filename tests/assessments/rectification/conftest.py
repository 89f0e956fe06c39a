from __future__ import annotations

import pytest

from assessments.models import Inspection, Issue, UnitResponse
from assessments.rectification.states import State
from tests import factories


@pytest.fixture
def inspection(cast) -> Inspection:
    return factories.make_inspection(cast.region)


@pytest.fixture
def issue(cast, inspection) -> Issue:
    """An individual issue linked to an indicator that `lead_unit` leads."""
    return factories.make_issue(inspection, assignment=cast.campaign.assignments.first())


@pytest.fixture
def answer(cast, issue):
    """Makes the unit's answer to the issue in a state."""

    def make(state: State = State.ISSUED, **fields) -> UnitResponse:
        return factories.make_response(issue, cast.unit, state, **fields)

    return make
