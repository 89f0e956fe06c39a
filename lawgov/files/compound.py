"""OLE compound files (.xls, encrypted Office files): the names of their streams, and their bytes.

Only what the gate and the .xls reader need: names, sizes and sector chains, every chain guarded
against loops and bounded by the file's size.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import BinaryIO

_END = 0xFFFFFFFE  # from here on: end of chain, FAT sector, free
_HEADER = 512
_ENTRY = 128
_MAX_ENTRIES = 20_000


class NotCompound(ValueError):
    """Broken, or no compound file at all."""


@dataclass(frozen=True, slots=True)
class _Stream:
    start: int
    size: int


class CompoundFile:
    """Reads a seekable binary file; `streams` are names without their folders."""

    def __init__(self, file: BinaryIO) -> None:
        try:
            self._open(file)
        except (struct.error, IndexError, OverflowError, UnicodeDecodeError) as error:
            raise NotCompound(str(error)) from error

    def _open(self, file: BinaryIO) -> None:
        self._file = file
        file.seek(0)
        header = file.read(_HEADER)
        shift, mini_shift = struct.unpack_from("<HH", header, 30)
        if shift not in (9, 12) or mini_shift != 6:
            raise NotCompound("sector size")
        self._size, self._mini_size = 1 << shift, 1 << mini_shift
        fats, directory = (
            struct.unpack_from("<I", header, 44)[0],
            struct.unpack_from("<I", header, 48)[0],
        )
        self._cutoff, mini_fat, _, difat, difats = struct.unpack_from("<IIIII", header, 56)
        file.seek(0, 2)
        self._sectors = file.tell() // self._size + 1
        if max(fats, difats) > self._sectors:
            raise NotCompound("more tables than sectors")
        self._fat = self._read_fat(list(struct.unpack_from("<109I", header, 76)), difat)
        self._mini_fat = self._numbers(self._chain(mini_fat, self._fat)) if mini_fat < _END else []
        self._read_directory(directory)

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self._streams)

    def read(self, name: str) -> bytes:
        """A stream's bytes; NotCompound when it is missing or cut off."""
        stream = self._streams.get(name)
        if stream is None:
            raise NotCompound(f"no stream {name}")
        if stream.size < self._cutoff and self._mini_fat:
            mini = self._joined(self._chain(self._root.start, self._fat))
            places = self._chain(stream.start, self._mini_fat)
            step = self._mini_size
            data = b"".join(mini[place * step : (place + 1) * step] for place in places)
        else:
            data = self._joined(self._chain(stream.start, self._fat))
        if len(data) < stream.size:
            raise NotCompound("cut off")
        return data[: stream.size]

    def _sector(self, number: int) -> bytes:
        self._file.seek((number + 1) * self._size)
        return self._file.read(self._size)

    def _joined(self, sectors: list[int]) -> bytes:
        return b"".join(self._sector(number) for number in sectors)

    def _numbers(self, sectors: list[int]) -> list[int]:
        data = self._joined(sectors)
        return list(struct.unpack_from(f"<{len(data) // 4}I", data))

    def _chain(self, start: int, table: list[int]) -> list[int]:
        """Sector numbers from `start` on; NotCompound for a loop."""
        found = []
        while start < _END:
            found.append(start)
            if start >= len(table) or len(found) > len(table):
                raise NotCompound("broken chain")
            start = table[start]
        return found

    def _read_fat(self, places: list[int], difat: int) -> list[int]:
        """The table of sectors; its own sectors are listed in the header and in further ones."""
        for _ in range(self._sectors):
            if difat >= _END:
                break
            numbers = self._numbers([difat])
            if not numbers:
                raise NotCompound("cut off")
            *more, difat = numbers
            places += more
        else:
            raise NotCompound("broken chain")
        return self._numbers([place for place in places if place < _END][: self._sectors])

    def _read_directory(self, start: int) -> None:
        data = self._joined(self._chain(start, self._fat))
        self._streams: dict[str, _Stream] = {}
        self._root = _Stream(_END, 0)
        for at in range(0, min(len(data), _MAX_ENTRIES * _ENTRY) - _ENTRY + 1, _ENTRY):
            length, kind = struct.unpack_from("<HB", data, at + 64)
            if kind not in (1, 2, 5):
                continue
            name = data[at : at + max(min(length, 64) - 2, 0)].decode("utf-16-le")
            place, size = struct.unpack_from("<II", data, at + 116)
            if kind == 5:
                self._root = _Stream(place, size)
            else:
                self._streams.setdefault(name, _Stream(place, size))
