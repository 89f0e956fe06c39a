"""What an entry says in a timeline: verb → sentence, in the reader's language.

Entries store codes and values; here is how they read. A subject adds its verbs with `add` where
it defines them, edges of a workflow are added from its table. Placeholders are keys of `data`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lawgov.accounts.policy import Role
from lawgov.audit.models import AuditEntry
from lawgov.web.dates import told
from lawgov.web.shown import Line

Sentence = str | Promise

VERBS: dict[str, Sentence] = {
    # accounts
    "account.login": pgettext_lazy("trail", "登录"),
    "account.login_refused": _("登录被拒绝"),
    "account.logout": _("退出登录"),
    "account.created": _("建账号 %(username)s"),
    "account.changed": _("改账号 %(username)s"),
    "account.password_reset": _("重设 %(username)s 的口令"),
    "account.password_changed": _("改了自己的口令"),
    "account.closed": _("停用账号 %(username)s"),
    "account.reopened": _("启用账号 %(username)s"),
    "membership.created": _("任命 %(person)s 为%(role_name)s"),
    "membership.changed": _("改 %(person)s 的任职"),
    "membership.ended": _("结束 %(person)s 的任职"),
    # places and units
    "region.created": _("建地区 %(name)s"),
    "unit.created": _("新建单位 %(name)s"),
    "unit.changed": _("改单位 %(name)s"),
    "unit.imported": _("导入单位：新增 %(created)s，修改 %(changed)s"),
    "unit.closed": _("撤销 %(name)s"),
    "unit.merged": _("%(name)s 并入 %(successor)s"),
    "unit.work_moved": _("%(name)s 的未办事项转给 %(successor)s"),
    "unit.aliases": _("改 %(name)s 的别名"),
    "group.created": _("新建分组 %(name)s"),
    "group.changed": _("改分组 %(name)s"),
    "group.deleted": _("删除分组 %(name)s"),
    "liaison.created": _("登记明白人 %(name)s"),
    "liaison.changed": _("改明白人 %(name)s"),
    "liaison.deleted": _("去掉明白人 %(name)s"),
    "liaison.seen": _("查看 %(name)s 的联系电话"),
    "reminder.resent": _("再发一次 %(day)s 给 %(person)s 的提醒"),
    # the calendar
    "holidays.entered": _("录入 %(year)s 年放假安排，%(source)s"),
    # framework, campaign, assignment
    "framework.created": _("装入指标体系 %(code)s，%(indicators)s 项"),
    "framework.replaced": _("替换指标体系 %(code)s，%(indicators)s 项"),
    "campaign.created": _("建立创建活动 %(name)s"),
    "campaign.changed": _("改创建活动的设置"),
    "phase.changed": _("改阶段 %(name)s 的日期"),
    "assignment.assigned": _("调整第 %(number)s 项的分工"),
    "assignment.changed": _("改第 %(number)s 项的分值、时限或佐证要求"),
    "assignment.imported": _("导入任务分解表：%(rows)s 行"),
    "response.imported": _("从台账导入（%(file)s 第 %(row)s 行）"),
    # background work, tokens
    "import.applied": _("写入导入的表格 %(file)s"),
    "job.export_ledger": _("导出整改台账"),
    "job.export_assessment": _("导出自评表"),
    "job.fetched": _("下载 %(file)s"),
    "token.made": _("取得接口令牌，%(days)s 天有效"),
    "token.revoked": _("收回接口令牌"),
    # Django's admin
    "admin.added": _("后台新增 %(name)s"),
    "admin.changed": _("后台修改 %(name)s"),
    # the trail itself
    "audit.lifted": _("为“%(reason)s”解除过审计保护"),
    "audit.verified": _("核对审计链"),
}


# Where an entry carries the person's own words, the first that is there.
OWN_WORDS = ("reason", "conclusion", "note", "result", "progress")


class _Told(dict):
    """The values of an entry; what an older entry did not tell reads as an ellipsis."""

    def __missing__(self, key: str) -> str:
        return "…"


def add(verbs: Mapping[str, Sentence]) -> None:
    """Add verbs of a subject. Raises ValueError for a verb that reads differently already."""
    for verb, sentence in verbs.items():
        if VERBS.setdefault(verb, sentence) is not sentence and str(VERBS[verb]) != str(sentence):
            raise ValueError(f"the verb {verb} is taken")


def sentence(entry: AuditEntry) -> str:
    """The entry as people read it; an unknown verb is shown as its code."""
    values = _Told({key: _shown(value) for key, value in entry.data.items()})
    return str(VERBS.get(entry.verb, entry.verb)) % values if entry.verb in VERBS else entry.verb


def reason(entry: AuditEntry) -> str:
    """The person's own words, where the entry carries some."""
    found = next((entry.data[key] for key in OWN_WORDS if entry.data.get(key)), "")
    return found if isinstance(found, str) else ""


# Columns as an entry's `set` names them, for what was changed from what to what.
COLUMNS: dict[str, Sentence] = {
    "name": _("名称"),
    "short_name": _("简称"),
    "code": _("代码"),
    "kind": _("类型"),
    "enforcement": _("行政执法单位"),
    "order": _("排序"),
    "aliases": _("别名"),
    "lead_unit": _("牵头单位"),
    "points": _("分值"),
    "due_text": _("完成时限"),
    "remark": _("备注"),
    "required": _("必交佐证"),
    "role": _("角色"),
    "unit": _("单位"),
    "valid_from": _("起始日期"),
    "valid_to": _("截止日期"),
    "deputy": _("代理人"),
    "level": _("级别"),
    "starts_on": _("开始日期"),
    "ends_on": _("结束日期"),
    "evidence_from": _("评估期间起"),
    "evidence_to": _("评估期间止"),
    "light_days": _("黄灯天数"),
    "immediate_days": _("立行立改天数"),
    "two_person_close": _("核查和销号须两人"),
    "office_name": _("发函机关"),
    "letter_agency": _("发文机关代字"),
}


# Codes among the values of `set`, and how they read; subjects add theirs.
CHOICES: dict[str, Sentence] = {role.value: role.label for role in Role}


def details(entry: AuditEntry) -> str:
    """What was changed from what to what, and who came and went; "" where the sentence says all."""
    data, parts = entry.data, []
    changes = data.get("set")
    if isinstance(changes, dict):
        for name, pair in changes.items():
            if name in COLUMNS and isinstance(pair, list) and len(pair) == 2:
                before, after = (_shown(value) or "—" for value in pair)
                change = after if before == "—" else f"{before} → {after}"
                parts.append(_("%(name)s：%(change)s") % {"name": COLUMNS[name], "change": change})
    for key, word in (("added", _("加上")), ("removed", _("去掉"))):
        if names := data.get(key):
            parts.append(f"{word} {_shown(names)}")
    return _("；").join(parts)


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(_("是") if value else _("否"))
    if isinstance(value, list):
        return _("、").join(map(str, value))
    if isinstance(value, str) and value in CHOICES:
        return str(CHOICES[value])
    return str(told(value))


def as_line(entry: AuditEntry) -> Line:
    """The entry as one line of a timeline."""
    who = f"{entry.shown_place} {entry.actor_name}".strip()
    what = sentence(entry)
    if source := entry.data.get("source"):
        what = _("%(what)s（填报表 %(file)s）") % {"what": what, "file": source["file"]}
    back = entry.verb.endswith((".return", ".reopen", ".reopen_closed"))
    return Line(who, what, entry.at, reason=reason(entry) or details(entry), back=back)
