"""Ledgers nobody has seen: random layouts of the trade with the truth beside them.

A seed decides the headers' names and order, one or two header rows, how units, numbers, dates and
measures are written, and what lies between the issues. The truth is made first, the sheet after.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tests.spreadsheets.books import Page

YEAR, ISSUED_ON = 2023, date(2023, 4, 14)

UNITS = (
    "区司法局", "区教育局", "区发展和改革局", "区水利和湖泊局", "双桥镇人民政府", "区委宣传部",
    "各镇（街道）", "区直各单位", "市公安局城南分局", "区文化和旅游局", "区残联", "经开区管委会",
)  # fmt: skip
TEXTS = (
    "执法公示不规范，漏报信息{n}条。",
    "执法公示不规范：\n一是漏报{n}条；\n二是未更新。",
    "2022年行政处罚案卷{n}本缺少告知书，累计3次未整改。",
    "未制定2023年普法责任清单（第{n}项）",
    "合计{n}份合同未经审查",
)
MEASURES = (
    "建立文件制定年度计划和目录清单",
    "对照问题清单逐件核查，建立工作底稿",
    "召开专题会议研究，明确一名班子成员负责落实",
    "每季度开展一次内部抽查并通报结果",
    "对2.0版系统补录第2、3项数据",
)
DEADLINES: tuple[tuple[Any, str, str | None], ...] = (
    ("2023年5月20日", "fixed", "2023-05-20"),
    ("2023.5.20", "fixed", "2023-05-20"),
    ("２０２３年５月２０日前", "fixed", "2023-05-20"),
    ("二〇二三年六月三日", "fixed", "2023-06-03"),
    (date(2023, 6, 19), "fixed", "2023-06-19"),
    ("6月底前", "fixed", "2023-06-30"),
    ("年底前", "fixed", "2023-12-31"),
    ("上半年", "fixed", "2023-06-30"),
    ("2023年5月", "fixed", "2023-05-31"),
    ("10个工作日内", "fixed", "2023-04-27"),
    ("15日内", "fixed", "2023-04-29"),
    ("3个月内", "fixed", "2023-07-14"),
    ("2023年4月16日—24日", "fixed", "2023-04-24"),
    ("立行立改", "immediate", "2023-04-21"),
    ("长期坚持", "long_term", None),
    ("2023年底前，并长期坚持", "compound", "2023-12-31"),
    ("立行立改，长期坚持", "compound", "2023-04-21"),
    ("近期", "unknown", None),
    (None, "none", None),
)
HEADERS: dict[str, tuple[str, ...]] = {
    "number": ("序号", "序  号", "编号", "问题编号", "序\n号"),
    "units": ("责任单位", "整改责任\n单位", "责任部门", "被检查单位", "整改单位", "涉及单位"),
    "category": ("问题类别", "方面", "问题类型", "所属方面"),
    "text": (
        "存在问题",
        "问题描述",
        "存在的主要问题",
        "发现的问题",
        "督察发现问题",
        "问题表述（逐条）",
    ),
    "requirement": ("整改要求", "整改建议"),
    "measures": ("整改措施", "具体整改措施", "整改举措", "措施"),
    "persons": ("责任人", "整改责任人", "责 任 人", "责任人（签字）"),
    "deadline": ("完成时限", "整改时限", "整改期限", "完成期限", "截止时间", "完成时限（年月日）"),
    "progress": ("整改进展", "整改情况", "整改落实情况", "整改完成情况"),
    "closed": ("是否销号", "销号情况", "是否已销号"),
    "closed_on": ("销号时间", "闭环时间", "销号日期", "复查通过时间"),
    "remark": ("备注", "备　注"),
    "other": ("联系电话", "检查日期", "问题来源"),
}
NUMBERS = ("{n}", "（{n}）", "{n}、", "{n}.", "({n})", "第{n}条")
YES, NO = ("是", "√", "已销号"), ("否", "未销号")


@dataclass
class Truth:
    """What one issue must be read as; `rows` are all its rows."""

    row: int
    number: str
    category: str | None
    text: str
    measures: list[str]
    units: list[str]
    deadline: tuple[str, str | None]  # kind and day
    closed: bool | None
    closed_date: str | None
    rows: list[int] = field(default_factory=list)


class Ledger:
    """One random sheet; `truth` in order, `others` the rows that are no issues."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.truth: list[Truth] = []
        self.cells: list[list[Any]] = []
        self.merges: list[str] = []
        self.hidden: list[int] = []
        optional = ["category", "requirement", "persons", "progress", "closed", "closed_on"]
        optional += ["remark", "other"]
        keys = ["units", "text", "measures", "deadline"]
        keys += [key for key in optional if self.random.random() < 0.6]
        self.random.shuffle(keys)
        self.keys = ["number", *keys]
        self.chapters = "category" not in keys and self.random.random() < 0.4
        self.chapter: str | None = None
        self.style = self.random.choice(("cell", "rows", "mixed"))
        self._write()

    def page(self) -> Page:
        return Page(self.cells, name="台账", merges=self.merges, hidden_rows=self.hidden)

    def at(self, key: str) -> int:
        return self.keys.index(key) + 1

    # -- writing --------------------------------------------------------------------------------

    def _add(self, *cells: Any, wide: bool = False) -> int:
        self.cells.append(list(cells))
        row = len(self.cells)
        if wide:
            self.merges.append(f"A{row}:{chr(64 + len(self.keys))}{row}")
        return row

    def _write(self) -> None:
        chance = self.random.random
        self._add("安和区法治政府建设专项督察整改台账", wide=chance() < 0.7)
        if chance() < 0.6:
            self._add(
                "填报单位（盖章）：区委依法治区办　　　填报时间：2023年4月14日　　单位：条",
                wide=True,
            )
        if chance() < 0.3:
            self._add()
        names = {key: self.random.choice(HEADERS[key]) for key in self.keys}
        self.two_rows = chance() < 0.4 and {"measures", "deadline"} <= set(self.keys)
        self._header(names)
        if chance() < 0.3:
            self._add(*range(1, len(self.keys) + 1))
        if chance() < 0.2:
            self._total("合计")
        for number in range(1, self.random.randint(6, 14)):
            if self.chapters and (number == 1 or chance() < 0.3):
                self._chapter(number)
            self._issue(number)
            if chance() < 0.08:
                self._total(self.random.choice(("小计", "小  计")))
            if chance() < 0.06:
                self._add()
                self._header(names)
        if chance() < 0.5:
            self._total("合  计")
        if chance() < 0.5:
            self._add("注：1.整改时限自接函之日起计算；2.逾期的予以通报。", wide=chance() < 0.5)
        if chance() < 0.5:
            self._add("单位负责人：      审核人：      填表人：", wide=chance() < 0.5)
        self.hidden = [truth.row for truth in self.truth if chance() < 0.05]

    def _header(self, names: dict[str, str]) -> None:
        upper = [names[key] for key in self.keys]
        if not self.two_rows:
            self._add(*upper)
            return
        lower: list[Any] = [None] * len(upper)
        first = self.at("measures")
        last = first
        while last < len(self.keys) and self.keys[last] in ("deadline", "persons", "progress"):
            last += 1
        for place in range(first, last + 1):
            lower[place - 1] = upper[place - 1]
            upper[place - 1] = None
        upper[first - 1] = self.random.choice(("整改安排", "其中：整改要求", "整改任务分解"))
        top = self._add(*upper)
        self._add(*lower)
        if last > first:
            self.merges.append(f"{chr(64 + first)}{top}:{chr(64 + last)}{top}")
        for place in range(1, len(self.keys) + 1):
            if not first <= place <= last:
                self.merges.append(f"{chr(64 + place)}{top}:{chr(64 + place)}{top + 1}")

    def _total(self, word: str) -> None:
        cells: list[Any] = [word] + [None] * (len(self.keys) - 1)
        cells[self.at("text") - 1] = f"{len(self.truth)}条"
        self._add(*cells)

    def _chapter(self, number: int) -> None:
        name = self.random.choice(("行政执法方面", "重大行政决策方面", "政务公开方面"))
        mark = "一二三四五六七八九十"[number % 10]
        self._add(f"{mark}、{name}", wide=self.random.random() < 0.6)
        self.chapter = name

    def _issue(self, number: int) -> None:
        pick = self.random.choice
        units = self.random.sample(UNITS, pick((1, 1, 1, 2, 3)))
        measures = self.random.sample(MEASURES, pick((1, 1, 2, 3)))
        written, kind, day = pick(DEADLINES)
        category = pick(("普法责任", "行政执法")) if "category" in self.keys else self.chapter
        closed, closed_on = self._closing()
        text = pick(TEXTS).format(n=number)
        cells: dict[str, Any] = {
            "number": self._number(number),
            "units": pick("、；，/\n").join(units),
            "category": category if "category" in self.keys else None,
            "text": pick(("", "\u3000", " ")) + text + pick(("", "\u200b  ", "\u3000")),
            "requirement": "限期整改。",
            "persons": "张某",
            "deadline": written,
            "progress": pick((None, "正在推进，预计8月完成。")),
            "closed": None if closed is None else pick(YES if closed else NO),
            "closed_on": closed_on,
            "remark": pick((None, "已报区委依法治区办")),
            "other": "13800000000",
        }
        in_rows = self.style == "rows" or (self.style == "mixed" and pick((True, False)))
        if in_rows and len(measures) > 1:
            rows = self._issue_in_rows(cells, measures)
        else:
            cells["measures"] = self._numbered(measures)
            rows = [self._add(*(cells[key] for key in self.keys))]
        self.truth.append(
            Truth(
                rows[0], str(number), category, text, measures, units, (kind, day),
                (closed or False) if "closed" in self.keys else None,
                closed_on and "2023-05-17", rows,
            )
        )  # fmt: skip

    def _issue_in_rows(self, cells: dict[str, Any], measures: list[str]) -> list[int]:
        rows = []
        for place, measure in enumerate(measures):
            here = {**cells, "measures": measure} if place == 0 else {"measures": measure}
            rows.append(self._add(*(here.get(key) for key in self.keys)))
        if self.random.random() < 0.8:
            for key in self.keys:
                if key != "measures":
                    letter = chr(64 + self.at(key))
                    self.merges.append(f"{letter}{rows[0]}:{letter}{rows[-1]}")
        return rows

    def _number(self, number: int) -> Any:
        if self.random.random() < 0.4:
            return number
        text = self.random.choice(NUMBERS).format(n=number)
        if self.random.random() < 0.3:
            text = text.translate({48 + n: 0xFF10 + n for n in range(10)})
        return text

    def _closing(self) -> tuple[bool | None, Any]:
        closed = self.random.choice((True, False, None)) if "closed" in self.keys else None
        day = self.random.choice(("2023年5月17日", "2023.5.17", "5月17日", date(2023, 5, 17)))
        return closed, day if closed and "closed_on" in self.keys else None

    def _numbered(self, measures: list[str]) -> str:
        if len(measures) == 1:
            return measures[0] + self.random.choice(("", "。"))
        style = self.random.choice(
            ("{n}.{m}；", "{n}、{m}。", "（{n}）{m}；", "{c}{m}", "{f}．{m}；")
        )
        parts = [
            style.format(n=n, m=m, c=chr(0x2460 + n - 1), f=chr(0xFF10 + n))
            for n, m in enumerate(measures, 1)
        ]
        return self.random.choice(("\n", "")).join(parts)
