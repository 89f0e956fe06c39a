"""Small real files for upload tests: a PDF with Chinese text, a picture, a .docx, a .xlsx."""

from __future__ import annotations

import io
import zipfile

from PIL import Image

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def pdf(*pages: str, password: bool = False) -> bytes:
    """A PDF of A4 pages with one line of text each, in a font that every reader brings."""
    pages = pages or ("合法性审核意见书",)
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>",
        "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H"
        " /DescendantFonts [<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light"
        " /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> >>] >>",
    ]
    for number, text in enumerate(pages):
        stream = f"BT /F1 24 Tf 72 720 Td <{text.encode('utf-16-be').hex()}> Tj ET"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842]"
            f" /Resources << /Font << /F1 3 0 R >> >> /Contents {5 + 2 * number} 0 R >>"
        )
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    return _assembled(objects, password)


def _assembled(objects: list[str], password: bool) -> bytes:
    out, places = io.BytesIO(b""), []
    out.write(b"%PDF-1.4\n")
    for number, body in enumerate(objects, start=1):
        places.append(out.tell())
        out.write(f"{number} 0 obj\n{body}\nendobj\n".encode())
    start = out.tell()
    out.write(f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode())
    out.write("".join(f"{place:010} 00000 n \n" for place in places).encode())
    locked = (
        f" /ID [<{'00' * 16}> <{'00' * 16}>] /Encrypt << /Filter /Standard /V 1 /R 2"
        f" /O <{'11' * 32}> /U <{'22' * 32}> /P -4 >>"
        if password
        else ""
    )
    out.write(
        f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R{locked} >>\n"
        f"startxref\n{start}\n%%EOF\n".encode()
    )
    return out.getvalue()


def picture(kind: str = "PNG", size: tuple[int, int] = (60, 40), colour: str = "red") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind)
    return out.getvalue()


def docx(body: str, header: str = "") -> bytes:
    """A Word file with one paragraph, and one in its header."""
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/'
        'content-types"><Default Extension="xml" ContentType="application/xml"/>'
        '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-'
        'officedocument.wordprocessingml.document.main+xml"/></Types>',
        "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
        'relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/'
        'officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>'
        "</Relationships>",
        "word/document.xml": f'<w:document xmlns:w="{WORD}"><w:body>{_paragraph(body)}</w:body>'
        "</w:document>",
        "word/header1.xml": f'<w:hdr xmlns:w="{WORD}">{_paragraph(header)}</w:hdr>',
    }
    return archive(parts)


def _paragraph(text: str) -> str:
    """Every character a run of its own, as word processors like to cut them."""
    runs = "".join(f"<w:r><w:t>{character}</w:t></w:r>" for character in text)
    return f"<w:p>{runs}</w:p>"


def xlsx(text: str) -> bytes:
    """A workbook with one cell."""
    from openpyxl import Workbook

    book, out = Workbook(), io.BytesIO()
    book.active["A1"] = text
    book.save(out)
    return out.getvalue()


def ofd(text: str) -> bytes:
    """An OFD file of one page."""
    spec = "http://www.ofdspec.org/2016"
    return archive(
        {
            "OFD.xml": f'<ofd:OFD xmlns:ofd="{spec}"/>',
            "Doc_0/Pages/Page_0/Content.xml": f'<ofd:Page xmlns:ofd="{spec}"><ofd:TextObject>'
            f"<ofd:TextCode>{text}</ofd:TextCode></ofd:TextObject></ofd:Page>",
        }
    )


def archive(parts: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return out.getvalue()
