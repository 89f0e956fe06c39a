"""Ledgers as other offices lay them out, with the truth beside them; see also `ledgers.py`.

Each style is a way of working seen in the trade: a sheet a unit, sections with their own totals,
pages printed one below the other, a form of an auditor with blocks of columns, a list kept by a
system, a second table beside the first. A seed fills it with issues.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tests.spreadsheets.books import Page

DAYS: tuple[tuple[Any, str | None], ...] = (
    ("2023年5月20日", "2023-05-20"),
    ("2023-05-20", "2023-05-20"),
    ("5月20日之前", "2023-05-20"),
    ("２０２３年６月底前", "2023-06-30"),
    ("二〇二三年七月三日", "2023-07-03"),
    (date(2023, 6, 19), "2023-06-19"),
    ("10个工作日内", "2023-04-27"),
    ("三个月内", "2023-07-14"),
    ("第三季度", "2023-09-30"),
    ("年底前，长期坚持", "2023-12-31"),
    ("立行立改", "2023-04-21"),
    ("持续推进", None),
)
UNITS = ("区司法局", "区教育局", "区水利和湖泊局", "双桥镇人民政府", "各镇（街道）", "区委宣传部")
FAULTS = (
    "重大行政决策未经合法性审查",
    "行政处罚案卷缺少法制审核意见书{n}份",
    "规范性文件备案不及时，{n}件逾期",
    "法治宣传教育流于形式；\n普法责任清单未更新",
)
STEPS = ("建立台账逐项整改", "组织专题培训", "完善制度并印发", "明确专人负责")
MARKS: tuple[tuple[str | None, bool], ...] = (
    ("是", True), ("已销号", True), ("√", True), ("否", False), ("未销号", False), (None, False),
)  # fmt: skip


@dataclass
class Issue:
    """One issue as it must be read; `closed` None where the sheet does not say."""

    sheet: str
    row: int
    number: str | None
    units: list[str]
    text: str
    measures: list[str]
    day: str | None
    closed: bool | None
    category: str | None = None


@dataclass
class Office:
    """The pages of one office and what they say."""

    pages: list[Page] = field(default_factory=list)
    truth: list[Issue] = field(default_factory=list)
    mac: bool = False


class Writer:
    """Fills one sheet row by row."""

    def __init__(self, office: Office, name: str, chance: random.Random) -> None:
        self.office, self.name, self.chance = office, name, chance
        self.rows: list[list[Any]] = []
        self.merges: list[str] = []
        self.hidden_columns: list[str] = []

    def add(self, *cells: Any, wide: int = 0) -> int:
        self.rows.append(list(cells))
        if wide:
            self.merges.append(f"A{len(self.rows)}:{chr(64 + wide)}{len(self.rows)}")
        return len(self.rows)

    def down(self, top: int, bottom: int, columns: str) -> None:
        self.merges += [f"{letter}{top}:{letter}{bottom}" for letter in columns if bottom > top]

    def close(self) -> None:
        self.office.pages.append(
            Page(self.rows, name=self.name, merges=self.merges, hidden_columns=self.hidden_columns)
        )

    def facts(self, n: int) -> dict[str, Any]:
        """A random issue: what is written and what it means."""
        pick = self.chance.choice
        written, day = pick(DAYS)
        mark, closed = pick(MARKS)
        units = self.chance.sample(UNITS, pick((1, 1, 2)))
        return {
            "written": written, "day": day, "mark": mark, "closed": closed, "units": units,
            "units_text": pick(("、", "，", "\n", "；", " / ")).join(units),
            "text": pick(FAULTS).format(n=n),
            "measures": self.chance.sample(STEPS, pick((1, 2, 3))),
        }  # fmt: skip

    def true(self, row: int, n: int | str | None, facts: dict[str, Any], **other: Any) -> None:
        given = {key: facts[key] for key in ("units", "text", "measures", "day", "closed")} | other
        number = None if n is None else str(n)
        self.office.truth.append(Issue(self.name, row, number, **given))


def numbered(measures: list[str], style: str) -> str:
    return "\n".join(style.format(n=n) + text for n, text in enumerate(measures, 1))


def sheet_a_unit(office: Office, chance: random.Random) -> None:
    """一单位一表: no column of units; the name stands in the fill-in line or on the tab."""
    for unit in chance.sample(UNITS[:4], 3):
        sheet = Writer(office, unit, chance)
        sheet.add("法治政府建设督察问题整改清单", wide=5)
        if chance.random() < 0.5:
            sheet.add(f"填报单位（盖章）：{unit}", None, None, "2023年4月")
        sheet.add("序 号", "存在的问题", "整改措施", "完成时限", "是否销号")
        for n in range(1, chance.randint(3, 6)):
            facts = sheet.facts(n) | {"units": [unit]}
            steps = numbered(facts["measures"], "{n}.")
            row = sheet.add(f"{n}、", facts["text"], steps, facts["written"], facts["mark"])
            sheet.true(row, n, facts)
        sheet.add("负责人：", None, "填表人：")
        sheet.close()


def sections(office: Office, chance: random.Random) -> None:
    """分章节: the total first, sections 一、 with their own count, numbers going on."""
    sheet = Writer(office, "个性问题整改台账", chance)
    sheet.add("附件1")
    sheet.add("安和区个性问题整改台账", wide=6)
    sheet.add()
    sheet.add("序号", "问题描述", "责任部门", "整改举措", "整改期限", "销号情况")
    sheet.add("合计", "12条")
    n = 0
    for mark, name in (("一", "行政执法方面"), ("二", "政务公开方面")):
        sheet.add(f"{mark}、{name}", wide=6) if chance.random() < 0.5 else sheet.add(mark, name)
        for _ in range(chance.randint(2, 5)):
            n += 1
            facts = sheet.facts(n)
            steps = numbered(facts["measures"], "（{n}）")
            row = sheet.add(
                n, facts["text"], facts["units_text"], steps, facts["written"], facts["mark"]
            )
            sheet.true(row, n, facts, category=name)
        sheet.add("小计", f"{n}条")
    sheet.add("注：以上问题于4月14日交办。")
    sheet.close()


def printed_pages(office: Office, chance: random.Random) -> None:
    """打印分页: a measure a row, blocks cut where the page ends, the header again."""
    header = ["编号", "责任单位", "存在问题", "整改措施", "整改时限", "是否已销号"]
    sheet = Writer(office, "台账", chance)
    sheet.add("整改台账", wide=6)
    sheet.add(*header)
    for n in range(1, chance.randint(5, 10)):
        facts = sheet.facts(n)
        first = sheet.add(
            n, facts["units_text"], facts["text"], facts["measures"][0], facts["written"],
            facts["mark"],
        )  # fmt: skip
        top = first
        for place, measure in enumerate(facts["measures"][1:], 1):
            if chance.random() < 0.2:
                sheet.down(top, top + place - 1, "ABCEF") if top == first else None
                sheet.add(*header)
                top = -1
            last = sheet.add(None, None, None, measure)
            if top == first and place == len(facts["measures"]) - 1:
                sheet.down(first, last, "ABCEF")
        sheet.true(first, n, facts)
    sheet.add("第1页 共1页")
    sheet.close()


def auditors_form(office: Office, chance: random.Random) -> None:
    """审计式: two header rows, a block 其中, many columns that mean nothing to us, some hidden."""
    sheet = Writer(office, "审计整改", chance)
    sheet.add("2022年度法治督察（审计）问题整改情况表", wide=14)
    sheet.add("填报单位：区委依法治区办", *[None] * 8, "填报时间：2023年6月30日")
    sheet.add(
        "序号", "查出问题", "问题类型", "整改责任", None, None, "整改措施", "整改完成时限",
        "整改进展情况", "其中：", None, "是否完成整改", "是否销号", "备注",
    )  # fmt: skip
    bottom = sheet.add(
        None, None, None, "整改责任单位", "整改第一责任人", "联系人及电话", None, None, None,
        "已整改金额（万元）", "问责人数", None, None, None,
    )  # fmt: skip
    sheet.down(bottom - 1, bottom, "ABCGHILMN")
    sheet.merges += [f"D{bottom - 1}:F{bottom - 1}", f"J{bottom - 1}:K{bottom - 1}"]
    sheet.add(*range(1, 15))
    for n in range(1, chance.randint(4, 8)):
        facts = sheet.facts(n)
        steps = numbered(facts["measures"], "{n}、")
        row = sheet.add(
            f"（{n}）", facts["text"], "程序", facts["units_text"], "张某", "13800000000", steps,
            facts["written"], "正在推进", 12.5, 0, "否", facts["mark"], None,
        )  # fmt: skip
        sheet.true(row, n, facts, category="程序")
    sheet.hidden_columns = chance.choice(([], ["E", "F"], ["M"]))
    sheet.close()


def systems_list(office: Office, chance: random.Random) -> None:
    """系统导出: no title, codes for numbers, columns of a workbench."""
    sheet = Writer(office, "export", chance)
    sheet.add(
        "问题标题", "问题编码", "整改责任单位", "行业主管部门", "问题来源", "发生领域",
        "督导状态", "整改状态", "整改期限", "办结时间",
    )  # fmt: skip
    for n in range(1, chance.randint(4, 9)):
        facts = sheet.facts(n)
        code = f"FZ-2023-{n:03d}"
        row = sheet.add(
            facts["text"], code, facts["units_text"], "区司法局", "督察", "行政执法", "督导中",
            "整改中", facts["written"], None,
        )  # fmt: skip
        sheet.true(row, code, facts, measures=[], closed=None, category="行政执法")
    sheet.close()


def beside(office: Office, chance: random.Random) -> None:
    """旁边另有汇总表; and a summary on a sheet of its own."""
    sheet = Writer(office, "问题台账", chance)
    sheet.add("整改台账", *[None] * 6, "汇总")
    sheet.add(
        "序号", "责任单位", "存在问题", "具体措施", "完成时间", "销号与否", None, "单位", "问题数",
    )  # fmt: skip
    for n in range(1, chance.randint(4, 8)):
        facts = sheet.facts(n)
        side = (UNITS[n], n) if n < len(UNITS) else ()
        row = sheet.add(
            chr(0x2460 + n - 1), facts["units_text"], facts["text"],
            numbered(facts["measures"], "{n}."), facts["written"], facts["mark"], None, *side,
        )  # fmt: skip
        sheet.true(row, n, facts)
    sheet.add("总计", None, None, None, None, None, None, "合计", 21)
    sheet.close()
    summary = Writer(office, "汇总", chance)
    summary.add("单位", "存在问题", "已销号", "未销号")
    summary.add("区司法局", 3, 1, 2)
    summary.add("合计", 3, 1, 2)
    summary.close()


STYLES: tuple[Callable[[Office, random.Random], None], ...] = (
    sheet_a_unit, sections, printed_pages, auditors_form, systems_list, beside,
)  # fmt: skip


def office_of(seed: int) -> Office:
    """The office of a seed: its style by turns, its dates of either system."""
    chance = random.Random(seed)
    made = Office(mac=chance.random() < 0.2)
    STYLES[seed % len(STYLES)](made, chance)
    return made
