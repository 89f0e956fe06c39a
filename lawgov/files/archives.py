"""Zip containers of Office and OFD files: looked through to the last byte before any parser.

Sizes are counted while inflating, never believed. The Rust reader behind `spreadsheets` has its
own idea of a zip, so whatever two programs could read in two ways (junk before or between, double
names, two ends, names that differ in the two places they are written) is refused as damaged.
"""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from django.utils.translation import gettext as _

from lawgov.files import markup
from lawgov.files.refusals import Refused, bomb, damaged, encrypted
from lawgov.files.signatures import ARCHIVES, OLE

_LOCAL = struct.Struct("<4s5H3I2H")
_END = struct.Struct("<4s4H2IH")
_CHUNK = 64 * 1024
#: What the standard library raises over a damaged container.
BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, ValueError, KeyError, IndexError, EOFError,
    OSError, OverflowError, NotImplementedError, RuntimeError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes after inflating, for one entry and for all; `ratio` counts for entries over 1 MB."""

    entries: int = 5_000
    directory: int = 2 * 1024 * 1024
    entry: int = 100 * 1024 * 1024
    total: int = 200 * 1024 * 1024
    ratio: int = 200


LIMITS = Limits()
_SMALL = 1024 * 1024


def look_through(file: BinaryIO, limits: Limits = LIMITS) -> list[str]:
    """Check every entry of a zip; returns their names in order.

    Raises Refused: `damaged`, `encrypted`, `bomb`, `name`, `link`, `nested`, `ole`, `dtd`. OLE
    streams of macros (`vbaProject.bin`) are left to the caller, who knows whether they may be.
    """
    try:
        _check_end(file, limits)
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            _check_directory(entries, limits)
            total = 0
            for entry in entries:
                total += _check_entry(file, entry, limits)
                if total > limits.total:
                    raise bomb()
    except Refused:
        raise
    except BROKEN as error:
        raise damaged() from error
    return [entry.filename for entry in entries]


def read_entry(file: BinaryIO, name: str, limit: int) -> bytes:
    """One small entry of a container that was looked through; KeyError when it is missing."""
    with zipfile.ZipFile(file) as archive, archive.open(name) as entry:
        data = entry.read(limit + 1)
    if len(data) > limit:
        raise bomb()
    return data


def _check_end(file: BinaryIO, limits: Limits) -> None:
    """The end record stands at the very end, once, and says what is there."""
    size = file.seek(0, 2)
    if size < _END.size:
        raise damaged()
    file.seek(size - _END.size)
    magic, disk, start_disk, here, count, length, offset, comment = _END.unpack(
        file.read(_END.size)
    )
    if magic != b"PK\x05\x06" or comment or disk or start_disk or here != count:
        raise damaged()
    if count > limits.entries or length > limits.directory:
        raise bomb()
    if offset + length + _END.size != size:
        raise damaged()


def _check_directory(entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    if not entries:
        raise damaged()
    if len(entries) > limits.entries:
        raise bomb()
    names = {entry.filename.casefold() for entry in entries}
    if len(names) != len(entries):
        raise damaged()
    in_place = sorted(entries, key=lambda entry: entry.header_offset)
    if in_place[0].header_offset:
        raise damaged()
    at = 0
    for entry in in_place:
        if entry.header_offset < at:  # entries that share their bytes
            raise bomb()
        at = entry.header_offset + _LOCAL.size + entry.compress_size
        _check_name(entry)
        if entry.flag_bits & 0x1:
            raise encrypted()
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise damaged()
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise Refused("link", _("文件中含有指向别处的链接，已拒绝"))


def _check_name(entry: zipfile.ZipInfo) -> None:
    name = entry.orig_filename
    parts = name.replace("\\", "/").split("/")
    if name.startswith(("/", "\\")) or ".." in parts or ":" in name or "\0" in name:
        raise Refused("name", _("文件中含有不安全的路径，已拒绝"))


def _check_entry(file: BinaryIO, entry: zipfile.ZipInfo, limits: Limits) -> int:
    """Inflate one entry and look at what comes out; returns its true size."""
    size, checksum, prolog = 0, 0, None
    for chunk in _inflated(file, entry):
        if size == 0:
            _check_start(entry.filename, chunk)
            if _looks_like_xml(entry.filename, chunk):
                prolog = markup.Prolog()
        size += len(chunk)
        if size > limits.entry or (
            size > _SMALL and size > limits.ratio * max(entry.compress_size, 1)
        ):
            raise bomb()
        checksum = zlib.crc32(chunk, checksum)
        if prolog:
            _check_prolog(prolog, chunk)
    if size != entry.file_size or checksum != entry.CRC:
        raise damaged()
    if prolog and not prolog.done:
        raise damaged()
    return size


def _inflated(file: BinaryIO, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """The bytes of an entry, straight from the file: zipfile would stop at the size declared."""
    file.seek(entry.header_offset)
    header = _LOCAL.unpack(file.read(_LOCAL.size))
    name, extra = header[9], header[10]
    raw = file.read(name)
    if header[0] != b"PK\x03\x04" or header[3] != entry.compress_type:
        raise damaged()
    if raw != entry.orig_filename.encode("utf-8" if entry.flag_bits & 0x800 else "cp437"):
        raise damaged()
    file.seek(extra, 1)
    left = entry.compress_size
    inflater = zlib.decompressobj(-15) if entry.compress_type else None
    while left > 0:
        data = file.read(min(left, _CHUNK))
        if not data:
            raise damaged()
        left -= len(data)
        if inflater is None:
            yield data
            continue
        while data:
            if chunk := inflater.decompress(data, _CHUNK):
                yield chunk
            data = inflater.unconsumed_tail
    if inflater is not None:
        while chunk := inflater.decompress(inflater.unconsumed_tail, _CHUNK):
            yield chunk
        if not inflater.eof or inflater.unused_data:
            raise damaged()


def _check_start(name: str, chunk: bytes) -> None:
    if chunk.startswith(OLE) and not is_macro(name):
        raise Refused("ole", _("文件中嵌有其他程序的对象，请删除嵌入对象后再上传"))
    if chunk.startswith(ARCHIVES):
        raise Refused("nested", _("文件中还套着压缩包或其他文档，请拿出来单独上传"))


def is_macro(name: str) -> bool:
    """Whether an entry belongs to the macros of an Office file."""
    last = name.rpartition("/")[2].casefold()
    return last.startswith("vba") or "/macrosheets/" in f"/{name.casefold()}"


def _looks_like_xml(name: str, chunk: bytes) -> bool:
    if name.casefold().endswith((".xml", ".rels", ".vml")):
        return True
    return chunk[:64].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<")


def _check_prolog(prolog: markup.Prolog, chunk: bytes) -> None:
    try:
        prolog.feed(chunk)
    except markup.Declared as error:
        raise Refused("dtd", _("文件中含有外部实体声明，已拒绝")) from error
    except markup.Malformed as error:
        raise damaged() from error
