"""The sentence of what to do: ours by rule and level, or the office's own with placeholders."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from assessments.reminders.kinds import Kind, Level, Watch, watch_of

PLACE = re.compile(r"\{([^{}]*)\}")

#: What an office may put into its sentences.
PLACEHOLDERS: dict[str, Promise] = {
    "unit": gettext_lazy("责任单位的简称"),
    "number": gettext_lazy("问题或指标的编号"),
    "title": gettext_lazy("事项"),
    "due": gettext_lazy("时限"),
    "when": gettext_lazy("如 逾期5天、剩3个工作日"),
}

DEFAULT_TEXTS: dict[tuple[str, str], Promise] = {
    (Watch.DEADLINE, Level.CONTACT): gettext_lazy(
        "请填报进展和佐证，具备条件的由单位负责人申请销号"
    ),
    (Watch.DEADLINE, Level.HEAD): gettext_lazy("逾期未办结，请督促本单位经办人"),
    (Watch.DEADLINE, Level.OFFICE): gettext_lazy("逾期未办结，请督办"),
    (Watch.DEADLINE, Level.LEADER): gettext_lazy("逾期未办结，请过问"),
    (Watch.RECEIPT, Level.CONTACT): gettext_lazy("反馈函还没有签收，请打开后签收"),
    (Watch.RECEIPT, Level.HEAD): gettext_lazy("反馈函还没有签收，请督促经办人签收"),
    (Watch.RECEIPT, Level.OFFICE): gettext_lazy("责任单位还没有签收，请联系"),
    (Watch.RECEIPT, Level.LEADER): gettext_lazy("责任单位还没有签收，请过问"),
    (Watch.EVIDENCE, Level.CONTACT): gettext_lazy("请补齐佐证，打勾后提交审核"),
    (Watch.EVIDENCE, Level.HEAD): gettext_lazy("佐证逾期未交齐，请督促本单位经办人"),
    (Watch.EVIDENCE, Level.OFFICE): gettext_lazy("佐证逾期未交齐，请督办"),
    (Watch.EVIDENCE, Level.LEADER): gettext_lazy("佐证逾期未交齐，请过问"),
    (Watch.REVIEW, Level.CHECKER): gettext_lazy("等待核查，请核查后通过或退回"),
    (Watch.REVIEW, Level.HEAD): gettext_lazy("送审后久未处理，请了解情况"),
    (Watch.REVIEW, Level.OFFICE): gettext_lazy("送审后久未处理，请督促审核人"),
    (Watch.REVIEW, Level.LEADER): gettext_lazy("送审后久未处理，请过问"),
    (Watch.EXTENSION, Level.CONTACT): gettext_lazy("延期后的时限快到，请抓紧办结"),
    (Watch.EXTENSION, Level.HEAD): gettext_lazy("延期后的时限快到，请督促本单位经办人"),
    (Watch.EXTENSION, Level.OFFICE): gettext_lazy("延期后的时限快到，请关注"),
    (Watch.EXTENSION, Level.LEADER): gettext_lazy("延期后的时限快到，请过问"),
    (Watch.EXPIRING, Level.CONTACT): gettext_lazy("佐证覆盖的期间快结束或已结束，请换上新的"),
    (Watch.EXPIRING, Level.HEAD): gettext_lazy("佐证覆盖的期间已结束，请督促更换"),
    (Watch.EXPIRING, Level.OFFICE): gettext_lazy("佐证覆盖的期间已结束，请督办"),
    (Watch.EXPIRING, Level.LEADER): gettext_lazy("佐证覆盖的期间已结束，请过问"),
    (Watch.PERIODIC, Level.CONTACT): gettext_lazy("长期坚持的事项，请填报本期进展"),
    (Watch.PERIODIC, Level.HEAD): gettext_lazy("本期进展逾期未报，请督促本单位经办人"),
    (Watch.PERIODIC, Level.OFFICE): gettext_lazy("本期进展逾期未报，请督办"),
    (Watch.PERIODIC, Level.LEADER): gettext_lazy("本期进展逾期未报，请过问"),
}


def faults(text: str) -> list[str]:
    """What is wrong with a sentence that an office wrote; empty when it can be filled in."""
    unknown = sorted({name for name in PLACE.findall(text) if name not in PLACEHOLDERS})
    found = [
        _("没有 {%(name)s} 这个占位，可用的有 %(all)s")
        % {"name": name, "all": _("、").join(f"{{{one}}}" for one in PLACEHOLDERS)}
        for name in unknown
    ]
    if any(mark in PLACE.sub("", text) for mark in "{}"):
        found.append(_("花括号没有配对"))
    return found


def filled(text: str, values: Mapping[str, str]) -> str:
    """The sentence with its placeholders replaced; nothing in `values` is looked into."""
    return PLACE.sub(lambda match: values.get(match[1], ""), text)


@dataclass(frozen=True)
class Texts:
    """The office's own sentences by (rule, level, language), the defaults behind them."""

    own: Mapping[tuple[str, str, str], str] = field(default_factory=dict)

    def of(self, reminder: Any, values: Mapping[str, str]) -> str:
        """For one reminder."""
        watch = watch_of(reminder.kind)
        known = (watch, reminder.level) in DEFAULT_TEXTS
        # Waiting for the checker is the review's own matter, whichever rule found it.
        return self.sentence(watch if known else Watch.REVIEW, reminder.level, values)

    def sentence(self, watch: str, level: str, values: Mapping[str, str]) -> str:
        """In the active language; what the office wrote for it counts, else the default."""
        text = self.own.get((watch, level, get_language() or ""))
        return filled(text, values) if text else str(DEFAULT_TEXTS[watch, level])


def _late(days: int, kind: str) -> str:
    match kind:
        case Kind.RECEIPT:
            text = ngettext("签收超期%(count)s天", "签收超期%(count)s天", days)
        case Kind.REVIEW:
            text = ngettext("审核超期%(count)s天", "审核超期%(count)s天", days)
        case Kind.EXPIRING:
            text = ngettext("过期%(count)s天", "过期%(count)s天", days)
        case _:
            text = ngettext("逾期%(count)s天", "逾期%(count)s天", days)
    return text % {"count": days}


def when_text(days: int, kind: str = "", *, about: bool = False) -> str:
    """逾期5天, 今天到期, 剩3个工作日; `days` as in Reminder.days.

    What has a limit of its own says which one is over, by its `kind`: 签收超期5天. `about`: working
    days are counted into a year whose holidays are not published yet, 约剩3个工作日.
    """
    if days < 0:
        return _late(-days, kind)
    if days == 0:
        return _("今天到期")
    if about:
        return ngettext("约剩%(n)s个工作日", "约剩%(n)s个工作日", days) % {"n": days}
    return ngettext("剩%(count)s个工作日", "剩%(count)s个工作日", days) % {"count": days}
