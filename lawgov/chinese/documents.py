"""Document numbers 发文字号: agency code, year in 〔〕, running number, 号."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lawgov.chinese.text import fold

# NFKC turns full-width brackets into half-width ones; ﹝﹞ become 〔〕.
_NUMBER = re.compile(
    r"(?P<agency>[^\W\d_]{1,20})[〔\[(【](?P<year>(?:19|20)\d\d)年?[〕\])】]第?0*(?P<number>[1-9]\d{0,4})号"
)
_MASKED = re.compile(r"[XxＸ×*]")


@dataclass(frozen=True, slots=True, order=True)
class DocumentNumber:
    """曾法办〔2023〕5号 in its three parts; series run per agency and year."""

    agency: str
    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.agency}〔{self.year}〕{self.number}号"


def read_document_number(text: str) -> DocumentNumber:
    """A document number in any of the brackets people type, read into its parts.

    Full-width digits, 第 and leading zeros are put right: `曾法办[2023]第05号` → 曾法办〔2023〕5号.
    ValueError with a Chinese sentence for a broken one (株县发20174, 发〔〕33号) or a masked one
    (X办发〔X〕11X号): what is lost is not guessed.

    Source: domain guide §9, after GB/T 9704-2012.
    """
    folded = fold(text)
    match = _NUMBER.fullmatch(folded)
    if match and not _MASKED.search(match["agency"]):
        return DocumentNumber(match["agency"], int(match["year"]), int(match["number"]))
    if not folded:
        raise ValueError("没有发文字号")
    if _MASKED.search(folded):
        raise ValueError(f"发文字号“{text.strip()}”被遮盖，请填写完整")
    raise ValueError(f"发文字号“{text.strip()}”不完整，应为“机关代字〔年份〕序号号”")
