"""What a notification says, by its kind: one sentence each, filled in with the row's own data.

A table of lazy texts, so that the reader's language decides; the codes stay out of the schema.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lawgov.web.dates import told

if TYPE_CHECKING:
    from lawgov.notifications.models import Notification

KINDS: dict[str, Any] = {
    "assignment.assigned": _("新分工：%(count)s 项指标由本单位办理"),
    "work.submitted": _("待审核：%(unit)s 提交了指标 %(number)s %(title)s"),
    "work.approved": _("待审核：%(unit)s 的指标 %(number)s %(title)s"),
    "work.returned": _("被退回：指标 %(number)s %(title)s，%(reason)s"),
    "work.exempt": _("已同意不适用：指标 %(number)s %(title)s"),
    "work.exemption_refused": _("没有同意不适用：指标 %(number)s %(title)s，%(reason)s"),
    "work.exemption_asked": _("申请不适用：%(unit)s，指标 %(number)s %(title)s，%(reason)s"),
    "response.issue": _("收到反馈函 %(letter)s：%(n)s 个问题待签收"),
    "response.request": _("申请销号：%(unit)s，问题 %(number)s %(text)s"),
    "response.return": _("被退回整改：问题 %(number)s %(text)s，%(reason)s"),
    "response.close": _("已销号：问题 %(number)s %(text)s"),
    "response.look_back": _("开始回头看：问题 %(number)s %(text)s"),
    "response.confirm": _("回头看已确认巩固：问题 %(number)s %(text)s"),
    "response.reopen": _("重新打开：问题 %(number)s %(text)s，新时限 %(deadline)s，%(reason)s"),
    "response.withdraw": _("已撤销立项：问题 %(number)s %(text)s，%(reason)s"),
    "response.ask_extension": _(
        "申请延期至 %(asked)s：%(unit)s，问题 %(number)s %(text)s，%(reason)s"
    ),
    "response.approve_extension": _("已批准延期：问题 %(number)s %(text)s，至 %(deadline)s"),
    "response.refuse_extension": _("没有批准延期：问题 %(number)s %(text)s，%(reason)s"),
    "response.recounted": _(
        "%(year)s 年放假安排公布，期限重算为 %(deadline)s：问题 %(number)s %(text)s"
    ),
    "response.remind": _("催办：问题 %(number)s %(text)s，%(reason)s"),
    "job.done": _("后台任务已完成：%(filename)s%(message)s"),
    "job.failed": _("后台任务没有完成：%(message)s"),
    "digest": _("今日提醒：%(what)s"),
}
# What a day's digest holds, in the order in which it presses.
COUNTS = {
    "overdue": _("逾期 %(count)s 件"),
    "before": _("快到期 %(count)s 件"),
    "review": _("待核查 %(count)s 件"),
    "news": _("新消息 %(count)s 条"),
}


def sentence(notification: Notification) -> str:
    """The sentence of one notification; a value that the row does not hold is left empty."""
    data = {name: told(value) for name, value in notification.data.items()}
    data["what"] = counted(data.pop("counts", {}))
    return str(KINDS[notification.kind]) % defaultdict(str, data)


def counted(counts: Mapping[str, int]) -> str:
    """逾期 3 件，待核查 1 件: what there is of each, and nothing of what there is none."""
    there = [
        str(words) % {"count": counts[name]} for name, words in COUNTS.items() if counts.get(name)
    ]
    return gettext("，").join(there)
