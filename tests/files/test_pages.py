"""Looking into files and drawing their pages, in the child process and for real."""

import pytest
from PIL import Image

from lawgov.files import pages, store
from lawgov.files.pages import Unreadable
from tests import papers

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(autouse=True)
def data_dir(settings, tmp_path):
    settings.DATA_DIR = tmp_path


def look(tmp_path, content, media_type):
    path = tmp_path / "file"
    path.write_bytes(content)
    return pages.look(path, media_type)


@pytest.mark.parametrize(
    ("content", "media_type", "count", "text"),
    [
        (papers.pdf("审核意见", "第二页"), PDF, 2, "审核意见"),
        (papers.picture(), "image/png", 1, ""),
        (papers.picture("JPEG"), "image/jpeg", 1, ""),
        (papers.docx("正文", header="机密★长期"), DOCX, None, "机密★长期"),
        (papers.xlsx("秘密★1年"), XLSX, None, "秘密★1年"),
        (papers.ofd("绝密★启用前"), "application/ofd", None, "绝密★启用前"),
        ("登记表".encode(), "text/plain", None, "登记表"),
        ("登记表".encode("gb18030"), "text/csv", None, "登记表"),
        ("登记表".encode("utf-16"), "text/plain", None, "登记表"),
        (b"\xff\xd8\xff whatever", "application/octet-stream", None, ""),
    ],
)
def test_a_look_counts_pages_and_reads_the_start(tmp_path, content, media_type, count, text):
    found = look(tmp_path, content, media_type)
    assert found.pages == count
    assert text in found.text


def test_only_the_first_three_pages_are_read(tmp_path):
    found = look(tmp_path, papers.pdf("一页", "二页", "三页", "四页"), PDF)
    assert found.pages == 4
    assert "三页" in found.text and "四页" not in found.text


@pytest.mark.parametrize(
    ("content", "media_type", "word"),
    [
        (b"%PDF-1.4 and then nothing", PDF, "打不开"),
        (papers.pdf(password=True), PDF, "密码"),
        (b"\x89PNG\r\n\x1a\n broken", "image/png", "打不开"),
        (b"PK\x03\x04 broken", DOCX, "打不开"),
        (papers.archive({"word/document.xml": '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'}), DOCX,
         "打不开"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said(tmp_path, content, media_type, word):
    with pytest.raises(Unreadable) as refused:
        look(tmp_path, content, media_type)
    assert word in refused.value.sentence


def stored(content):
    return store.put([content], limit=len(content)).sha256


def test_pages_are_drawn_as_fresh_jpegs_and_kept(tmp_path):
    sha256 = stored(papers.pdf("一", "二", "三"))
    picture = pages.page_picture(sha256, PDF, 2)
    with Image.open(picture) as drawn:
        assert drawn.format == "JPEG" and drawn.width > 1000
    assert sorted(path.name for path in picture.parent.iterdir()) == ["2.jpg", "3.jpg", "lock"]
    before = picture.stat().st_mtime_ns
    assert pages.page_picture(sha256, PDF, 2).stat().st_mtime_ns == before


def test_pictures_lose_their_metadata(tmp_path):
    exif = Image.Exif()
    exif[0x010F] = "place of the photograph"
    path = tmp_path / "photo.jpg"
    Image.new("RGB", (3000, 2000), "blue").save(path, exif=exif)
    drawn = pages.page_picture(stored(path.read_bytes()), "image/jpeg", 1)
    assert b"place of the photograph" not in drawn.read_bytes()
    with Image.open(drawn) as small:
        assert small.size == (1400, 933)


@pytest.mark.parametrize("number", [0, 2, 21, 10**9])
def test_there_is_no_page_beyond_the_last(tmp_path, number):
    sha256 = stored(papers.pdf("只有一页"))
    with pytest.raises(Unreadable):
        pages.page_picture(sha256, PDF, number)


def test_pages_beyond_the_twentieth_are_not_drawn(tmp_path):
    sha256 = stored(papers.pdf(*(f"第{n}页" for n in range(1, 25))))
    folder = pages.page_picture(sha256, PDF, 20).parent
    assert [path.name for path in folder.glob("*.jpg")] == ["20.jpg"]


def test_other_types_have_no_preview(tmp_path):
    with pytest.raises(Unreadable):
        pages.page_picture(stored(papers.docx("正文")), DOCX, 1)


def test_a_child_that_takes_too_long_is_ended(tmp_path, monkeypatch):
    monkeypatch.setattr(pages, "WALL_SECONDS", 0.01)
    with pytest.raises(Unreadable) as refused:
        look(tmp_path, papers.pdf(), PDF)
    assert "太复杂" in refused.value.sentence


def test_a_huge_picture_is_refused_before_it_is_unpacked(tmp_path):
    # A PNG that claims 60,000 x 60,000 pixels.
    bomb = bytearray(papers.picture())
    bomb[16:24] = (60_000).to_bytes(4, "big") * 2
    with pytest.raises(Unreadable):
        look(tmp_path, bytes(bomb), "image/png")


def test_the_child_gets_no_secret(tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "must not travel")
    seen = {}

    def run(command, **given):
        seen.update(given)
        raise ValueError

    monkeypatch.setattr(pages.subprocess, "run", run)
    with pytest.raises(Unreadable):
        look(tmp_path, papers.pdf(), PDF)
    assert "SECRET_KEY" not in seen["env"]
