"""Reading what comes in: in a process of its own, also by way of the import wizard."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from lawgov.errors import GuardFailed
from lawgov.filling import actions
from lawgov.filling.extract import is_ours
from lawgov.filling.models import FilledSheet
from lawgov.imports.kinds import homecomings
from lawgov.jobs import actions as jobs
from lawgov.jobs.models import Job
from tests import factories
from tests.factories import NOW
from tests.filling.sheets import NAME, edited, exported, merged, verdicts
from tests.people import Cast, make_cast

pytestmark = pytest.mark.django_db
CODE = "self_scores"
SAMPLES = Path(__file__).parents[1] / "samples"


@pytest.fixture
def cast() -> Cast:
    made = make_cast()
    for assignment in made.campaign.assignments.all():
        factories.make_work(assignment, made.unit)
    return made


@pytest.fixture
def content(cast: Cast) -> bytes:
    return edited(exported(CODE, cast.editor), lambda desk: desk.type(0, "自评得分", 8))


def test_the_worker_reads_in_a_process_without_a_key(cast: Cast, content: bytes) -> None:
    sheet, job = actions.receive(ContentFile(content, NAME), actor=cast.editor, now=NOW)
    assert jobs.run(job.pk)
    sheet.refresh_from_db()
    assert sheet.state == "open", sheet.refusal
    assert verdicts(merged(sheet, cast.editor)) == {"1 自评得分": "apply"}
    assert Job.objects.get(pk=job.pk).url == sheet.get_absolute_url()


def test_a_damaged_workbook_is_a_sentence(cast: Cast, content: bytes) -> None:
    for cut in (len(content) // 2, len(content) - 30):
        try:
            _sheet, job = actions.receive(
                ContentFile(content[:cut], NAME), actor=cast.editor, now=NOW
            )
        except GuardFailed as refused:
            assert refused.fields["file"]
        else:
            assert jobs.run(job.pk)
            assert FilledSheet.objects.latest("pk").state == "refused"


def test_a_sheet_of_ours_leaves_the_import_wizard(cast: Cast, content: bytes) -> None:
    sheet, _job = actions.receive(ContentFile(content, NAME), actor=cast.editor, now=NOW)
    url = homecomings()["filling"].receive(cast.editor, sheet.blob.sha256, NAME, NOW)
    taken = FilledSheet.objects.latest("pk")
    assert url == taken.get_absolute_url() and taken.pk != sheet.pk
    assert taken.blob == sheet.blob and taken.state == "reading"


def test_ours_are_told_from_strangers(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "ours.xlsx").write_bytes(content)
    assert is_ours(tmp_path / "ours.xlsx")
    for name in ("zengdu-individual.xlsx", "messy-a.xls", "messy-a.xlsx"):
        assert not is_ours(SAMPLES / name)
    with zipfile.ZipFile(tmp_path / "empty.xlsx", "w") as archive:
        archive.writestr("xl/x.xml", "LGSEA" * 100)
    assert not is_ours(tmp_path / "empty.xlsx")


def test_uploads_past_their_week_go(cast: Cast, content: bytes) -> None:
    sheet, _job = actions.receive(ContentFile(content, NAME), actor=cast.editor, now=NOW)
    assert actions.sweep(NOW) == 0
    assert actions.sweep(sheet.expires_at) == 1 and not FilledSheet.objects.exists()
