"""The page, the endpoint and the export of the ranking: the same rows, and who reads them."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook

from assessments.models import Score
from lawgov.accounts.policy import GRANTS, Action
from lawgov.jobs import actions
from lawgov.jobs.models import Job
from tests.assessments.reports.test_ranking import give
from tests.factories import make_edition, make_work
from tests.people import Cast, browser, make_cast


@pytest.fixture
def cast(db) -> Cast:
    made = make_cast(edition=make_edition(each=3))
    first, second, _third = made.campaign.assignments.all()
    make_work(first, made.unit)
    make_work(second, made.other_unit)
    give(first, "8", date(2026, 8, 3))
    give(second, "9", date(2026, 8, 4))
    give(first, "9.5", date(2026, 10, 4))
    return made


def test_the_office_leaders_and_supervisors_read_it_and_nobody_else(cast) -> None:
    readers = {role for role in GRANTS if Action.VIEW_RANKING in GRANTS[role]}
    assert readers == {"office_admin", "leading_group", "supervisor"}
    for name, actor in cast.everybody().items():
        allowed = actor.role in readers
        assert browser(actor).get("/ranking/").status_code == (200 if allowed else 404), name
        answer = browser(actor).get("/api/v1/ranking/")
        assert answer.status_code in ((200,) if allowed else (403, 404)), name


def test_page_endpoint_and_sheet_have_the_same_rows(cast, settings) -> None:
    client = browser(cast.office)
    said = client.get("/api/v1/ranking/?period=2026Q3").json()
    assert [(row["name"], row["rate"], row["rank"], row["change"]) for row in said["rows"]] == [
        ("区林业局", "90.0", 1, "新"),
        ("区水利局", "80.0", 2, "新"),
    ]
    assert (said["period"], said["counted_to"], said["scored"]) == ("2026Q3", "2026-09-30", 2)
    page = client.get("/ranking/?period=2026Q3").content.decode()
    assert page.index("区林业局") < page.index("区水利局")
    assert 'action="/exports/ranking/?period=2026Q3&amp;source=office"' in page
    client.post("/exports/ranking/?period=2026Q3&source=office")
    job = Job.objects.get(kind="list_ranking")
    assert actions.run(job.pk)
    file = client.get(f"/jobs/{job.pk}/file/")
    sheet = load_workbook(BytesIO(b"".join(file.streaming_content)), data_only=True).active
    assert [[cell.value for cell in sheet[row]] for row in (4, 5)] == [
        [1, "区林业局", 90, 1, None, "新"],
        [2, "区水利局", 80, 2, None, "新"],
    ]


def test_other_places_do_not_show(cast) -> None:
    text = browser(cast.foreign_office).get("/ranking/").content.decode()
    assert "区水利局" not in text
    assert "还没有承担指标的单位" in text


@pytest.mark.parametrize("query", ["period=2199Q1", "period=x", "source=self", "period=2026Q9&q=1"])
def test_what_is_not_offered_is_the_running_quarter_by_the_office(cast, query) -> None:
    said = browser(cast.office).get(f"/api/v1/ranking/?{query}").json()
    now = browser(cast.office).get("/api/v1/ranking/").json()
    assert said == now
    assert said["source"] == "office"


def test_a_place_without_a_campaign_says_so(cast) -> None:
    Score.objects.all().delete()
    cast.campaign.delete()
    assert "还没有创建活动" in browser(cast.office).get("/ranking/").content.decode()
    assert browser(cast.office).get("/api/v1/ranking/").status_code == 404


def test_the_dashboard_leads_to_it_for_its_readers(cast) -> None:
    assert 'href="/ranking/"' in browser(cast.leader).get("/dashboard/").content.decode()
    assert 'href="/ranking/"' not in browser(cast.assessor).get("/dashboard/").content.decode()
    assert 'href="/ranking/"' not in browser(cast.publicist).get("/dashboard/").content.decode()
