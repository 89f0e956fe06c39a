"""What the column 佐证材料 of a ledger becomes when the ledger is taken over."""

from __future__ import annotations

import pytest

from assessments.models import ResponseProof, UnitResponse
from indicators.models import Evidence, EvidenceLink
from lawgov.audit.models import AuditEntry
from tests import factories
from tests.imports.conftest import HEADER, Person, sheet
from tests.people import Cast, browser

pytestmark = pytest.mark.django_db
WITH_PROOF = [*HEADER, "佐证材料"]


def taken_over(cast: Cast, *rows: list, header: list[str] = WITH_PROOF) -> list[UnitResponse]:
    """The answers that a ledger of these rows becomes, in their order."""
    inspection = factories.make_inspection(cast.region)
    office = Person(cast.office, browser(cast.office))
    office.send(sheet([*rows], header=header), inspection=inspection.pk)
    assert office.confirm().status_code == 302
    rows = UnitResponse.objects.filter(issue__inspection=inspection)
    return list(rows.order_by("issue__source_row", "unit__order"))


def line(number: int, units: str, proof: object, progress: str = "正在补") -> list:
    return [number, units, f"问题{number}", "要求", "6月底前", progress, "否", proof]


def test_papers_named_in_words_become_a_piece_of_the_unit(cast: Cast) -> None:
    (answer,) = taken_over(cast, line(1, "区水利局", "安水〔2026〕3号 整改报告"))
    piece = answer.proofs.get().evidence
    assert (piece.region, piece.unit) == (cast.region, cast.unit)
    assert piece.kind == Evidence.Kind.NUMBER
    assert piece.title == piece.document_number == "安水〔2026〕3号 整改报告"
    assert not piece.versions.exists(), "a ledger brings words, no file"


def test_it_is_proof_of_the_answer_and_of_no_indicator(cast: Cast) -> None:
    taken_over(cast, line(1, "区水利局", "整改报告"))
    assert ResponseProof.objects.count() == 1 and not EvidenceLink.objects.exists()


def test_each_unit_of_a_row_gets_a_piece_of_its_own(cast: Cast) -> None:
    answers = taken_over(cast, line(1, "区水利局、区林业局", "整改报告"))
    assert len(answers) == 2
    assert {answer.proofs.get().evidence.unit for answer in answers} == {cast.unit, cast.other_unit}
    assert Evidence.objects.count() == 2


def test_only_the_rows_that_name_something_have_proof(cast: Cast) -> None:
    first, second, third = taken_over(
        cast,
        line(1, "区水利局", ""),
        line(2, "区林业局", "照片 3 张"),
        line(3, "区司法局", "  "),
    )
    assert not first.proofs.exists() and not third.proofs.exists()
    assert second.proofs.get().evidence.title == "照片 3 张"


def test_a_ledger_without_the_column_brings_no_proof(cast: Cast) -> None:
    taken_over(cast, line(1, "区水利局", "")[:-1], header=HEADER)
    assert not Evidence.objects.exists()


def test_a_long_text_is_cut_to_what_the_columns_hold(cast: Cast) -> None:
    text = "整改" * 150
    (answer,) = taken_over(cast, line(1, "区水利局", text))
    piece = answer.proofs.get().evidence
    assert (piece.title, piece.document_number) == (text[:200], text[:80])


def test_proof_alone_moves_no_answer(cast: Cast) -> None:
    """The state follows from 是否销号, 整改进展 and the letter; papers do not close anything."""
    (answer,) = taken_over(cast, line(1, "区水利局", "整改报告", progress=""))
    assert answer.proofs.exists() and answer.state == "issued"


def test_the_same_file_again_brings_no_second_piece(cast: Cast) -> None:
    inspection = factories.make_inspection(cast.region)
    content = sheet([line(1, "区水利局", "整改报告")], header=WITH_PROOF)
    for _time in range(2):
        office = Person(cast.office, browser(cast.office))
        office.send(content, inspection=inspection.pk)
        office.confirm()
    assert Evidence.objects.count() == ResponseProof.objects.count() == 1
    assert AuditEntry.objects.filter(verb="response.imported").count() == 1


def test_a_refused_row_takes_the_whole_file_with_it(cast: Cast) -> None:
    inspection = factories.make_inspection(cast.region)
    office = Person(cast.office, browser(cast.office))
    rows = [line(1, "区水利局", "整改报告"), line(2, "没有这个局", "照片")]
    office.send(sheet(rows, header=WITH_PROOF), inspection=inspection.pk)
    office.confirm()
    assert not Evidence.objects.exists() and not ResponseProof.objects.exists()
