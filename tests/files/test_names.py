import pytest

from lawgov.files.names import LENGTH, shown_name, stem


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("审核登记表.xlsx", "审核登记表.xlsx"),
        ("C:\\Users\\王某\\审核登记表.xlsx", "审核登记表.xlsx"),
        ("../../etc/passwd", "passwd"),
        ("登记表\u202exslx.exe", "登记表xslx.exe"),  # right-to-left override
        ("登\u200b记\x00表\r\n.pdf", "登记表.pdf"),
        ("  登记表  第 1 版 .pdf ", "登记表 第 1 版 .pdf"),
        ("cafe\u0301.pdf", "café.pdf"),
        ("", "未命名文件"),
        ("\u202e\u200f", "未命名文件"),
        (".htaccess", "htaccess"),
        ("...", "未命名文件"),
    ],
)
def test_names_are_text_for_the_eye(raw, shown):
    assert shown_name(raw) == shown


def test_a_long_name_keeps_its_extension():
    name = shown_name("长" * 300 + ".pdf")
    assert len(name) == LENGTH and name.endswith("长.pdf")


def test_the_stem_is_the_default_title():
    assert stem("2026年审核登记表.xlsx") == "2026年审核登记表"
    assert stem("安司审〔2026〕5号") == "安司审〔2026〕5号"
