"""The seal of a sheet that goes out: what it said, for whom, and who each row is, signed.

The signature is an HMAC with the installation's key, under a salt of its own: nobody outside can
make a seal, alter one, or take a row's mark to another sheet. What is sealed is no secret, it
stands in the sheet.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from django.core.signing import BadSignature, Signer
from django.utils.translation import gettext as _

from lawgov.errors import DomainError
from lawgov.filling import marks

SALT = "lawgov.filling"
CHUNK = 30_000  # characters; a cell of Excel holds 32,767


class Broken(DomainError):
    """The seal is missing or does not hold; the sentence says what to do. Nothing is read."""

    status = 422


@dataclass(frozen=True)
class SealedRow:
    """One row as it went out: its version and its cells as text, by column.

    `held` are digests of values that the sheet shows only in part (a masked number).
    """

    version: int
    cells: Mapping[str, str]
    held: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Baseline:
    """What a sheet said when it went out. `columns` is the code of its columns, `made_at` an
    instant in ISO form, `rows` by id; `nonce` ties the rows' marks to this sheet."""

    subject: str
    columns: str
    region: int
    made_for: str
    made_at: str
    rows: Mapping[int, SealedRow]
    nonce: str = field(default_factory=lambda: secrets.token_hex(4))


def as_json(baseline: Baseline) -> dict[str, Any]:
    return asdict(baseline) | {"rows": {str(pk): asdict(row) for pk, row in baseline.rows.items()}}


def of_json(stored: Mapping[str, Any]) -> Baseline:
    rows = {int(pk): SealedRow(**row) for pk, row in stored["rows"].items()}
    return Baseline(**{**stored, "rows": rows})


def seal(baseline: Baseline) -> list[str]:
    """The baseline, signed and cut into texts that fit into cells."""
    signed = marks.spelt(_signer().sign_object(as_json(baseline), compress=True))
    parts = [signed[start : start + CHUNK] for start in range(0, len(signed), CHUNK)]
    return [f"{marks.PART}{n}/{len(parts)}:{part}" for n, part in enumerate(parts, 1)]


def unseal(texts: Iterable[str]) -> Baseline:
    """The baseline of a sheet, from its parts in any order; raises Broken.

    The signature is checked before anything is unpacked.
    """
    found = [match for text in texts if (match := marks.CHUNK.fullmatch(text))]
    if not found:
        raise Broken(_("这不是从这里下载的填报表，或者里面的校验页已经删掉；请重新下载后再填"))
    parts = {int(match[1]): match[3] for match in found}
    totals = {int(match[2]) for match in found}
    if (
        len(found) != len(parts)
        or totals != {len(parts)}
        or set(parts) != set(range(1, len(parts) + 1))
    ):
        raise _tampered()
    try:
        stored = _signer().unsign_object(marks.signed("".join(parts[n] for n in sorted(parts))))
        return of_json(stored)
    except (BadSignature, ValueError, TypeError, KeyError, AttributeError) as error:
        raise _tampered() from error


def mark(baseline: Baseline, pk: int) -> str:
    """What makes a row known again, wherever it is moved to."""
    return marks.spelt(_signer().sign(f"{baseline.nonce}-{pk}"))


def marked_row(baseline: Baseline, text: str) -> int:
    """The id that a mark names; raises Broken for one that was not made for this sheet."""
    try:
        nonce, _dash, pk = _signer().unsign(marks.signed(text)).partition("-")
    except BadSignature as error:
        raise _tampered() from error
    if nonce != baseline.nonce or int(pk) not in baseline.rows:
        raise _tampered()
    return int(pk)


def _signer() -> Signer:
    return Signer(salt=SALT)


def _tampered() -> Broken:
    return Broken(_("表格里隐藏的行标识或校验内容被改动过，整张表都没有读入；请重新下载后再填"))
