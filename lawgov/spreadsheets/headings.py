"""Header cells by name: `整改责任\\n单位`, `完 成 时 限（年月日）`, `3.责任单位` are known."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from lawgov.chinese.numerals import NUMERALS
from lawgov.chinese.text import fold
from lawgov.spreadsheets.columns import Column

LONGEST = 25  # characters of a header cell, folded; data is longer as a rule

_BRACKETS = re.compile(r"[(\[【〔][^)\]】〕]*[)\]】〕]")
# 存在问题（个）counts issues, it does not tell them.
_COUNTS = re.compile(r"[(\[]单?位?:?(?:个|条|项|件|数|数量|次|家|人|分|%|万元)[)\]]")
_LEADING = re.compile(rf"^(?:[(]?(?:\d{{1,2}}|[{NUMERALS}]{{1,3}})[).、])")
_EDGES = "*:、。,.·★※-—_"
_SHORTEST_ENDING = 3
# Where nothing better is found: 被审计单位, 需整改问题, 落实时限, 办理进展.
_TELLING_ENDINGS = frozenset(
    {"单位", "部门", "问题", "时限", "期限", "措施", "举措", "目标", "要求", "类别", "进展"}
)
_ORDINAL = re.compile(rf"[(]?[{NUMERALS}1-9]{{1,2}}[)]?$")  # 措施一, 责任单位2
# What may follow a name without another meaning: 佐证材料名称, 问题具体情况, 责任人签字.
_EMPTY_TAIL = re.compile(
    r"(?:情况|具体|名称|姓名|清单|明细|目录|内容|详情|概[述况]|简[述要]|摘要|说明|信息|事项|栏|签[字名])$"
)
_MORE = re.compile(r"[及与和].{1,8}$")  # 反馈意见及建议


@lru_cache(maxsize=4096)
def heading(text: str) -> str:
    """The form under which header cells are compared; empty for a cell without letters."""
    folded = fold(text).casefold()
    if _COUNTS.search(folded):
        return folded
    bare = _BRACKETS.sub("", folded).strip(_EDGES)
    bare = _LEADING.sub("", bare).strip(_EDGES)
    return bare or folded


def stem(text: str) -> str | None:
    """措施 of 措施一 and 措施2; None for a header cell without a number at its end."""
    folded = fold(text)
    bare = _ORDINAL.sub("", folded)
    return bare if bare and bare != folded else None


def is_counted(text: str) -> bool:
    """Whether a header cell says that it counts: 存在问题（条）."""
    return bool(_COUNTS.search(fold(text)))


def uncounted(text: str) -> str:
    """存在问题（条）as 存在问题, for a column that holds texts after all."""
    return _COUNTS.sub("", fold(text))


@dataclass(frozen=True, slots=True)
class Match:
    """A column meant by a header cell; of two cells for one column the lower `rank` wins."""

    column: Column
    rank: int


class Names:
    """The names of a list of columns; exact ones first, then known endings (督察发现的问题)."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self.columns = tuple(columns)
        self._exact: dict[str, Match] = {}
        for column in columns:
            for rank, name in enumerate(column.names):
                self._exact.setdefault(heading(name), Match(column, rank))
        endings = (
            name
            for name in self._exact
            if len(name) >= _SHORTEST_ENDING or name in _TELLING_ENDINGS
        )
        self._endings = sorted(endings, key=len, reverse=True)
        required = (name for column in columns if column.required for name in column.names)
        self._required = re.compile("|".join(map(re.escape, required)) or "(?!)")
        self._memory: dict[str, Match | None] = {}

    def find(self, *labels: str, common: str = "") -> Match | None:
        """The column meant by the labels of one cell, the most telling label first.

        An exact name in any label goes before one with an empty tail, then an ending, then a name
        with more behind it; `common`, the text of a header over several columns, speaks only where
        the labels say nothing.
        """
        known = [heading(label) for label in labels]
        found = [match for label in known if (match := self._exact.get(label))]
        if found:
            same = [match for match in found if match.column is found[0].column]
            return min(same, key=lambda match: match.rank)
        for way in (self._by_beginning, self._by_ending, self._before_more):
            for label in known:
                if match := way(label):
                    return match
        if common and (match := self.find(common)):
            return Match(match.column, match.rank + 2000)
        return None

    def may_be_required(self, text: str) -> bool:
        """A quick look before `find`: whether the name of a required column occurs in a text."""
        return bool(self._required.search("".join(text.split())))

    def _by_beginning(self, label: str) -> Match | None:
        """Never a required column by a number behind it: 问题1 may well be an issue."""
        exact = self._exact.get(_ORDINAL.sub("", label))
        if exact and not exact.column.required:
            return Match(exact.column, exact.rank + 500)
        bare, tail = label, _EMPTY_TAIL.search(label)
        while tail:
            bare = bare[: tail.start()]
            if exact := self._exact.get(bare):
                return Match(exact.column, exact.rank + 500)
            tail = _EMPTY_TAIL.search(bare)
        return None

    def _before_more(self, label: str) -> Match | None:
        exact = self._exact.get(_MORE.sub("", label))
        return Match(exact.column, exact.rank + 1500) if exact else None

    def _by_ending(self, label: str) -> Match | None:
        if label not in self._memory:
            self._memory[label] = None
            if len(label) <= LONGEST:
                ending = next((name for name in self._endings if label.endswith(name)), None)
                if ending:
                    exact = self._exact[ending]
                    self._memory[label] = Match(exact.column, exact.rank + 1000)
        return self._memory[label]
