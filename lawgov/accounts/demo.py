"""Demo accounts on the login page: one click each, where the setting DEMO_LOGIN is true."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class DemoAccount:
    username: str
    label: str | Promise
    does: str | Promise


ACCOUNTS = (
    DemoAccount("office", _("创建办"), _("建框架、派任务、核验、发函、导出")),
    DemoAccount("unit01", _("责任单位 明白人"), _("交佐证、打勾、答复问题")),
    DemoAccount("head01", _("责任单位负责人"), _("审签本单位材料、申请销号")),
    DemoAccount("lead01", _("牵头单位 审核人"), _("审各单位材料")),
    DemoAccount("supervisor", _("督导检查组"), _("录问题、核查、回头看")),
    DemoAccount("leader", _("领导"), _("看进度、看谁落后")),
    DemoAccount("assessor", _("评估测评组"), _("看指标、佐证和得分")),
    DemoAccount("expert", _("专家咨询团队"), _("看指标和进度")),
    DemoAccount("publicist", _("舆论宣传组"), _("看汇总数字")),
    DemoAccount("external", _("第三方评估组"), _("看开放的材料包")),
    DemoAccount("city", _("上级督察"), _("并列看下级各地进度")),
    DemoAccount("admin", _("系统管理员"), _("管账号和任职")),
)
AT_ONCE = 6  # the others, who mostly read, are folded


def accounts() -> tuple[DemoAccount, ...]:
    """The buttons to show; none in a real place."""
    return ACCOUNTS if getattr(settings, "DEMO_LOGIN", False) else ()


def shown() -> dict[str, object]:
    """What the login page says about them."""
    offered = accounts()
    parts = [part for part in (offered[:AT_ONCE], offered[AT_ONCE:]) if part]
    return {"demo_accounts": parts, "demo_password": settings.DEMO_PASSWORD if offered else ""}


def credentials(post: QueryDict) -> dict[str, str]:
    """What was typed, or the account behind a demo button; the button skips no check."""
    chosen = post.get("demo")
    if chosen and chosen in {account.username for account in accounts()}:
        return {"username": chosen, "password": settings.DEMO_PASSWORD}
    return {"username": post.get("username", ""), "password": post.get("password", "")}
