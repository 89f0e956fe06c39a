import pytest

from indicators.evidence.slots import proposed_slot

SLOTS = ["合法性审核意见书", "审核登记表", "采纳情况反馈表"]


@pytest.mark.parametrize(
    ("name", "missing", "slot"),
    [
        ("2026年合法性审核意见书（14件）.pdf", [], "合法性审核意见书"),
        ("规范性文件审核登记表.xlsx", SLOTS, "审核登记表"),
        ("扫描件001.pdf", ["采纳情况反馈表"], "采纳情况反馈表"),
        ("扫描件001.pdf", [], ""),
        ("关于印发规程的通知.pdf", [], ""),
        ("审核.pdf", ["审核登记表"], "审核登记表"),  # two characters are chance
        ("扫描件.pdf", ["别的要求"], ""),  # a required slot that the hint no longer has
    ],
)
def test_slot_is_proposed_by_the_name(name, missing, slot):
    assert proposed_slot(name, SLOTS, missing) == slot


def test_without_slots_there_is_none():
    assert proposed_slot("意见书.pdf", [], []) == ""
