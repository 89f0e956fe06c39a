import pytest

from indicators.evidence.classified import first_marking, marking

MARKED = [
    "秘密★1年",
    "机密★长期",
    "绝密★启用前",
    "秘密★",
    "绝密级",
    "机密级文件",
    "秘密级",
    "机 密 ★ 5 年",
    "秘\u3000密\u3000★",  # ideographic spaces
    "绝\u200b密\u200b★长期",  # zero-width spaces
    "机密\u202e★",  # direction mark
    "机密\n★\n20年",  # star on the next line of a PDF
    "秘密\ufe0f⭐\ufe0f3年",  # emoji star
    "秘密☆1年",
    "秘密*10年",
    "秘密＊长期",  # full-width asterisk
    "機密★長期",  # traditional script
    "祕密級以下不算，絕密★",
    "附件：机密级.docx",
    "本件为绝密级国家秘密，知悉范围见附表",
]
ORDINARY = [
    "商业秘密",
    "商业秘密★★★ 保护示范点",  # a rating
    "《中华人民共和国保守国家秘密法》宣传",
    "保守国家秘密",
    "信息机密性、完整性、可用性",
    "国家秘密分为绝密、机密、秘密三级",
    "绝密、机密、秘密",
    "保密级别",
    "确定秘密级别的程序",
    "机密等级保护",
    "个人秘密",
    "技术秘密级联保护",
    "公开★ 主动公开",
    "★秘密花园普法剧",
    "五星★★★★★",
    "**秘密**二字",  # emphasis in a text file
    "机要密码",
    "秘书处密切配合",
    "紧密级联企业",
    "保密工作自查自评表",
]


def test_the_tables_are_as_long_as_promised():
    assert len(set(MARKED)) == len(set(ORDINARY)) == 20


@pytest.mark.parametrize("text", MARKED)
def test_marking_is_found(text):
    assert marking(f"安和区文件 {text} 第3号")


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_words_pass(text):
    assert marking(f"安和区文件 {text} 第3号") is None


def test_texts_are_looked_at_by_themselves():
    assert first_marking("清单", "", "机密★") == "机密★"
    assert first_marking("秘密", "★1年") is None
