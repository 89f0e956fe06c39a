"""The table of what can be filled in: every column says who fills it in, and how it is saved."""

from __future__ import annotations

import pytest

from lawgov.accounts.policy import GRANTS
from lawgov.filling.subjects import every
from tests.filling.everyone import CASES


@pytest.mark.parametrize("subject", every(), ids=lambda subject: subject.code)
def test_a_subject_s_columns_fit_together(subject) -> None:
    keys = [column.key for column in subject.columns]
    assert subject.fillings, "nothing to fill in"
    assert {filling.through for filling in subject.fillings.values()} <= set(subject.ways)
    assert set(subject.anchors) <= set(keys) and subject.loose <= set(keys)
    assert not subject.loose & set(subject.fillings)
    held = {action for grants in GRANTS.values() for action in grants}
    assert {filling.action for filling in subject.fillings.values()} <= held
    assert subject.action in held
    assert str(subject.label) and str(subject.hint)


def test_every_filled_column_belongs_to_a_subject() -> None:
    known = {(id(subject.columns), key) for subject in every() for key in subject.fillings}
    marked = {
        (id(subject.columns), column.key)
        for subject in every()
        for column in subject.columns
        if column.filled
    }
    assert marked == known


def test_every_subject_goes_through_every_program() -> None:
    assert {case.code for case in CASES} == {subject.code for subject in every()}
