"""Files that mean harm or are broken: name, bytes, use, and the reason to refuse them for."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from functools import cache

from tests.spreadsheets.books import SHEET, book, with_part, with_parts

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
JPEG = b"\xff\xd8\xff\xe0" + bytes(40)
BOMB = b"<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]>"
OUTSIDE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'

Case = tuple[str, bytes, str, str]  # name, content, use, reason


@cache
def plain() -> bytes:
    """An innocent ledger."""
    return book([["序号", "存在问题"], [1, "执法公示不规范"]])


def cases() -> Iterator[Case]:
    yield from _both(_wrong_kinds())
    yield from _evidence()
    yield from _both(_office())
    yield from _both(_zips())
    yield from _workbooks()


def _both(pairs: Iterator[tuple[str, bytes, str]]) -> Iterator[Case]:
    for name, content, reason in pairs:
        for use in ("evidence", "workbook"):
            yield name, content, use, reason


def _wrong_kinds() -> Iterator[tuple[str, bytes, str]]:
    yield "空.xlsx", b"", "empty"
    yield "程序.exe", b"MZ\x90\x00" + bytes(60), "kind"
    yield "程序.xlsx", b"MZ\x90\x00" + bytes(60), "kind"
    yield "脚本.xlsx", b"#!/bin/sh\nrm -rf /\n", "mismatch"
    yield "网页.xlsx", b"<html><script>alert(1)</script></html>", "kind"
    yield "图.xlsx", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "kind"
    yield "表.xlsx", b'<?xml version="1.0"?><Workbook/>', "kind"
    yield "压缩包.zip", _zip({"a.txt": b"a"}), "kind"
    yield "压缩包.xlsx", _zip({"a.txt": b"a"}), "archive"
    yield "压缩包.xlsx", b"Rar!\x1a\x07\x01\x00" + bytes(40), "archive"
    yield "压缩包.xlsx", b"7z\xbc\xaf\x27\x1c" + bytes(40), "archive"
    yield "压缩包.xlsx", b"\x1f\x8b\x08\x00" + bytes(40), "archive"
    yield "无扩展名", plain(), "kind"
    yield "台账.ods", _zip({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}), "kind"
    yield "台账.et", OLE + bytes(600), "kind"
    yield "a.php.xlsx", plain(), "double_extension"
    yield "a.exe.xlsx", plain(), "double_extension"
    yield "台账.xlsx\u202e.exe", plain(), "kind"


def _evidence() -> Iterator[Case]:
    xls = "旧.xls"
    for name, content, reason in (
        ("报告.pdf", PNG, "mismatch"),
        ("照片.png", PDF, "mismatch"),
        ("照片.jpg", plain(), "mismatch"),
        ("说明.txt", b"<html><body>x</body></html>", "kind"),
        ("说明.txt", b"abc\x00def", "kind"),
        ("说明.txt", b"\xff\xff\xff\xff\x81", "kind"),
        ("矢量.svg", b"<svg/>", "kind"),
        ("网页.html", b"<html/>", "kind"),
        ("快捷方式.lnk", b"L\x00\x00\x00" + bytes(40), "kind"),
        ("报告.pdf", PDF + _zip({"evil.exe": b"MZ"}), "polyglot"),
        ("照片.jpg", JPEG + _zip({"evil.jar": b"x"}), "polyglot"),
        ("照片.png", PNG + plain(), "polyglot"),
        ("报告.js.pdf", PDF, "double_extension"),
        ("宏.xlsm", with_parts(plain(), xl__vbaProject_dot_bin=OLE + bytes(8)), "kind"),
        ("宏.xlsx", with_parts(plain(), xl__vbaProject_dot_bin=OLE + bytes(8)), "macro"),
        ("宏.xlsx", with_parts(plain(), xl__macrosheets__sheet1_dot_xml=b"<x/>"), "macro"),
        ("宏.xlsx", _with_type(b"application/vnd.ms-office.vbaProject"), "macro"),
        (xls, compound("Workbook"), "kind"),
        ("旧.xlsx", compound("Workbook"), "ole"),
        ("旧.docx", compound("WordDocument"), "ole"),
        ("大.pdf", PDF + bytes(51 * 1024 * 1024), "too_large"),
    ):
        yield name, content, "evidence", reason


def _office() -> Iterator[tuple[str, bytes, str]]:
    """Office containers with something in them that must not be."""
    good = plain()
    yield "密.xlsx", compound("EncryptedPackage", "EncryptionInfo"), "encrypted"
    yield "坏.xlsx", OLE + bytes(16), "damaged"
    yield "坏.xlsx", OLE + b"\xff" * 900, "damaged"
    yield "实体.xlsx", with_part(good, SHEET, lambda xml: BOMB + xml), "dtd"
    yield "实体.xlsx", with_part(good, SHEET, lambda xml: OUTSIDE + xml), "dtd"
    yield "实体.xlsx", with_part(good, "xl/workbook.xml", lambda xml: BOMB + xml), "dtd"
    yield "实体.xlsx", with_part(good, "xl/styles.xml", lambda xml: b" " * 9 + BOMB + xml), "dtd"
    yield "实体.xlsx", with_part(good, SHEET, _utf16_doctype), "dtd"
    yield "实体.xlsx", with_parts(good, customXml__item1_dot_foo=BOMB + b"<x/>"), "dtd"
    comment = b"<!--" + b"x" * 200_000 + b"-->"
    yield "注释.xlsx", with_part(good, SHEET, lambda xml: comment + BOMB + xml), "damaged"
    yield "套.xlsx", with_parts(good, xl__media__a_dot_png=_zip({"b": b"b"})), "nested"
    yield "套.xlsx", with_parts(good, xl__media__a_dot_png=b"Rar!\x1a\x07" + bytes(9)), "nested"
    yield "套.xlsx", with_parts(good, xl__embeddings__a_dot_xlsx=good), "nested"
    yield "对象.xlsx", with_parts(good, xl__embeddings__a_dot_bin=OLE + bytes(9)), "ole"
    yield "对象.xlsx", with_parts(good, xl__embeddings__a_dot_bin=b"bytes"), "ole"
    yield "控件.xlsx", with_parts(good, xl__activeX__activeX1_dot_xml=b"<x/>"), "ole"
    yield (
        "外链.xlsx",
        with_parts(good, xl__externalLinks__externalLink1_dot_xml=b"<x/>"),
        "external",
    )
    yield "连接.xlsx", with_parts(good, xl__connections_dot_xml=b"<x/>"), "external"
    yield (
        "外链.xlsx",
        with_parts(good, xl__worksheets___rels__s_dot_rels=_outside("image")),
        "external",
    )
    yield "两种.xlsx", _with_type(b"x.wordprocessingml.document.main+xml"), "kind"
    yield "没型.xlsx", with_part(good, "[Content_Types].xml", lambda xml: b"<Types/>"), "kind"
    yield "坏型.xlsx", with_part(good, "[Content_Types].xml", lambda xml: b"<Types>"), "damaged"
    yield "空件.xlsx", with_part(good, SHEET, lambda xml: b"no markup"), "damaged"


def _zips() -> Iterator[tuple[str, bytes, str]]:
    """Zip files that two programs would read in two ways, or that do not fit in memory."""
    good = plain()
    yield "截.xlsx", good[: len(good) // 2], "damaged"
    yield "尾.xlsx", good + b"x", "damaged"
    yield "头.xlsx", b"PK\x03\x04" + good, "damaged"
    yield "注.xlsx", _with_comment(good), "damaged"
    yield "弹.xlsx", with_parts(good, xl__media__a_dot_bin=bytes(101 * 1024 * 1024)), "bomb"
    yield "比.xlsx", with_parts(good, xl__media__a_dot_bin=bytes(9 * 1024 * 1024)), "bomb"
    yield "多.xlsx", _zip({f"{n}": b"" for n in range(5_001)}), "bomb"
    yield "叠.xlsx", _overlapping(), "bomb"
    yield "谎.xlsx", _lying(good, "size"), "damaged"
    yield "谎.xlsx", _lying(good, "crc"), "damaged"
    yield "谎.xlsx", _lying(good, "name"), "damaged"
    yield "密.xlsx", _lying(good, "flag"), "encrypted"
    yield "法.xlsx", _lying(good, "method"), "damaged"
    yield "双.xlsx", _twice("xl/workbook.xml"), "damaged"
    yield "双.xlsx", _twice("XL/Workbook.XML"), "damaged"
    yield "径.xlsx", _zip({"[Content_Types].xml": b"<x/>", "../../etc/cron.d/x": b"x"}), "name"
    yield "径.xlsx", _zip({"[Content_Types].xml": b"<x/>", "/etc/passwd": b"x"}), "name"
    yield "径.xlsx", _zip({"[Content_Types].xml": b"<x/>", "..\\x": b"x"}), "name"
    yield "径.xlsx", _zip({"[Content_Types].xml": b"<x/>", "C:\\x": b"x"}), "name"
    yield "链.xlsx", _symlink(), "link"
    yield "零.xlsx", b"PK\x03\x04" + bytes(200), "damaged"


def _workbooks() -> Iterator[Case]:
    for name, content, reason in (
        ("文档.docx", plain(), "kind"),
        ("报告.pdf", PDF, "kind"),
        ("报告.xlsx", PDF, "kind"),
        ("照片.csv", PNG, "kind"),
        ("表.csv", b"a,b\x00c", "kind"),
        ("表.csv", b"\xff\xff\xff\xff\x81", "kind"),
        ("表.csv", plain(), "mismatch"),
        ("旧.xls", compound("WordDocument"), "kind"),
        ("旧.xls", b"<html><table><tr><td>x</td></tr></table></html>", "kind"),
        ("大.csv", b"a," * (11 * 1024 * 1024), "too_large"),
    ):
        yield name, content, "workbook", reason


# -- how they are made ------------------------------------------------------------------------


def compound(*names: str) -> bytes:
    """The smallest compound file with streams of these names."""
    header = bytearray(512)
    header[:8] = OLE
    struct.pack_into("<HHHHH", header, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<I", header, 44, 1)  # one FAT sector
    struct.pack_into("<I", header, 48, 1)  # the directory begins in sector 1
    struct.pack_into("<IIIII", header, 56, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    struct.pack_into("<109I", header, 76, 0, *[0xFFFFFFFF] * 108)
    fat = struct.pack("<128I", 0xFFFFFFFD, 0xFFFFFFFE, *[0xFFFFFFFF] * 126)
    directory = b"".join(
        _entry(name, 5 if place == 0 else 2) for place, name in enumerate(("Root Entry", *names))
    )
    return bytes(header) + fat + directory.ljust(512, b"\0")


def _entry(name: str, kind: int) -> bytes:
    entry = bytearray(128)
    text = name.encode("utf-16-le") + b"\0\0"
    entry[: len(text)] = text
    struct.pack_into("<HB", entry, 64, len(text), kind)
    struct.pack_into("<II", entry, 116, 0xFFFFFFFE, 0)
    return bytes(entry)


def _zip(entries: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return out.getvalue()


def _utf16_doctype(xml: bytes) -> bytes:
    return b"\xff\xfe" + (BOMB + b"<worksheet/>").decode().encode("utf-16-le")


def _outside(kind: str) -> bytes:
    return (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        b'<Relationship Id="r1" Type="http://x/relationships/' + kind.encode() + b'" '
        b'Target="http://attacker.invalid/x" TargetMode="External"/></Relationships>'
    )


def hyperlinked() -> bytes:
    """A ledger with a plain hyperlink, which is allowed."""
    return with_parts(plain(), xl__worksheets___rels__s_dot_rels=_outside("hyperlink"))


def _with_type(said: bytes) -> bytes:
    added = b'<Override PartName="/xl/x" ContentType="' + said + b'"/></Types>'
    return with_part(plain(), "[Content_Types].xml", lambda x: x.replace(b"</Types>", added))


def _with_comment(data: bytes) -> bytes:
    return data[:-2] + struct.pack("<H", 4) + b"note"


def _symlink() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", b"<x/>")
        link = zipfile.ZipInfo("xl/link")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    return out.getvalue()


def _twice(name: str) -> bytes:
    """A second entry under a name that is there already."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(plain())) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.infolist():
            new.writestr(entry.filename, old.read(entry))
        new.filelist.append(_copy(new, name))
    return out.getvalue()


def _copy(archive: zipfile.ZipFile, name: str) -> zipfile.ZipInfo:
    with zipfile.ZipFile(io.BytesIO(_zip({name: b"<other/>"}))) as other:
        entry = other.infolist()[0]
    entry.header_offset = archive.fp.tell()
    raw = name.encode()
    packed = zlib.compress(b"<other/>")[2:-4]
    entry.compress_size = len(packed)
    archive.fp.write(
        struct.pack(
            "<4s5H3I2H", b"PK\x03\x04", 20, 0, 8, 0, 33, entry.CRC, len(packed), 8, len(raw), 0
        )
    )
    archive.fp.write(raw + packed)
    archive.start_dir = archive.fp.tell()
    return entry


def _overlapping() -> bytes:
    """Two entries of the directory that share one place in the file."""
    data = bytearray(_zip({"[Content_Types].xml": b"<x/>" * 50, "xl/a": b"<y/>" * 50}))
    second = data.rfind(b"PK\x01\x02")
    struct.pack_into("<I", data, second + 42, 10)
    return bytes(data)


def _lying(data: bytes, what: str) -> bytes:
    """The directory says something else about the first entry than is true."""
    changed = bytearray(data)
    entry = changed.find(b"PK\x01\x02")
    places = {"flag": (8, b"\x01\x00"), "method": (10, b"\x0c\x00")}
    if what == "size":
        struct.pack_into("<I", changed, entry + 24, 7)
    elif what == "crc":
        struct.pack_into("<I", changed, entry + 16, 7)
    elif what == "name":
        changed[entry + 46 : entry + 47] = b"X"
    else:
        offset, value = places[what]
        changed[entry + offset : entry + offset + 2] = value
    return bytes(changed)
