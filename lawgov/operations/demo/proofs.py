"""The demo's evidence: a few small files, many document numbers and some links, shared per unit."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from io import BytesIO
from random import Random

from PIL import Image, ImageDraw

from indicators.models import Campaign, Evidence, EvidenceVersion
from lawgov.files import store
from lawgov.files.models import Blob
from lawgov.units.models import Unit

TITLES = [
    "工作规程和责任分工文件",
    "年度登记表",
    "审核意见书汇编",
    "会议纪要和签到表",
    "抽查记录和照片",
    "公开网址截图",
    "年度工作报告",
    "培训通知和试卷",
]
PER_UNIT = 8
LIMIT = 50 * 1024 * 1024


def pdf(lines: list[str]) -> bytes:
    """A one-page PDF of Latin text in a standard font, written by hand: no library needed."""
    text = "BT /F1 14 Tf 60 780 Td 20 TL " + " ".join(f"({line}) Tj T*" for line in lines) + " ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        " /Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(text)} >>\nstream\n{text}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode()
    start = len(out)
    rows = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    count = len(objects) + 1
    out += f"xref\n0 {count}\n0000000000 65535 f \n{rows}".encode()
    return out + f"trailer << /Size {count} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()


def picture(number: int) -> bytes:
    image = Image.new("RGB", (640, 400), "#eef2f5")
    drawing = ImageDraw.Draw(image)
    drawing.rectangle((20, 20, 620, 380), outline="#12385c", width=3)
    drawing.text((40, 40), f"lawgov demo photo {number}", fill="#1b2632")
    buffer = BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


class Shelf:
    """The evidence of a campaign's units; `take` hands out a unit's pieces in turn."""

    def __init__(self, campaign: Campaign, today: date, rng: Random, *, at: datetime) -> None:
        self.campaign, self.today, self.rng, self.at = campaign, today, rng, at
        self._units = dict(Unit.objects.in_region(campaign.region).values_list("pk", "short_name"))
        self._pieces: dict[int, list[Evidence]] = {}
        self._given: dict[int, int] = {}

    def take(self, unit: int) -> Evidence:
        if unit not in self._pieces:
            self._pieces[unit] = [self._piece(unit, number) for number in range(PER_UNIT)]
            Evidence.objects.bulk_create(self._pieces[unit])
        turn = self._given.get(unit, 0)
        self._given[unit] = turn + 1
        return self._pieces[unit][turn % PER_UNIT]

    def save(self) -> None:
        """The files of those pieces that are files: six contents for the whole place."""
        blobs = [
            self._keep(pdf([f"Evidence {n}", "lawgov demo"]), "application/pdf") for n in range(4)
        ]
        blobs += [self._keep(picture(n), "image/png") for n in range(2)]
        versions = []
        for turn, pieces in enumerate(self._pieces.values()):
            for number, piece in enumerate(p for p in pieces if p.kind == Evidence.Kind.FILE):
                blob = blobs[(turn + number) % len(blobs)]
                suffix = "pdf" if blob.media_type == "application/pdf" else "png"
                versions.append(
                    EvidenceVersion(
                        evidence=piece,
                        number=1,
                        blob=blob,
                        filename=f"{piece.title}.{suffix}",
                        pages=1,
                        uploaded_at=self.at,
                    )
                )
        EvidenceVersion.objects.bulk_create(versions, batch_size=500)

    def _keep(self, content: bytes, media_type: str) -> Blob:
        return store.keep(store.put([content], limit=LIMIT), media_type, now=self.at)

    def _piece(self, unit: int, number: int) -> Evidence:
        kinds = [Evidence.Kind.FILE, Evidence.Kind.NUMBER, Evidence.Kind.FILE, Evidence.Kind.NUMBER]
        kind = Evidence.Kind.LINK if TITLES[number] == "公开网址截图" else kinds[number % 4]
        age = self.rng.randint(130, 500)
        if self.rng.random() < 0.03:
            age = 1100  # before the evidence period, so that a flag is to be seen
        issued = self.today - timedelta(days=age)
        return Evidence(
            region_id=self.campaign.region_id,
            unit_id=unit,
            kind=kind,
            title=f"{self._units[unit]}{TITLES[number]}",
            document_number=f"安{number + 1}发〔{issued.year}〕{self.rng.randrange(1, 90)}号",
            issuing_body=self._units[unit],
            issued_on=issued,
            url="https://www.example.gov.invalid/" if kind == Evidence.Kind.LINK else "",
            is_public=kind == Evidence.Kind.LINK,
            created_at=self.at,
        )
