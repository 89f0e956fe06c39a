"""The lives of one unit's work on an indicator, and of the indicator as it follows from them."""

from __future__ import annotations

from collections.abc import Collection

from django.db import models
from django.utils.translation import gettext_lazy as _


class Toned(models.TextChoices):
    """A state that knows whose turn it is; the tone is the chip's class in the style sheet."""

    @property
    def tone(self) -> str:
        """ "" not begun, unit, review, back (returned), done."""
        return self.tones()[self.value]

    @classmethod
    def tones(cls) -> dict[str, str]:
        raise TypeError(f"{cls.__name__} declares no tones")


class UnitState(Toned):
    """State of a UnitAssignment."""

    NOT_STARTED = "not_started", _("未开始")
    COLLECTING = "collecting", _("收集中")
    TICKED = "ticked", _("已打勾")
    WITH_HEAD = "with_head", _("待单位审核")
    WITH_LEAD = "with_lead", _("待牵头审核")
    ACCEPTED = "accepted", _("牵头已通过")
    RETURNED = "returned", _("已退回")
    NOT_APPLICABLE = "not_applicable", _("不适用")

    @classmethod
    def tones(cls) -> dict[str, str]:
        return {
            "not_started": "",
            "collecting": "unit",
            "ticked": "unit",
            "with_head": "review",
            "with_lead": "review",
            "accepted": "done",
            "returned": "back",
            "not_applicable": "",
        }


# The tick stands from the tick on, wherever the review has got to.
TICKED_OR_LATER = frozenset(
    {UnitState.TICKED, UnitState.WITH_HEAD, UnitState.WITH_LEAD, UnitState.ACCEPTED}
)
# With the unit itself: proof, self-score and statement may change.
WITH_UNIT = frozenset(
    {UnitState.NOT_STARTED, UnitState.COLLECTING, UnitState.TICKED, UnitState.RETURNED}
)
HANDED_IN = frozenset({UnitState.WITH_LEAD, UnitState.ACCEPTED})


class IndicatorState(Toned):
    """State of an indicator in a campaign; never stored, see `indicator_state`."""

    NOT_STARTED = "not_started", _("未开始")
    COLLECTING = "collecting", _("收集中")
    RETURNED = "returned", _("已退回")
    WITH_LEAD = "with_lead", _("待牵头审核")
    TO_VERIFY = "to_verify", _("待核验")
    COMPLETE = "complete", _("已完成")
    NOT_APPLICABLE = "not_applicable", _("不适用")

    @classmethod
    def tones(cls) -> dict[str, str]:
        return {
            "not_started": "",
            "collecting": "unit",
            "returned": "back",
            "with_lead": "review",
            "to_verify": "review",
            "complete": "done",
            "not_applicable": "",
        }


def indicator_state(
    units: Collection[str], *, has_lead_score: bool, verified: bool
) -> IndicatorState:
    """State of an indicator, from the states of its units and its scores in force.

    `verified`: an office score that no later return has superseded. Units in not_applicable are
    left out; when all are, so is the indicator. All accepted without a lead score is still with
    the lead unit. No unit at all is not started.

    Source: decisions §1.
    """
    counted = [state for state in units if state != UnitState.NOT_APPLICABLE]
    if not counted:
        return IndicatorState.NOT_APPLICABLE if units else IndicatorState.NOT_STARTED
    if UnitState.RETURNED in counted:
        return IndicatorState.RETURNED
    if all(state == UnitState.ACCEPTED for state in counted) and has_lead_score:
        return IndicatorState.COMPLETE if verified else IndicatorState.TO_VERIFY
    if all(state in HANDED_IN for state in counted):
        return IndicatorState.WITH_LEAD
    if all(state == UnitState.NOT_STARTED for state in counted):
        return IndicatorState.NOT_STARTED
    return IndicatorState.COLLECTING
