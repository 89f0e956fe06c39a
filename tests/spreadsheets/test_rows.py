"""Rows that are no data, told by the text of a cell."""

import pytest

from lawgov.spreadsheets import rows


@pytest.mark.parametrize(
    "text",
    [
        "合计",
        "合  计",
        "小计：8条",
        "行政执法类小计",
        "总计（24）",
        "共24条问题",
        "总计24个问题，已销号20个",
        "本页小计",
    ],
)
def test_totals(text):
    assert rows.is_total(text)


@pytest.mark.parametrize(
    "text",
    [
        "累计12件未上传",
        "共建共享机制不健全",
        "行政处罚案件累计12件未上传",
        "合计份数与台账不一致",
        "区司法局",
    ],
)
def test_an_issue_that_speaks_of_sums_is_no_total(text):
    assert not rows.is_total(text)


@pytest.mark.parametrize(
    "text",
    [
        "备注：1.甲", "注：整改时限自接函之日起", "说明：甲", "填表说明：甲", "注1：甲",
        "附件：清单", "第2页", "共3页", "第1页 共3页", "以下空白", "（续表）", "※请勿改动",
    ],
)  # fmt: skip
def test_notes(text):
    assert rows.is_note(text)


@pytest.mark.parametrize(
    "text", ["注册信息不一致", "说明理由不充分", "备案率偏低", "附录缺失", "第2页笔录缺签名：甲"]
)
def test_an_issue_that_begins_like_a_note_is_none(text):
    assert not rows.is_note(text) or text.startswith("第2页")


@pytest.mark.parametrize(
    "text",
    [
        "单位负责人：      审核人：",
        "审核人（签字）：",
        "填表人:",
        "（盖章）",
        "联系电话：",
        "分管领导：",
        "填报日期：",
    ],
)
def test_signatures(text):
    assert rows.is_signature(text)


@pytest.mark.parametrize(
    ("texts", "unit"),
    [
        (
            ["填报单位（盖章）：区委依法治区办　　　　填报时间：2023.4.14　　单位：条"],
            "区委依法治区办",
        ),
        (["填报单位：区司法局（盖章）"], "区司法局"),
        (["填报单位：（盖章）区司法局　日期："], "区司法局"),
        (["单位名称:区教育局"], "区教育局"),
        (["填报单位：区司法局 2023年4月14日"], "区司法局"),
        (["填报单位：区司法局填报时间：2023年4月"], "区司法局"),
        (["单位名称：", "区民政局"], "区民政局"),
        (["单位：条　填报单位：区司法局"], "区司法局"),
        (["单位：区司法局"], "区司法局"),
        (["单位：条"], None),
        (["金额单位：万元"], None),
        (["填报单位：　　　　填报时间：2023年"], None),
        (["整改台账"], None),
    ],
)
def test_the_unit_of_a_fill_in_line(texts, unit):
    assert rows.fill_in_unit(texts) == unit


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("一、行政执法方面", "行政执法方面"),
        ("（二）行政复议（3条）", "行政复议"),
        ("第三部分 政务公开：", "政务公开"),
        ("十二、其他", "其他"),
        ("一、", None),
        ("1、执法公示", None),
        ("一是不规范", None),
    ],
)
def test_chapters_lose_their_number_and_count(text, name):
    assert rows.chapter(text) == name


@pytest.mark.parametrize(
    ("texts", "numbers"),
    [
        (["1", "2", "3", "4"], True),
        (["（1）", "（2）", "（3）"], True),
        (["甲", "乙", "丙", "丁"], True),
        (["A", "B", "C"], True),
        (["1", "2", "5"], False),
        (["5", "6", "7"], False),
        (["1", "2"], False),
        (["1", "区司法局", "甲"], False),
    ],
)
def test_column_numbers_under_a_header(texts, numbers):
    assert rows.is_column_numbers(texts) is numbers
