"""Reading the trail against itself and against the heads noted outside the database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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


def chains() -> list[str]:
    """All chains that rows, heads or noted heads know of."""
    found = set(AuditEntry.objects.order_by().values_list("chain", flat=True).distinct())
    found |= set(AuditHead.objects.values_list("chain", flat=True)) | known_chains()
    return sorted(found)


def verify(chain: str) -> Checked:
    """Check one chain from its first entry to its head.

    Found are gaps, changed content, a link to another hash than the entry before has, entries of
    another place or out of order, and a head, in the database or noted, that differs.
    """
    known = {head.seq: head for head in known_heads(chain)}
    seen: dict[int, str] = {}
    faults: list[ChainFault] = []
    entries = AuditEntry.objects.filter(chain=chain).order_by("seq").select_related("region")
    last: AuditEntry | None = None
    for entry in entries.iterator(chunk_size=BATCH):
        faults += _faults_of(entry, last)
        if entry.seq in known:
            seen[entry.seq] = entry.hash
        last = entry
    faults += _head_faults(chain, last)
    faults += _noted_faults(chain, known.values(), seen)
    count = last.seq if last and not faults else entries.count()
    return Checked(chain, count, faults)


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


def _noted_faults(
    chain: str, known: Iterable[KnownHead], seen: dict[int, str]
) -> Iterator[ChainFault]:
    for head in known:
        if head.seq and seen.get(head.seq) != head.hash:
            text = _("和 %(at)s 记在库外的链尾不符") % {"at": head.at}
            yield ChainFault(chain, head.seq, text)
