"""What spreadsheet programs are known to do to a workbook on saving it, done to its XML.

Each takes and gives the bytes of an .xlsx and changes nothing that a person sees.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from tests.spreadsheets.books import rezip, with_parts

STRINGS, STYLES, WORKBOOK = "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml"
_SHEET = re.compile(r"xl/worksheets/sheet\d+\.xml")
_CELL = re.compile(rb"<c\b([^>]*?)(?:/>|>(.*?)</c>)", re.S)
_ITEM = re.compile(rb"<si>(.*?)</si>", re.S)
_TEXT = re.compile(rb"<t\b[^>]*?(?:/>|>(.*?)</t>)", re.S)
_VALUE = re.compile(rb"<v>(.*?)</v>", re.S)

Save = Callable[[bytes], bytes]


def _part(name: str, change: Callable[[bytes], bytes]) -> Save:
    return lambda data: rezip(data, lambda part, xml: change(xml) if part == name else xml)


def _sheets(data: bytes, change: Callable[[bytes], bytes]) -> bytes:
    return rezip(data, lambda part, xml: change(xml) if _SHEET.fullmatch(part) else xml)


def _strings(data: bytes) -> list[bytes]:
    found: list[bytes] = []

    def look(part: str, xml: bytes) -> bytes:
        if part == STRINGS:
            found.extend(b"".join(_TEXT.findall(item)) for item in _ITEM.findall(xml))
        return xml

    rezip(data, look)
    return found


def _cells(data: bytes, change: Callable[[bytes, bytes, bytes], bytes | None]) -> bytes:
    """`change` gets attributes, kind ("n" for a number) and value; None leaves the cell."""

    def cell(match: re.Match[bytes]) -> bytes:
        attributes, inner = match[1], match[2] or b""
        value = _VALUE.search(inner)
        if value is None or b"<f" in inner:
            return match[0]
        kind = re.search(rb'\bt="(\w+)"', attributes)
        bare = re.sub(rb'\s*\bt="\w+"', b"", attributes)
        return change(bare, kind[1] if kind else b"n", value[1]) or match[0]

    return _sheets(data, lambda xml: _CELL.sub(cell, xml))


def _inline(attributes: bytes, text: bytes) -> bytes:
    return (
        b"<c" + attributes + b' t="inlineStr"><is><t xml:space="preserve">' + text
        + b"</t></is></c>"
    )  # fmt: skip


def strings_shared(data: bytes) -> bytes:
    """As Excel and WPS keep texts: in a part of their own, the cells naming them by number."""
    items: list[bytes] = []

    def cell(match: re.Match[bytes]) -> bytes:
        attributes, inner = match[1], match[2] or b""
        if b't="inlineStr"' not in attributes:
            return match[0]
        items.append(b"".join(_TEXT.findall(inner)))
        bare = attributes.replace(b't="inlineStr"', b't="s"')
        return b"<c" + bare + b"><v>" + str(len(items) - 1).encode() + b"</v></c>"

    data = _sheets(data, lambda xml: _CELL.sub(cell, xml))
    texts = b"".join(b'<si><t xml:space="preserve">' + text + b"</t></si>" for text in items)
    namespace = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    whole = b'<sst xmlns="' + namespace + b'" count="1" uniqueCount="1">' + texts + b"</sst>"
    return rezip(with_parts(data, **{STRINGS: whole}), _with_strings)


def _with_strings(part: str, xml: bytes) -> bytes:
    """The workbook's relations and the list of types, with the part of texts in them."""
    if part == "xl/_rels/workbook.xml.rels" and b"sharedStrings" not in xml:
        kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
        more = b'<Relationship Id="rIdS" Type="' + kind + b'" Target="sharedStrings.xml"/>'
        return xml.replace(b"</Relationships>", more + b"</Relationships>")
    if part == "[Content_Types].xml" and b"sharedStrings" not in xml:
        kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
        more = b'<Override PartName="/' + STRINGS.encode() + b'" ContentType="' + kind + b'"/>'
        return xml.replace(b"</Types>", more + b"</Types>")
    return xml


def strings_written_inline(data: bytes) -> bytes:
    """Each text in its cell, as libraries write them."""
    known = _strings(data)
    return _cells(
        data, lambda bare, kind, value: _inline(bare, known[int(value)]) if kind == b"s" else None
    )


def texts_in_runs(data: bytes) -> bytes:
    """Each text cut into two runs of different fonts, with a phonetic run that is no text."""

    def item(match: re.Match[bytes]) -> bytes:
        text = b"".join(_TEXT.findall(match[1])).decode()
        if len(text) < 4 or "&" in text or text.startswith("LGSEAL"):
            return match[0]
        runs = "".join(
            f'<r><rPr><sz val="{size}"/><rFont val="等线"/></rPr>'
            f'<t xml:space="preserve">{piece}</t></r>'
            for size, piece in ((10, text[:2]), (11, text[2:]))
        )
        sound = '<rPh sb="0" eb="1"><t>zhěng</t></rPh><phoneticPr fontId="1"/>'
        return f"<si>{runs}{sound}</si>".encode()

    return _part(STRINGS, lambda xml: _ITEM.sub(item, xml))(data)


def line_breaks_of_two_marks(data: bytes) -> bytes:
    """Line breaks as carriage return and line feed, the return escaped as Excel does it."""
    return _part(STRINGS, lambda xml: _ITEM.sub(lambda m: m[0].replace(b"\n", b"_x000D_\n"), xml))(
        data
    )


def numbers_as_text(data: bytes) -> bytes:
    """Whole numbers in cells that were once formatted as text; days stay days."""

    def cell(bare: bytes, kind: bytes, value: bytes) -> bytes | None:
        if kind != b"n" or _is_day(value):
            return None
        return _inline(bare, value)

    return _cells(data, cell)


def numbers_with_idle_zeros(data: bytes) -> bytes:
    """8.5 as the text 8.50, 3 as 3.0, as a .csv in between leaves them."""

    def cell(bare: bytes, kind: bytes, value: bytes) -> bytes | None:
        if kind != b"n" or _is_day(value):
            return None
        return _inline(bare, value + (b"0" if b"." in value else b".0"))

    return _cells(data, cell)


def texts_as_numbers(data: bytes) -> bytes:
    """Texts of digits alone become numbers, their leading zeros lost."""
    known = _strings(data)

    def cell(bare: bytes, kind: bytes, value: bytes) -> bytes | None:
        if kind != b"s" or not re.fullmatch(rb"\d{1,11}", known[int(value)]):
            return None
        return b"<c" + bare + b"><v>" + str(int(known[int(value)])).encode() + b"</v></c>"

    return _cells(data, cell)


def days_as_serials(data: bytes) -> bytes:
    """All styles lost: a day is a bare number, a locked cell is open."""
    return _sheets(data, lambda xml: re.sub(rb'(<c\b[^>]*?) s="\d+"', rb"\1", xml))


def days_as_text(data: bytes) -> bytes:
    """Days as texts of the program's own: 2026/12/5."""

    def cell(bare: bytes, kind: bytes, value: bytes) -> bytes | None:
        if kind != b"n" or not _is_day(value):
            return None
        day = date(1899, 12, 30) + timedelta(days=int(float(value)))
        return _inline(bare, f"{day.year}/{day.month}/{day.day}".encode())

    return _cells(data, cell)


def _is_day(value: bytes) -> bool:
    return 40_000 < float(value) < 60_000


def without_defined_names(data: bytes) -> bytes:
    return _part(
        WORKBOOK, lambda xml: re.sub(rb"<definedNames>.*?</definedNames>", b"", xml, flags=re.S)
    )(data)


def without_locks(data: bytes) -> bytes:
    """Protection, widths, filters, drop-downs, frozen panes and colours gone."""
    gone = (
        rb"<sheetProtection[^>]*/>|<cols>.*?</cols>|<autoFilter.*?(?:/>|</autoFilter>)"
        rb"|<dataValidations.*?</dataValidations>|<conditionalFormatting.*?</conditionalFormatting>"
        rb"|<pane\b[^>]*/>|<legacyDrawing[^>]*/>"
    )
    return _sheets(data, lambda xml: re.sub(gone, b"", xml, flags=re.S))


def without_quote_marks(data: bytes) -> bytes:
    return _part(STYLES, lambda xml: re.sub(rb' quotePrefix="\w+"', b"", xml))(data)


def without_properties(data: bytes) -> bytes:
    """Nothing in the file's properties, as after 'remove personal information'."""
    empty = b'<?xml version="1.0"?><Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>'
    return _part("docProps/app.xml", lambda _xml: empty)(data)


def with_empty_rows(data: bytes) -> bytes:
    """Hundreds of rows below that hold nothing but formats."""
    rows = b"".join(
        b'<row r="%d" customFormat="1"><c r="A%d" s="0"/><c r="D%d" s="0"/></row>' % (n, n, n)
        for n in range(900, 1300)
    )
    return _sheets(data, lambda xml: xml.replace(b"</sheetData>", rows + b"</sheetData>", 1))


def with_extensions(data: bytes) -> bytes:
    """Parts of the program's own: extension lists, its name in the workbook."""
    more = b'<extLst><ext xmlns:etc="http://www.wps.cn/officeDocument/2017/etCustomData" uri="{1}"><etc:sheetPr/></ext></extLst></worksheet>'  # noqa: E501
    return _sheets(data, lambda xml: xml.replace(b"</worksheet>", more, 1))


def places_left_out(data: bytes) -> bytes:
    """Rows and cells without their names where none is left out between; legal, and seen."""

    def row(match: re.Match[bytes]) -> bytes:
        cells = _CELL.findall(match[0])
        whole = [re.search(rb'\br="([A-Z]+)\d+"', attributes) for attributes, _inner in cells]
        names = [found[1] for found in whole if found]
        if names != [_letters(n) for n in range(1, len(names) + 1)]:
            return match[0]
        return re.sub(rb'(<c\b[^>]*?) r="[A-Z]+\d+"', rb"\1", match[0])

    return _sheets(data, lambda xml: re.sub(rb"<row\b.*?</row>", row, xml, flags=re.S))


def _letters(place: int) -> bytes:
    from lawgov.spreadsheets.grid import letters

    return letters(place).encode()


def names_with_a_prefix(data: bytes) -> bytes:
    """The same elements under a prefix: <x:row>, as other libraries write them."""

    def prefixed(xml: bytes) -> bytes:
        xml = re.sub(rb"<(/?)(?![?!/])(\w+)(?=[\s/>])", rb"<\1x:\2", xml)
        return xml.replace(b'xmlns="http://schemas.openxmlformats.org/spreadsheetml', b'xmlns:x="http://schemas.openxmlformats.org/spreadsheetml')  # fmt: skip  # noqa: E501

    return rezip(
        data,
        lambda part, xml: prefixed(xml) if _SHEET.fullmatch(part) or part == STRINGS else xml,
    )


SAVED: tuple[Save, ...] = (
    strings_written_inline, texts_in_runs, line_breaks_of_two_marks,
    numbers_as_text, numbers_with_idle_zeros, texts_as_numbers, days_as_serials, days_as_text,
    without_defined_names, without_locks, without_quote_marks, without_properties,
    with_empty_rows, with_extensions, places_left_out, names_with_a_prefix,
)  # fmt: skip
