"""The columns of a table of holidays, a day a row."""

from lawgov.spreadsheets.columns import Column

HOLIDAYS = (
    Column("day", "日期", aliases=("放假日期", "date"), kind="date", width=14),
    Column("what", "安排", aliases=("类型", "放假或上班", "是否上班"), width=10),
    Column("name", "节日", aliases=("名称", "节日名称", "节假日"), width=16),
)
