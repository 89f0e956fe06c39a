"""Reads one untrusted file in a process of its own: counts pages, takes text, draws pages.

Run by pages.py as a program, never imported by the product: whatever a crafted file does to a
parser, it does it here, under limits of memory, processor time and file size. Answers with one
line of JSON. Exit codes: 0 done, 3 the file cannot be read (`error` says why).
"""

from __future__ import annotations

import json
import os
import resource
import sys
from pathlib import Path

MEMORY = 1024**3  # bytes of address space; pdfium and Pillow need about a fifth of it idle
SECONDS = 20  # of processor time
TEXT_PAGES = 3
TEXT_LENGTH = 8000  # characters; more is not looked at
WIDTH, HEIGHT = 1400, 2000  # pixels that a drawn page fits into
PIXELS = 60_000_000  # of a picture before it is drawn smaller
FORMATS = ["PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF"]


class Unreadable(Exception):
    """The file is not what it says, or keeps itself closed; the argument is a code."""


def limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (64 * 1024**2, 64 * 1024**2))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


# -- PDF -------------------------------------------------------------------------------------


def open_pdf(path: str):
    import pypdfium2
    import pypdfium2.raw

    try:
        return pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        locked = error.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD
        raise Unreadable("password" if locked else "broken") from error


def look_pdf(path: str) -> dict:
    document = open_pdf(path)
    pages = len(document)
    parts = [
        document[index].get_textpage().get_text_bounded()[:TEXT_LENGTH]
        for index in range(min(pages, TEXT_PAGES))
    ]
    return {"pages": pages, "text": "\n".join(parts)[: TEXT_PAGES * TEXT_LENGTH]}


def draw_pdf(path: str, numbers: range, folder: Path) -> None:
    document = open_pdf(path)
    for number in numbers:
        if number > len(document):
            break
        page = document[number - 1]
        width, height = page.get_size()  # in points of 1/72 inch
        scale = min(WIDTH / max(width, 1), HEIGHT / max(height, 1), 8)
        save(page.render(scale=scale).to_pil(), folder / f"{number}.jpg")


# -- pictures --------------------------------------------------------------------------------


def open_picture(path: str):
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = PIXELS // 2  # Pillow refuses at twice this figure
    try:
        return Image.open(path, formats=FORMATS)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise Unreadable("broken") from error


def look_picture(path: str) -> dict:
    picture = open_picture(path)
    return {"pages": getattr(picture, "n_frames", 1) if picture.format == "TIFF" else 1, "text": ""}


def draw_picture(path: str, numbers: range, folder: Path) -> None:
    from PIL import ImageOps

    picture = open_picture(path)
    for number in numbers:
        try:
            picture.seek(number - 1)
        except EOFError:
            break
        picture.draft("RGB", (WIDTH, HEIGHT))  # a large JPEG is decoded small at once
        drawn = ImageOps.exif_transpose(picture).convert("RGBA")
        save(drawn, folder / f"{number}.jpg")


def save(picture, path: Path) -> None:
    """As a fresh JPEG without any of the original's metadata, on white where it is transparent."""
    from PIL import Image

    picture.thumbnail((WIDTH, HEIGHT))
    plain = Image.new("RGB", picture.size, "white")
    plain.paste(picture, mask=picture.getchannel("A") if picture.mode == "RGBA" else None)
    plain.save(path, "JPEG", quality=82, optimize=True)


# -- office files and text -------------------------------------------------------------------

DOCUMENT_PARTS = ("word/header", "word/document", "word/footer")
SHEET_PARTS = ("xl/sharedStrings.xml", "xl/worksheets/sheet1.xml")
SLIDE_PARTS = ("ppt/slides/slide1.xml", "ppt/slides/slide2.xml", "ppt/slides/slide3.xml")
OFD_PAGE = "Content.xml"  # of each page and template of an .ofd


def look_office(path: str) -> dict:
    """Text of the first pages' worth of a .docx, .xlsx, .pptx, .ofd; its gate has been passed."""
    import zipfile

    try:
        with zipfile.ZipFile(path) as archive:
            names = sorted(archive.namelist(), key=lambda name: (len(name), name))
            wanted = [
                name
                for start in (*DOCUMENT_PARTS, *SHEET_PARTS, *SLIDE_PARTS)
                for name in names
                if name.startswith(start) and name.endswith(".xml")
            ]
            if "OFD.xml" in names:
                wanted = [name for name in names if name.endswith(OFD_PAGE)][: 2 * TEXT_PAGES]
            parts = [text_of(archive.open(name)) for name in wanted]
    except Exception as error:  # a damaged archive fails in a dozen ways, all mean the same
        raise Unreadable("broken") from error
    return {"pages": None, "text": "\n".join(parts)[: TEXT_PAGES * TEXT_LENGTH]}


TEXTS = {"t", "oddHeader", "oddFooter", "firstHeader", "TextCode"}
ENDS = {"p", "si", "is", "c", "br", "TextObject"}


def text_of(part) -> str:
    """The text of one XML part, paragraphs and cells apart; runs of one paragraph together."""
    from defusedxml.ElementTree import iterparse

    found, length = [], 0
    for _event, element in iterparse(part, events=("end",), forbid_dtd=True):
        name = element.tag.rpartition("}")[2]
        if name in TEXTS and element.text:
            found.append(element.text)
            length += len(element.text)
        elif name in ENDS:
            found.append("\n")
        if length > TEXT_LENGTH:
            break
    return "".join(found)


def look_text(path: str) -> dict:
    with open(path, "rb") as stream:
        raw = stream.read(4 * TEXT_LENGTH)
    for encoding in ("utf-8-sig", "utf-16", "gb18030"):
        if encoding == "utf-16" and raw[:2] not in (b"\xff\xfe", b"\xfe\xff"):
            continue
        try:
            return {"pages": None, "text": raw.decode(encoding)}
        except UnicodeDecodeError:
            continue
    return {"pages": None, "text": raw.decode("gb18030", "replace")}


LOOKS = {"pdf": look_pdf, "picture": look_picture, "office": look_office, "text": look_text}
DRAWS = {"pdf": draw_pdf, "picture": draw_picture}


def main(words: list[str]) -> int:
    task, family, path, *rest = words
    limit()
    try:
        if task == "look":
            answer = LOOKS[family](path)
        else:
            first, last, folder = rest
            DRAWS[family](path, range(int(first), int(last) + 1), Path(folder))
            answer = {}
    except Unreadable as error:
        answer = {"error": str(error)}
    except MemoryError:
        answer = {"error": "too_much"}
    except Exception as error:
        answer = {"error": "broken", "detail": type(error).__name__}
    sys.stdout.write(json.dumps(answer))
    sys.stdout.flush()
    # Not through the interpreter's end: a parser that a file has upset may hang or crash there.
    os._exit(3 if "error" in answer else 0)


if __name__ == "__main__":
    main(sys.argv[1:])
