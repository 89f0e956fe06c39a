"""Contents lists as pages export them: whose proof, in which order, on how many sheets."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import Workbook, load_workbook

from indicators.dossiers.contents import Volume, contents_workbook
from indicators.models import Evidence, EvidenceLink, EvidenceVersion
from lawgov.files.models import Blob
from lawgov.jobs import actions
from lawgov.jobs.models import Job
from lawgov.spreadsheets.writer import write
from tests.factories import NOW, make_edition, make_proof, make_work
from tests.people import Cast, browser, make_cast


def exported(actor, query: str = "") -> Workbook:
    page = browser(actor).post(f"/exports/contents/?{query}")
    assert page.status_code == 302
    job = Job.objects.latest("pk")
    assert actions.run(job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.DONE, job.message
    file = browser(actor).get(f"/jobs/{job.pk}/file/")
    return load_workbook(BytesIO(b"".join(file.streaming_content)), data_only=True)


def lines(sheet) -> list[tuple]:
    return [row for row in sheet.iter_rows(min_row=4, values_only=True) if isinstance(row[0], int)]


def column(sheet, place: int) -> list:
    return [row[place] for row in lines(sheet)]


def with_file(proof: Evidence, *pages: int | None) -> Evidence:
    """The piece as a file, a version for each number of pages."""
    for number, count in enumerate(pages, 1):
        blob = Blob.objects.create(
            sha256=f"{proof.pk}-{number}", size=1, media_type="application/pdf", created_at=NOW
        )
        EvidenceVersion.objects.create(
            evidence=proof, number=number, blob=blob, filename="a.pdf", pages=count, uploaded_at=NOW
        )
    return proof


def indicator(cast: Cast, number: int):
    return cast.campaign.assignments.get(indicator__number=number)


def test_one_indicator_lists_its_proof_by_unit_and_date(cast) -> None:
    first = indicator(cast, 1)
    work, other = make_work(first, cast.unit), make_work(first, cast.other_unit)
    theirs = with_file(make_proof(other, "林业局的"), 2)
    late = with_file(make_proof(work, "后来的"), 9, 3)
    undated = with_file(make_proof(work, "没有日期"), 1)
    Evidence.objects.filter(pk=undated.pk).update(issued_on=None, issuing_body="区政府办")
    Evidence.objects.filter(pk=late.pk).update(issued_on=date(2026, 6, 1))
    with_file(make_proof(work, "早先的"), 4)
    Evidence.objects.filter(pk=theirs.pk).update(kind="file", document_number="")
    sheet = exported(cast.office, "indicator=1").worksheets[0]
    assert column(sheet, 3) == ["早先的", "后来的", "没有日期", "林业局的"]
    assert column(sheet, 0) == [1, 2, 3, 4]
    assert column(sheet, 5) == ["1-4", "5-7", 8, "9-10"]  # the version in force has three
    assert column(sheet, 2) == ["区水利局", "区水利局", "区政府办", "区林业局"]
    assert column(sheet, 1) == ["安司审〔2026〕5号"] * 3 + [None]
    assert column(sheet, 6) == [None] * 4
    assert first.indicator.title in sheet["A2"].value
    assert "（指标1）" in sheet["A2"].value


def test_a_group_is_one_volume_and_binds_a_piece_once(db) -> None:
    cast = make_cast(edition=make_edition(areas=2, groups=2, each=2))
    first, second, *_rest = cast.campaign.assignments.with_tree()
    works = [make_work(each, cast.unit) for each in (first, second)]
    shared = make_proof(works[0], "共用")
    EvidenceLink.objects.create(evidence=shared, unit_assignment=works[1], created_at=NOW)
    make_proof(works[1], "单用")
    book = exported(cast.office)
    assert [sheet.title for sheet in book.worksheets] == [
        *("1.1 二级1", "1.2 二级2", "2.1 二级1", "2.2 二级2")
    ]
    sheet = book.worksheets[0]
    assert sheet["A2"].value == "案卷题名：二级1（指标1—2）"
    assert column(sheet, 3) == ["共用", "单用"]
    assert column(sheet, 6) == ["指标1、2", "指标2"]
    assert not any(lines(other) for other in book.worksheets[1:])


def test_removed_proof_and_removed_uses_are_left_out(cast) -> None:
    work = make_work(indicator(cast, 1), cast.unit)
    make_proof(work, "在用")
    gone, unused = make_proof(work, "作废"), make_proof(work, "不再用")
    Evidence.objects.filter(pk=gone.pk).update(removed_at=NOW)
    EvidenceLink.objects.filter(evidence=unused).update(removed_at=NOW)
    assert column(exported(cast.office, "indicator=1").worksheets[0], 3) == ["在用"]


def test_a_web_page_says_so_and_has_no_pages(cast) -> None:
    work = make_work(indicator(cast, 1), cast.unit)
    page = make_proof(work, "公开专栏")
    Evidence.objects.filter(pk=page.pk).update(kind="link", url="https://anhe.example/zl")
    sheet = exported(cast.office, "indicator=1").worksheets[0]
    assert (column(sheet, 5), column(sheet, 6)) == ([None], ["网页"])


def test_nobody_lists_proof_that_is_not_theirs(cast) -> None:
    first = indicator(cast, 1)
    make_proof(make_work(first, cast.unit), "水利局的")
    make_proof(make_work(first, cast.other_unit), "林业局的")
    assert column(exported(cast.office, "indicator=1").worksheets[0], 3) == ["水利局的", "林业局的"]
    assert column(exported(cast.editor, "indicator=1").worksheets[0], 3) == ["水利局的"]
    asked = f"indicator=1&unit={cast.other_unit.pk}"
    assert column(exported(cast.editor, asked).worksheets[0], 3) == []
    assert column(exported(cast.office, asked).worksheets[0], 3) == ["林业局的"]
    assert column(exported(cast.lead, asked).worksheets[0], 3) == ["林业局的"]
    book = exported(cast.foreign_office)
    assert not any(lines(sheet) for sheet in book.worksheets)


def test_an_indicator_that_is_not_there_gives_no_file(cast) -> None:
    browser(cast.stranger).post("/exports/contents/?indicator=1")  # works on nothing
    job = Job.objects.latest("pk")
    assert actions.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.message) == (Job.State.FAILED, "没有符合条件的指标")


def test_the_filters_of_the_checklist_hold(cast) -> None:
    first = indicator(cast, 1)
    make_proof(make_work(first, cast.unit), "甲")
    area = first.indicator.group.area
    book = exported(cast.office, f"area={area.number}")
    assert all(sheet.title.startswith(f"{area.number}.") for sheet in book.worksheets)
    narrowed = exported(cast.office, "q=1")
    assert [sheet["A2"].value.endswith("（指标1）") for sheet in narrowed.worksheets] == [True]


def test_one_query_however_many_volumes_and_pieces(cast, tmp_path) -> None:
    works = [make_work(each, cast.unit) for each in cast.campaign.assignments.all()]

    def queries() -> int:
        volumes = [Volume(f"卷{w.pk}", f"{w.pk}", frozenset({w.assignment_id})) for w in works]
        with CaptureQueriesContext(connection) as found:
            write(contents_workbook("x", volumes, cast.office, created=NOW), tmp_path / "x.xlsx")
        return len(found)

    for work in works:
        with_file(make_proof(work), 2)
    few = queries()
    for work in works * 5:
        with_file(make_proof(work), 2)
    assert queries() == few == 1


@pytest.mark.parametrize("address", ["/checklist/", "/indicators/1/"])
def test_the_button_stands_where_proof_is_read(cast, address) -> None:
    work = make_work(indicator(cast, 1), cast.unit)
    text = browser(cast.office).get(address).content.decode()
    assert 'action="/exports/contents/?' in text
    assert "/exports/contents/" not in browser(cast.expert).get(address).content.decode()
    page = browser(cast.office).get(f"/indicators/1/units/{work.unit_id}/").content.decode()
    assert f'action="/exports/contents/?indicator=1&amp;unit={work.unit_id}"' in page
