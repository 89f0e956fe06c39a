"""Proof of one unit's work as its page shows it, and where the same file is already in use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, Sum

from indicators.assignments.models import UnitAssignment
from indicators.assignments.proof import missing_proof
from indicators.campaigns.models import Campaign
from indicators.evidence.models import Evidence, EvidenceLink, EvidenceVersion
from indicators.evidence.warnings import Period, lacks_public_url, outside_period
from lawgov.accounts.actors import Actor
from lawgov.files.models import Blob
from lawgov.units.models import Region

TWINS_NAMED = 5  # indicators that are named where the same file is in use already


@dataclass(frozen=True)
class Piece:
    """One tile: proof as used for one work; `warning` says in words what stands against it."""

    link: EvidenceLink
    warning: str

    @property
    def evidence(self) -> Evidence:
        return self.link.evidence


@dataclass(frozen=True)
class Slot:
    """One part of the hint on what proves the indicator; `pieces` in force are in it."""

    name: str
    required: bool
    pieces: int

    @property
    def lacking(self) -> bool:
        return self.required and not self.pieces


@dataclass(frozen=True)
class Proof:
    """All proof in force of one unit's work; `missing` names what a tick still needs."""

    pieces: list[Piece]
    slots: list[Slot]
    missing: list[str]
    lacks_url: bool

    @property
    def pages(self) -> int:
        """Pages of all current files that have pages."""
        files = [piece.evidence.current for piece in self.pieces]
        return sum(file.pages or 0 for file in files if file)


def evidence_period(campaign: Campaign) -> Period:
    return Period(campaign.evidence_from, campaign.evidence_to)


def proof_of(work: UnitAssignment) -> Proof:
    """Proof of `work`, oldest first; two queries. `work` comes with assignment and indicator."""
    links = [
        *work.evidence_links.in_force()
        .select_related("evidence")
        .prefetch_related(Prefetch("evidence__versions", EvidenceVersion.objects.with_blobs()))
    ]
    assignment, indicator = work.assignment, work.assignment.indicator
    period = evidence_period(assignment.campaign)
    filled = [link.slot for link in links]
    names = [*indicator.slots, *(s for s in assignment.required if s not in indicator.slots)]
    return Proof(
        [Piece(link, _warning(link.evidence, period)) for link in links],
        [Slot(name, name in assignment.required, filled.count(name)) for name in names],
        missing_proof(assignment.required, filled),
        lacks_public_url(indicator.method, [link.evidence.url for link in links]),
    )


def _warning(evidence: Evidence, period: Period) -> str:
    return outside_period(period, evidence.issued_on, evidence.period_from, evidence.period_to)


@dataclass(frozen=True)
class Twins:
    """Where a file's content is in use already.

    `named`: uses that the viewer may see, up to five, one per indicator; `others`: how many
    indicators of the place use it beside these. `own`: the piece of the viewer's unit that could
    be used instead of saving it once more, None when the unit has none.
    """

    named: list[EvidenceLink]
    others: int
    own: Evidence | None

    def __bool__(self) -> bool:
        return bool(self.named or self.others or self.own)


def twins(sha256: str, work: UnitAssignment, actor: Actor) -> Twins:
    """Other uses of the content with this hash in the work's place; three queries."""
    same = Evidence.objects.in_region(work.region_id).in_force().with_content(sha256)
    links = EvidenceLink.objects.in_force().filter(evidence__in=same)
    seen = links.visible_to(actor).select_related(
        "evidence", "unit_assignment__unit", "unit_assignment__assignment__indicator"
    )
    named: dict[int, EvidenceLink] = {}
    for link in seen.order_by("unit_assignment__assignment__indicator__number", "id"):
        named.setdefault(link.unit_assignment.assignment_id, link)
    total = links.values("unit_assignment__assignment").distinct().count()
    shown = [*named.values()][:TWINS_NAMED]
    return Twins(shown, total - len(shown), same.filter(unit=work.unit_id).first())


def stored_bytes(region: Region) -> int:
    """Bytes of all files that the proof of a place takes, each content counted once."""
    blobs = Blob.objects.filter(evidence_versions__evidence__region=region).distinct()
    return blobs.aggregate(total=Sum("size"))["total"] or 0


def reusable(work: UnitAssignment, text: str, limit: int = 50) -> Sequence[Evidence]:
    """Proof of the same unit that `work` does not use yet, newest first, by title or number."""
    used = work.evidence_links.in_force().values("evidence")
    rows = Evidence.objects.in_force().filter(unit=work.unit_id).exclude(pk__in=used)
    if text:
        rows = rows.filter(title__icontains=text) | rows.filter(document_number__icontains=text)
    return [*rows.with_files().order_by("-id")[:limit]]
