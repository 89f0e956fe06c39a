"""One row of 我的待办, whatever it is about, and the group it stands in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _

from indicators.assignments.states import Toned
from lawgov.calendars import Workdays
from lawgov.desk.checklist.items import Work
from lawgov.web.shown import Due

WEEK = 5  # working days that the group of what is due soon looks ahead


class Group(models.TextChoices):
    """The groups in the order of the page; what is late comes first, whatever else it is."""

    LATE = "late", _("已逾期")
    BACK = "back", _("被退回")
    WEEK = "week", _("5个工作日内到期")
    LATER = "later", _("以后到期")
    WAIT = "wait", _("等别人办")


class Kind(models.TextChoices):
    """What a row is about; its value begins the row's key."""

    WORK = "w", _("指标")
    ANSWER = "r", _("问题")
    LETTER = "l", _("签收")
    REVIEW = "v", _("审核")
    EXEMPTION = "x", _("不适用")
    SCORE = "s", _("评分")
    VERIFY = "k", _("核验")
    CHECK = "c", _("核查")
    LOOK_BACK = "b", _("回头看")
    HAND_OVER = "h", _("交办")
    EXTENSION = "e", _("延期")


class Turn(StrEnum):
    """Whose turn it is: the reader's own, the reader's after a return, or somebody else's."""

    MINE = "mine"
    BACK = "back"
    OTHERS = "others"


@dataclass(frozen=True)
class Act:
    """What to do next: a link to the page where it is done; `here`: the opened row has it too."""

    label: str
    url: str
    icon: str = ""
    plain: bool = False
    here: bool = False


@dataclass(frozen=True)
class Task:
    """One thing to do, or to wait for.

    `note` says what is missing or asked for, `party` who has it next. `due_on` is the local day
    by which rows are sorted, None last. `named`: the reader's own name stands on it. `work` is
    there where the row can be ticked.
    """

    kind: Kind
    pk: int
    number: str
    title: str
    url: str
    note: str
    party: str
    turn: Turn
    act: Act
    due_on: date | None = None
    due: Due | None = None
    state: Toned | None = None
    named: bool = True
    work: Work | None = None

    @property
    def key(self) -> str:
        return f"{self.kind.value}{self.pk}"

    @property
    def opens(self) -> bool:
        """The row has more to show in place than its link."""
        return self.kind in (Kind.WORK, Kind.ANSWER, Kind.LETTER, Kind.CHECK)

    @property
    def by_unit(self) -> bool:
        """A row of a responsible unit's list, which has a column for ticks."""
        return self.kind in (Kind.WORK, Kind.ANSWER, Kind.LETTER)

    @property
    def tick_name(self) -> str:
        """The URL name of what a click on the tick does, "" for nothing."""
        return f"tasks:{self.work.click}" if self.work and self.work.click else ""

    def group(self, today: date, week_end: date) -> Group:
        """Where it stands on `today`; up to and with `week_end` is soon. Both are local days."""
        if self.turn is Turn.OTHERS:
            return Group.WAIT
        if self.due_on and self.due_on < today:
            return Group.LATE
        if self.turn is Turn.BACK:
            return Group.BACK
        return Group.WEEK if self.due_on and self.due_on <= week_end else Group.LATER


@dataclass(frozen=True)
class Tasks:
    """All rows of one reader, by group; `today` and `week_end` are local days, both included."""

    today: date
    week_end: date
    groups: dict[Group, list[Task]]

    @classmethod
    def sort(cls, tasks: Iterable[Task], today: date, workdays: Workdays) -> Tasks:
        """Into groups; inside a group by due day, undated last, then by number."""
        end = workdays.add(today, WEEK)
        groups: dict[Group, list[Task]] = {group: [] for group in Group}
        for task in tasks:
            groups[task.group(today, end)].append(task)
        for rows in groups.values():
            rows.sort(key=lambda t: (t.due_on or date.max, t.kind.value, len(t.number), t.number))
        return cls(today, end, groups)

    @property
    def total(self) -> int:
        return sum(map(len, self.groups.values()))

    @property
    def waiting(self) -> int:
        """Rows that wait for the reader: all but what others have to do."""
        return self.total - len(self.groups[Group.WAIT])

    def find(self, key: str) -> Task | None:
        rows = (task for tasks in self.groups.values() for task in tasks)
        return next((task for task in rows if task.key == key), None)
