"""Several names or measures in one cell."""

import pytest

from lawgov.chinese.lists import split_numbered, split_persons, split_units


@pytest.mark.parametrize("mark", ["、", "，", ",", "；", ";", "/", "\n", "／", " / ", "；\n", "　"])
def test_units_are_split_at_every_separator(mark):
    assert split_units(f"区教育局{mark}区民政局") == ["区教育局", "区民政局"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("各镇（街道）、区直各单位", ["各镇（街道）", "区直各单位"]),
        ("部分县（市、区）政府，市司法局", ["部分县（市、区）政府", "市司法局"]),
        ("区发展和改革局", ["区发展和改革局"]),
        ("区文化和旅游局、区水利和湖泊局", ["区文化和旅游局", "区水利和湖泊局"]),
        ("1.区教育局\n2.区民政局", ["区教育局", "区民政局"]),
        ("责任单位：区教育局、区民政局。", ["区教育局", "区民政局"]),
        ("区教育局、区教育局", ["区教育局"]),
        ("公 安 局", ["公安局"]),
        ("曾都区 司法局", ["曾都区 司法局"]),
        ("团委 妇联", ["团委", "妇联"]),
        ("区教育局（牵头、区民政局", ["区教育局（牵头", "区民政局"]),
        ("—", []), ("/", []), ("", []),
    ],
)  # fmt: skip
def test_units_keep_their_brackets_and_their_and(text, names):
    assert split_units(text) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("张某", ["张某"]),
        ("王　伟、李四", ["王伟", "李四"]),
        ("张某 李某", ["张某", "李某"]),
        ("张某\n13800138000", ["张某"]),
        ("张某（局长），李某", ["张某（局长）", "李某"]),
        ("责任人：张某", ["张某"]),
    ],
)
def test_persons(text, names):
    assert split_persons(text) == names


@pytest.mark.parametrize(
    "style", ["{n}.", "{n}、", "（{n}）", "({n})", "{n}）", "{f}．", "（{f}）", "{c}"]
)
@pytest.mark.parametrize("between", ["；\n", "；", "。\n", ""])
def test_numbered_measures_are_split(style, between):
    measures = ["召开专题会议，研究第2、3项问题", "对2.0版系统补录15条数据", "建立台账"]
    text = "".join(
        style.format(n=n, f=chr(0xFF10 + n), c=chr(0x245F + n)) + measure + between
        for n, measure in enumerate(measures, 1)
    )
    assert split_numbered(text) == measures


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("召开专题会议。", ["召开专题会议"]),
        ("1.只有一条。", ["只有一条"]),
        ("1、2、3号案卷补正", ["1、2、3号案卷补正"]),
        ("一是加强学习；二是完善制度。", ["加强学习", "完善制度"]),
        ("一、建立机制\n二、开展培训", ["建立机制", "开展培训"]),
        ("（一）建立机制；（二）开展培训", ["建立机制", "开展培训"]),
        ("一、建立机制：1.开会；2.通报\n二、培训人员", ["建立机制：1.开会；2.通报", "培训人员"]),
        ("整改措施如下：\n1.建立台账\n2.完善制度", ["建立台账", "完善制度"]),
        ("先行停用。1.建立台账；2.完善制度", ["先行停用", "建立台账", "完善制度"]),
        ("● 建立台账\n● 完善制度", ["建立台账", "完善制度"]),
        ("建立台账\n完善制度", ["建立台账\n完善制度"]),
        ("2023年4月完成1.5万件", ["2023年4月完成1.5万件"]),
        ("", []),
    ],
)
def test_what_is_numbered_and_what_only_holds_numbers(text, items):
    assert split_numbered(text) == items


def test_ten_and_more_measures():
    text = "\n".join(f"{n}.措施{chr(0x4E00 + n)}项" for n in range(1, 15))
    assert len(split_numbered(text)) == 14
