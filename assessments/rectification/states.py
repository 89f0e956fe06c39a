"""The states of one unit's answer to one issue, and of the issue as it follows from them."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from indicators.assignments.states import Toned


class State(Toned):
    """State of a UnitResponse; the order is that of the work."""

    FOUND = "found", _("已发现")
    ISSUED = "issued", _("已交办")
    ACCEPTED = "accepted", _("已签收")
    PLANNED = "planned", _("制定措施")
    REOPENED = "reopened", _("重新打开")
    RETURNED = "returned", _("退回整改")
    RECTIFYING = "rectifying", _("整改中")
    SUBMITTED = "submitted", _("申请销号")
    VERIFYING = "verifying", _("核查中")
    LOOK_BACK = "look_back", _("回头看")
    CLOSED = "closed", _("已销号")
    WITHDRAWN = "withdrawn", _("撤销立项")

    @classmethod
    def tones(cls) -> dict[str, str]:
        return {
            "found": "",
            "issued": "unit",
            "accepted": "unit",
            "planned": "unit",
            "reopened": "back",
            "returned": "back",
            "rectifying": "unit",
            "submitted": "review",
            "verifying": "review",
            "look_back": "review",
            "closed": "done",
            "withdrawn": "",
        }


# Least advanced first. Source: decisions §2.
PROGRESS = [
    State.FOUND,
    State.ISSUED,
    State.ACCEPTED,
    State.PLANNED,
    State.REOPENED,
    State.RETURNED,
    State.RECTIFYING,
    State.SUBMITTED,
    State.VERIFYING,
    State.LOOK_BACK,
    State.CLOSED,
]

# Grey lights: the clock does not run any more.
AT_REST = frozenset({State.CLOSED, State.LOOK_BACK, State.WITHDRAWN})
OPEN = frozenset(set(State) - AT_REST)
# The unit has handed in and waits for those who check.
WITH_CHECKER = frozenset({State.SUBMITTED, State.VERIFYING})


def issue_state(responses: Iterable[str]) -> State:
    """State of an issue: the least advanced of its responses, withdrawn ones left out.

    No response left, or none at all: withdrawn. Source: decisions §2.
    """
    counted = {State(state) for state in responses} - {State.WITHDRAWN}
    return min(counted, key=PROGRESS.index, default=State.WITHDRAWN)
