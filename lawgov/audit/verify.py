"""Reading the trail against itself and against the heads noted outside the database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from lawgov.audit.heads import KnownHead, known_chains, known_heads
from lawgov.audit.models import INSTALLATION, AuditEntry, AuditHead
from lawgov.audit.record import digest

BATCH = 2000


@dataclass(frozen=True)
class ChainFault:
    """One thing that does not fit; `seq` is the entry's number in its chain, None for the whole."""

    chain: str
    seq: int | None
    message: str

    def __str__(self) -> str:
        place = self.chain if self.seq is None else f"{self.chain} #{self.seq}"
        return f"{place}: {self.message}"


@dataclass(frozen=True)
class Checked:
    """A chain as found: how many entries, and what does not fit (empty: intact)."""

    chain: str
    entries: int
    faults: list[ChainFault]


def _batches(numbers: Sequence[int], size: int = 500) -> Iterator[Sequence[int]]:
    """`numbers` in parts that fit into one query."""
    for start in range(0, len(numbers), size):
        yield numbers[start : start + size]


def chains() -> list[str]:
    """All chains that rows, heads or noted heads know of."""
    found = set(AuditEntry.objects.order_by().values_list("chain", flat=True).distinct())
    found |= set(AuditHead.objects.values_list("chain", flat=True)) | known_chains()
    return sorted(found)


def verify(chain: str, *, newest: int | None = None) -> Checked:
    """Check one chain from its first entry to its head, or only its `newest` entries.

    Found are gaps, changed content, a link to another hash than the entry before has, entries of
    another place or out of order, and a head, in the database or noted, that differs.
    """
    rows = AuditEntry.objects.filter(chain=chain).select_related("region")
    start = max(0, _length(chain) - newest) if newest else 0
    last = rows.filter(seq=start).first() if start else None
    faults: list[ChainFault] = []
    count = 0
    for entry in rows.filter(seq__gt=start).order_by("seq").iterator(chunk_size=BATCH):
        faults += _faults_of(entry, last)
        last = entry
        count += 1
    faults += _head_faults(chain, last)
    faults += _noted_faults(chain, [*known_heads(chain)])
    return Checked(chain, count, faults)


def _length(chain: str) -> int:
    head = AuditHead.objects.filter(chain=chain).first()
    return head.seq if head else 0


def _faults_of(entry: AuditEntry, before: AuditEntry | None) -> Iterator[ChainFault]:
    expected = before.seq + 1 if before else 1
    if entry.seq != expected:
        text = _("前面缺 %(n)s 条") % {"n": entry.seq - expected}
        yield ChainFault(entry.chain, entry.seq, text)
    elif entry.prev_hash != (before.hash if before else ""):
        yield ChainFault(entry.chain, entry.seq, _("和前一条的散列值接不上"))
    if entry.hash != digest(entry):
        yield ChainFault(entry.chain, entry.seq, _("内容被改过"))
    if (entry.region.code if entry.region else INSTALLATION) != entry.chain:
        yield ChainFault(entry.chain, entry.seq, _("地区和链不符"))
    if before and entry.pk <= before.pk:
        yield ChainFault(entry.chain, entry.seq, _("先后次序被换过"))


def _head_faults(chain: str, last: AuditEntry | None) -> Iterator[ChainFault]:
    head = AuditHead.objects.filter(chain=chain).first()
    stored = (head.seq, head.hash) if head else (0, "")
    if stored != ((last.seq, last.hash) if last else (0, "")):
        found = last.seq if last else 0
        text = _("链尾应为第 %(head)s 条，实有 %(found)s 条") % {"head": stored[0], "found": found}
        yield ChainFault(chain, None, text)


def _noted_faults(chain: str, known: Sequence[KnownHead]) -> Iterator[ChainFault]:
    rows = AuditEntry.objects.filter(chain=chain).order_by()
    stored: dict[int, str] = {}
    for some in _batches([head.seq for head in known]):
        stored |= dict(rows.filter(seq__in=some).values_list("seq", "hash"))
    for head in known:
        if head.seq and stored.get(head.seq) != head.hash:
            text = _("和 %(at)s 记在库外的链尾不符") % {"at": head.at}
            yield ChainFault(chain, head.seq, text)
