"""My tasks 我的待办: the list, and one row of it opened in place."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from lawgov.accounts.guards import requires
from lawgov.accounts.policy import Action, can
from lawgov.calendars import local_day
from lawgov.desk.campaigns import running
from lawgov.desk.tasks import details, queries, sources
from lawgov.desk.tasks.reader import Reader
from lawgov.desk.tasks.task import Group, Task, Tasks
from lawgov.web.dates import day_text
from lawgov.web.listing import chosen
from lawgov.web.pages import render_page, wants_fragment

DEFAULT_NEAR = 10  # days of the yellow light before there is a campaign that says its own


@require_safe
@requires(Action.VIEW_TASKS)
def task_list(request: HttpRequest) -> HttpResponse:
    """Everything that waits for the reader: `?group=` one group, `?mine=1` what names them."""
    reader = reader_of(request)
    tasks = queries.tasks_of(reader)
    group = chosen(request, "group", Group.values)
    mine = request.GET.get("mine") == "1" and sources.is_unit(reader.actor)
    opened = tasks.find(request.GET.get("open", ""))
    opened = opened if opened and opened.opens else None
    shown = blocks(tasks, group, mine=mine)
    context = {
        "section": "tasks",
        "tasks": tasks,
        "blocks": shown,
        # One filled button a screen: the first thing to do.
        "primary": shown[0][2][0].key if shown and shown[0][0] is not Group.WAIT else "",
        "tabs": tabs(tasks, by_unit=sources.is_unit(reader.actor)),
        "group": group,
        "mine": mine,
        "by_unit": sources.is_unit(reader.actor),
        "progress": queries.progress_of(reader.actor),
        "reminded_at": queries.last_reminder(reader.actor),
        "may_export": sources.is_unit(reader.actor) and can(reader.actor, Action.EXPORT),
        "today": reader.today,
        "opened": opened,
        "detail": details.of(reader, opened) if opened else None,
    }
    return render_page(request, "desk/tasks/list.html", context)


@require_safe
@requires(Action.VIEW_TASKS)
def task_row(request: HttpRequest, key: str) -> HttpResponse:
    """One row, opened (`?open=1`) or closed; without htmx the list with that row opened.

    `?part=row` gives the row alone, for when what is opened below it has changed it.
    """
    if not wants_fragment(request):
        return redirect(f"{reverse('tasks:list')}?open={key}#{key}")
    reader = reader_of(request)
    task = queries.tasks_of(reader).find(key)
    if task is None:
        raise Http404
    only_row = request.GET.get("part") == "row"
    opened = task if request.GET.get("open") == "1" or only_row else None
    context = {
        "task": task,
        "opened": opened,
        "detail": details.of(reader, task) if opened and not only_row else None,
        "today": reader.today,
    }
    part = "desk/tasks/_row.html" if only_row else "desk/tasks/_task.html"
    return render_page(request, part, context, partial=part)


def reader_of(request: HttpRequest) -> Reader:
    found = running(request.actor.region)
    near = found.campaign.light_days if found else DEFAULT_NEAR
    return Reader(request.actor, local_day(timezone.now()), near)


def tabs(tasks: Tasks, *, by_unit: bool) -> list[dict[str, Any]]:
    """A tab a group with its count; a unit's stay when empty, so that nothing jumps."""
    every = {"value": "", "label": _("全部"), "short": _("全部"), "count": tasks.total}
    labels = {
        Group.LATE: (_("已逾期"), _("逾期")),
        Group.BACK: (_("被退回"), pgettext("trail", "退回")),
        Group.WEEK: (_("5个工作日内"), _("近5日")),
        Group.LATER: (_("以后到期"), _("以后")),
        Group.WAIT: (_("等别人办"), _("等待")),
    }
    return [every] + [
        {
            "value": group.value,
            "label": labels[group][0],
            "short": labels[group][1],
            "count": len(rows),
            "hot": group is Group.LATE and bool(rows),
        }
        for group, rows in tasks.groups.items()
        if rows or by_unit
    ]


def blocks(tasks: Tasks, group: str, *, mine: bool) -> list[tuple[Group, str, list[Task]]]:
    """The groups that are shown: which, a hint on what to do with it, and its rows."""
    shown = []
    for each, rows in tasks.groups.items():
        kept = [task for task in rows if task.named or not mine]
        if kept and group in ("", each.value):
            shown.append((each, hint(each, tasks), kept))
    return shown


def hint(group: Group, tasks: Tasks) -> str:
    if group is Group.WEEK:
        first, last = day_text(tasks.today, tasks.today), day_text(tasks.week_end, tasks.today)
        return f"{first}—{last}"
    return {
        Group.LATE: _("先办这些。逾期 7 天起同时提醒单位负责人。"),
        Group.BACK: _("改好后再提交，原来的文件都还在。"),
        Group.LATER: _("还有时间，也可以先办。"),
        Group.WAIT: _("已经交出去，等对方办理。"),
    }[group]
