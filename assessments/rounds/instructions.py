"""The sheet 填表说明 behind the self-assessment sheet: twelve sentences for who fills it in."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Protocol

from lawgov.spreadsheets import layout
from lawgov.spreadsheets.layout import Page
from lawgov.spreadsheets.sheet import Cell, Row, Sheet
from lawgov.spreadsheets.styles import HEADER, TITLE, Look

NAME = "填表说明"

_WIDTHS = (6, 16, 66)
_TEXT = Look(size=11)
_CENTRE = replace(_TEXT, align="center")
_AIR = 4.0  # points more than a data row needs: this page is read, not filled in


class Heading(Protocol):
    """What the last sentence names: until when, and to whom. None and "" leave it out."""

    @property
    def hand_in_by(self) -> date | None: ...

    @property
    def hand_in_to(self) -> str: ...


def instructions_sheet(indicators: int, heading: Heading) -> Sheet:
    """填表说明, on one upright page."""
    sentences = (
        (
            "填报范围",
            f"每项指标填一行，共{indicators}项。分值为本地设定的默认分值，不是官方公布的分值。",
        ),
        (
            "可填写栏目",
            "责任单位只填“自评得分”“自评说明”“佐证材料”“备注”四栏，其余单元格已锁定。行高可以自行拉高。",
        ),
        ("自评得分", "填0至本项分值之间的数，0.5分一档。未填不等于0分；确无成绩的填0。"),
        ("自评说明", "写清做了什么、数量多少、依据何在，一般不超过100字。不得只写“已落实”。"),
        (
            "佐证材料",
            "一行一件，按“1.”“2.”编号写材料名称；测评方式为网络检索的，附公开网址。涉密文件一律不得列入。",
        ),
        (
            "不适用的指标",
            "“自评得分”留空，“备注”选“不适用”，“自评说明”写明理由。合计时从分母中扣除该项分值。",
        ),
        (
            "扣分原因",
            "任何一个得分低于分值的，由审核人或核验人写明原因；可从下拉列表选，也可自行填写。",
        ),
        (
            "三个得分",
            "自评、牵头单位审核、核验三个得分并列保留，互不覆盖。后一得分与前一得分不同的，必须写明原因。",
        ),
        (
            "颜色和标记",
            "得分低于分值：浅黄底、红色加粗、加下划线。有分无证或扣分无因：斜线底纹。"
            "黑白打印时以下划线和底纹辨认。",
        ),
        ("小计与合计", "每个方面一行小计，最后为合计，均由公式自动计算，请勿改动。"),
        ("打印", "A4纸横向，宽度自动调整为一页，表头每页重复。打印前不必再调整分页。"),
        ("报送", _hand_in(heading)),
    )
    return Sheet(
        NAME,
        _WIDTHS,
        (
            _title(),
            Row(
                tuple(Cell(text, replace(HEADER, size=11)) for text in ("序号", "事项", "说明")), 24
            ),
            *(_row(number, *sentence) for number, sentence in enumerate(sentences, 1)),
        ),
        page=Page(landscape=False, left=22, right=20, top=25, bottom=22),
        repeated=(2, 2),
        freeze="A3",
    )


def _title() -> Row:
    return Row((Cell("填 表 说 明", TITLE), None, None), 40, spans=((1, 3),))


def _row(number: int, subject: str, text: str) -> Row:
    height = layout.text_height(text, _WIDTHS[2], _TEXT.size) + _AIR
    return Row(
        (Cell(number, _CENTRE), Cell(subject, _CENTRE), Cell(text, _TEXT)), max(height, 28.0)
    )


def _hand_in(heading: Heading) -> str:
    by, to = heading.hand_in_by, heading.hand_in_to
    until = f"于{by.year}年{by.month}月{by.day}日前" if by else ""
    where = f"报{to}" if to else "按通知要求报送"
    return f"经单位负责人签字、加盖公章后，{until}将纸质件和电子表{where}。"
