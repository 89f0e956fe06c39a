"""The kinds of file that may come in, told by their bytes and never by their name alone."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ARCHIVES = (
    ZIP,
    b"PK\x05\x06",
    b"Rar!\x1a\x07",
    b"7z\xbc\xaf\x27\x1c",
    b"\x1f\x8b",
    b"BZh",
    b"\xfd7zXZ\x00",
)


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file: its name, its media type, the extensions it may carry (lower case)."""

    name: str
    media_type: str
    extensions: tuple[str, ...]


_OOXML = "application/vnd.openxmlformats-officedocument."

PDF = FileKind("pdf", "application/pdf", (".pdf",))
OFD = FileKind("ofd", "application/ofd", (".ofd",))
JPEG = FileKind("jpeg", "image/jpeg", (".jpg", ".jpeg"))
PNG = FileKind("png", "image/png", (".png",))
GIF = FileKind("gif", "image/gif", (".gif",))
BMP = FileKind("bmp", "image/bmp", (".bmp",))
TIFF = FileKind("tiff", "image/tiff", (".tif", ".tiff"))
WEBP = FileKind("webp", "image/webp", (".webp",))
TEXT = FileKind("text", "text/plain", (".txt",))
CSV = FileKind("csv", "text/csv", (".csv",))
DOCX = FileKind("docx", _OOXML + "wordprocessingml.document", (".docx",))
PPTX = FileKind("pptx", _OOXML + "presentationml.presentation", (".pptx",))
XLSX = FileKind("xlsx", _OOXML + "spreadsheetml.sheet", (".xlsx",))
XLSM = FileKind("xlsm", "application/vnd.ms-excel.sheet.macroEnabled.12", (".xlsm",))
XLS = FileKind("xls", "application/vnd.ms-excel", (".xls",))

EVIDENCE = frozenset({PDF, OFD, JPEG, PNG, GIF, BMP, TIFF, WEBP, TEXT, CSV, DOCX, PPTX, XLSX})
WORKBOOKS = frozenset({XLSX, XLSM, XLS, CSV})

_BY_START = (
    (b"%PDF-", PDF),
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"II*\x00", TIFF),
    (b"MM\x00*", TIFF),
)
# Control characters that no text file has: all but tab, line feed, form feed and carriage return.
_BINARY = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
_MARKUP = re.compile(r"\s*<(?:!doctype|\?xml|html|head|body|script|svg|table|meta|iframe)", re.I)
ENCODINGS = ("utf-8-sig", "gb18030")


def kind_of_bytes(start: bytes) -> FileKind | None:
    """The kind that the first 16 bytes tell by themselves; None for containers, text."""
    if start[:4] == b"RIFF" and start[8:12] == b"WEBP":
        return WEBP
    if start[:2] == b"BM" and start[6:10] == bytes(4):
        return BMP
    return next((kind for magic, kind in _BY_START if start.startswith(magic)), None)


def decode(data: bytes) -> str | None:
    """Text in UTF-8 (with or without mark), UTF-16 with mark, or GB18030; None for anything else.

    A text with control characters is no text.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings: tuple[str, ...] = ("utf-16",)
    elif _BINARY.search(data):
        return None
    else:
        encodings = ENCODINGS
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def is_markup(text: str) -> bool:
    """Whether a text would run as a page in a browser: HTML, SVG, XML."""
    return bool(_MARKUP.match(text))
