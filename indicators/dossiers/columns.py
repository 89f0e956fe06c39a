"""The columns of the contents list 卷内目录, in order; domain guide §7 and §8.9.

Widths are those of an upright page; the numbers of pages are text where a person writes them, for
`7-9` typed into a plain cell becomes the ninth of July.
"""

from __future__ import annotations

from lawgov.spreadsheets.columns import Column

CONTENTS = (
    Column("number", "序号", aliases=("顺序号",), kind="number", width=7.6, align="center"),
    Column("document_number", "文号", aliases=("发文字号", "文件编号"), width=21.5),
    Column("author", "责任者", aliases=("发文机关",), width=15, align="center"),
    Column("title", "题名", aliases=("文件题名",), width=36),
    Column(
        "day",
        "日期",
        aliases=("成文日期",),
        kind="date",
        width=10.5,
        align="center",
        number_format="yyyymmdd",
    ),
    Column("leaves", "页号", aliases=("页次",), width=9, align="center", number_format="@"),
    Column("remark", "备注", width=7, align="center"),
)
