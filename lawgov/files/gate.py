"""The gate 上传关口: what every file passes before any parser or store sees it.

Kinds are told by bytes, names only confirm them. Evidence 佐证 refuses macros and OLE; workbooks
handed to the ledger reader may be .xls and .xlsm (macros are ignored, and said), and are not kept
as evidence. Source: robustness rule 20, decisions §7.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import BinaryIO, Literal

from django.utils.translation import gettext as _

from lawgov.files import archives, markup, signatures
from lawgov.files.compound import CompoundFile, NotCompound
from lawgov.files.refusals import Refused, damaged, encrypted
from lawgov.files.signatures import FileKind

__all__ = ["Passed", "Refused", "Use", "check"]

Use = Literal["evidence", "workbook"]

MEGABYTE = 1024 * 1024
SIZES: dict[Use, int] = {"evidence": 50 * MEGABYTE, "workbook": 20 * MEGABYTE}
_KINDS: dict[Use, frozenset[FileKind]] = {
    "evidence": signatures.EVIDENCE,
    "workbook": signatures.WORKBOOKS,
}
_PART_LIMIT = 4 * MEGABYTE  # content types and relations; they are a few kilobytes

_RUNS = re.compile(
    r"\.(?:exe|com|scr|bat|cmd|ps1|vbs?|js|jse|wsf|hta|lnk|msi|jar|sh|php\d?|aspx?|jsp|html?|svg|dll)"
    r"(?=\.|$)",
    re.IGNORECASE,
)
_MAIN_PARTS = {
    "spreadsheetml.sheet.main+xml": signatures.XLSX,
    "wordprocessingml.document.main+xml": signatures.DOCX,
    "presentationml.presentation.main+xml": signatures.PPTX,
    "application/vnd.ms-excel.sheet.macroEnabled.main+xml": signatures.XLSM,
}


@dataclass(frozen=True, slots=True)
class Passed:
    """What a file is that passed; `macros` is true only for workbooks, whose macros are ignored."""

    kind: FileKind
    size: int
    macros: bool = False

    @property
    def media_type(self) -> str:
        return self.kind.media_type


def check(
    file: BinaryIO, *, name: str, use: Use, limits: archives.Limits = archives.LIMITS
) -> Passed:
    """Let a seekable binary file pass or raise Refused; leaves it at its beginning.

    `name` is the user's; an empty one is not compared. Reasons: `empty`, `too_large`, `extension`,
    `double_extension`, `kind`, `mismatch`, `damaged`, `encrypted`, `bomb`, `name`, `link`,
    `nested`, `ole`, `dtd`, `macro`, `external`, `polyglot`, `archive`.
    """
    try:
        size = file.seek(0, 2)
        if not size:
            raise Refused("empty", _("文件是空的"))
        if size > SIZES[use]:
            limit = SIZES[use] // MEGABYTE
            raise Refused("too_large", _("文件超过 %(limit)s MB") % {"limit": limit})
        extension = _extension(name, use)
        file.seek(0)
        passed = _look(file, file.read(16), extension, size, use, limits)
        if passed.kind not in _KINDS[use]:
            raise _unwelcome(use)
        if (
            extension
            and extension not in passed.kind.extensions
            and not _same_family(extension, passed.kind, use)
        ):
            said = _("文件内容与扩展名 %(name)s 不符，请用原来的软件打开，另存为这种格式再传")
            raise Refused("mismatch", said % {"name": extension})
        return passed
    finally:
        file.seek(0)


def _extension(name: str, use: Use) -> str:
    """The extension in lower case, when it is one of those allowed for this use."""
    if not name:
        return ""
    stem, dot, last = name.strip().rpartition(".")
    extension = f".{last.lower()}" if dot else ""
    allowed = {ending for kind in _KINDS[use] for ending in kind.extensions}
    if extension not in allowed:
        raise _unwelcome(use)
    if _RUNS.search(stem):
        raise Refused("double_extension", _("文件名里有两个扩展名，请改名后再上传"))
    return extension


def _same_family(extension: str, kind: FileKind, use: Use) -> bool:
    """A ledger saved by one program under the ending of another is still read by its bytes."""
    endings = {".xls", ".xlsx", ".xlsm"}
    return use == "workbook" and extension in endings and bool(endings & set(kind.extensions))


def _unwelcome(use: Use) -> Refused:
    if use == "workbook":
        return Refused("kind", _("不是可以读取的表格，请用 .xlsx、.xls 或 .csv 格式"))
    return Refused("kind", _("不接受这种格式，请转为 PDF、图片或 Office 文档（docx、xlsx、pptx）"))


def _look(
    file: BinaryIO, start: bytes, extension: str, size: int, use: Use, limits: archives.Limits
) -> Passed:
    if start.startswith(signatures.OLE):
        return _look_at_ole(file, size, use)
    if start.startswith(signatures.ZIP):
        return _look_at_zip(file, size, use, limits)
    if kind := signatures.kind_of_bytes(start):
        _refuse_second_nature(file, size)
        return Passed(kind, size)
    if start.startswith(signatures.ARCHIVES):
        raise Refused("archive", _("不接受压缩包，请解压后逐个上传"))
    return _look_at_text(file, extension, size, use)


def _look_at_text(file: BinaryIO, extension: str, size: int, use: Use) -> Passed:
    file.seek(0)
    text = signatures.decode(file.read())
    if text is None or signatures.is_markup(text):
        raise _unwelcome(use)
    kind = signatures.TEXT if extension == ".txt" else signatures.CSV
    return Passed(kind, size)


def _refuse_second_nature(file: BinaryIO, size: int) -> None:
    """A picture or PDF that ends as a zip is two files in one."""
    file.seek(max(size - 66_000, 0))
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at >= 0 and b"PK\x01\x02" in tail[:at]:
        raise Refused("polyglot", _("文件里还藏着另一个文件，已拒绝"))


def _look_at_ole(file: BinaryIO, size: int, use: Use) -> Passed:
    try:
        names = CompoundFile(file).names
    except NotCompound as error:
        raise damaged() from error
    if "EncryptedPackage" in names:
        raise encrypted()
    if use == "evidence":
        raise Refused("ole", _("旧版 Office 文件可能带有宏，请另存为 docx、xlsx 或 PDF 再上传"))
    if not names & {"Workbook", "Book"}:
        raise _unwelcome(use)
    return Passed(signatures.XLS, size, macros="_VBA_PROJECT_CUR" in names)


def _look_at_zip(file: BinaryIO, size: int, use: Use, limits: archives.Limits) -> Passed:
    names = archives.look_through(file, limits)
    if "OFD.xml" in names:
        return Passed(signatures.OFD, size)
    kind, macros = _office_kind(file, names)
    macros = macros or any(archives.is_macro(name) for name in names)
    if macros and use == "evidence":
        raise Refused("macro", _("文件带有宏，请另存为不带宏的格式再上传"))
    _refuse_outside(file, names)
    return Passed(kind, size, macros=macros)


def _office_kind(file: BinaryIO, names: list[str]) -> tuple[FileKind, bool]:
    """The kind by the main part's content type, and whether any type speaks of macros."""
    if "[Content_Types].xml" not in names:
        raise Refused("archive", _("不接受压缩包，请解压后逐个上传"))
    found: set[FileKind] = set()
    macros = False

    def start(element: str, attributes: dict[str, str]) -> None:
        nonlocal macros
        said = attributes.get("ContentType", "")
        macros = macros or "macro" in said.casefold() or "vba" in said.casefold()
        found.update(kind for ending, kind in _MAIN_PARTS.items() if said.endswith(ending))

    _walk_part(file, "[Content_Types].xml", start)
    if len(found) != 1:
        raise Refused("kind", _("不是可以识别的 Office 文档"))
    return found.pop(), macros


def _refuse_outside(file: BinaryIO, names: list[str]) -> None:
    """Links to other files, data connections, embedded programs; plain hyperlinks may be."""
    folded = [f"/{name.casefold()}" for name in names]
    if any("/externallinks/" in name or name.endswith("/connections.xml") for name in folded):
        raise _external()
    if any("/activex/" in name or "/embeddings/" in name for name in folded):
        raise Refused("ole", _("文件中嵌有其他程序的对象，请删除嵌入对象后再上传"))

    def start(element: str, attributes: dict[str, str]) -> None:
        outside = attributes.get("TargetMode", "").casefold() == "external"
        if outside and not attributes.get("Type", "").endswith("/hyperlink"):
            raise _external()

    for name in names:
        if name.casefold().endswith(".rels"):
            _walk_part(file, name, start)


def _external() -> Refused:
    return Refused("external", _("文件链接了外部文件或数据源，请断开链接后再上传"))


def _walk_part(file: BinaryIO, name: str, start: markup.Start) -> None:
    try:
        markup.walk([archives.read_entry(file, name, _PART_LIMIT)], start)
    except (markup.Malformed, markup.Declared, KeyError, OSError, ValueError) as error:
        raise damaged() from error
