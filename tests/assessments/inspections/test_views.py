"""Inspections through the client: opening one, findings on the spot, letters, receipts."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.models import Inspection, Issue, Letter, UnitResponse
from assessments.rectification.states import State
from lawgov.units.models import UnitGroup
from tests import factories
from tests.people import browser


@pytest.fixture
def inspection(cast) -> Inspection:
    return factories.make_inspection(cast.region, issued_on=None)


def text_of(response) -> str:
    return response.content.decode()


FINDING = {"kind": "individual", "text": "缺少告知书", "deadline_text": "12月底前"}


# -- the inspection itself ------------------------------------------------------------------------


def test_only_those_who_inspect_or_lead_see_inspections(cast, inspection):
    seen = {"office", "supervisor", "leader"}
    for name, actor in cast.everybody().items():
        client = browser(actor)
        detail = client.get(f"/inspections/{inspection.pk}/")
        assert (detail.status_code == 200) == (name in seen), name
        if name == "foreign_office":
            assert client.get("/inspections/").context["listing"].total == 0
        else:
            assert (client.get("/inspections/").status_code == 200) == (name in seen), name


def test_an_inspection_is_opened_with_the_next_code(cast, inspection):
    client = browser(cast.supervisor)
    form = client.get("/inspections/new/")
    assert len(form.context["form"]["units"].initial) == 3  # all units, as a start
    data = {"name": "7月督查", "starts_on": "2026-07-06", "ends_on": "2026-07-08"}
    page = client.post("/inspections/new/", data | {"units": [cast.unit.pk]})
    made = Inspection.objects.get(name="7月督查")
    assert page.url == f"/inspections/{made.pk}/"
    assert made.code.startswith(f"{cast.region.code}-")
    assert list(made.units.all()) == [cast.unit]
    assert made.campaign == cast.campaign


def test_days_the_wrong_way_round_are_refused_in_their_field(cast):
    data = {"name": "督察", "starts_on": "2026-07-08", "ends_on": "2026-07-06"}
    page = browser(cast.supervisor).post("/inspections/new/", data)
    assert page.status_code == 422
    assert "结束日期早于开始日期" in text_of(page)


def test_units_of_another_place_cannot_be_chosen(cast):
    foreign = factories.make_unit(cast.foreign_office.region)
    data = {"name": "督察", "starts_on": "2026-07-06", "ends_on": "2026-07-08"}
    page = browser(cast.supervisor).post("/inspections/new/", data | {"units": [foreign.pk]})
    assert page.status_code == 422
    assert not Inspection.objects.exists()


def test_a_stale_change_shows_what_others_wrote_and_keeps_the_text(cast, inspection):
    url = f"/inspections/{inspection.pk}/edit/"
    data = {"name": "第一个", "starts_on": "2026-09-07", "ends_on": "2026-09-15", "version": 1}
    assert browser(cast.supervisor).post(url, data).status_code == 302
    client = browser(cast.office)
    page = client.post(url, data | {"name": "第二个"})
    assert page.status_code == 409
    assert "第一个" in text_of(page)
    assert 'value="第二个"' in text_of(page)
    again = page.context["form"]["version"].value()
    assert client.post(url, data | {"name": "第二个", "version": again}).status_code == 302
    inspection.refresh_from_db()
    assert (inspection.name, inspection.version) == ("第二个", 3)


# -- findings -------------------------------------------------------------------------------------


def test_a_finding_is_written_down_and_the_next_begins(cast, inspection):
    url = f"/inspections/{inspection.pk}/findings/"
    client = browser(cast.supervisor)
    assert client.get(url).status_code == 200
    data = FINDING | {"units": [cast.unit.pk], "category": "行政执法案卷", "again": "1"}
    page = client.post(url, data)
    assert unquote(page.url) == f"{url}?kind=individual&category=行政执法案卷"
    issue = Issue.objects.get()
    assert (issue.number, issue.responses.get().unit) == ("1", cast.unit)
    assert client.get(page.url).context["form"].initial["category"] == "行政执法案卷"


def test_a_group_stands_for_its_units(cast, inspection):
    group = UnitGroup.objects.create(region=cast.region, name="各行政执法单位")
    group.members.set([cast.unit, cast.lead_unit])
    url = f"/inspections/{inspection.pk}/findings/"
    data = FINDING | {"kind": "common", "groups": [group.pk]}
    assert browser(cast.supervisor).post(url, data).status_code == 302
    issue = Issue.objects.get()
    assert issue.addressed_text == "各行政执法单位"
    assert {r.unit for r in issue.responses.all()} == {cast.unit, cast.lead_unit}


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({}, "units"),
        ({"units": "all"}, "units"),
        ({"units": "one", "text": ""}, "text"),
        ({"units": "foreign"}, "units"),
    ],
)
def test_a_faulty_finding_comes_back_with_its_field(cast, inspection, data, told):
    foreign = factories.make_unit(cast.foreign_office.region)
    units = {"all": [cast.unit.pk, cast.other_unit.pk], "one": [cast.unit.pk]}
    units |= {"foreign": [foreign.pk], None: []}
    data = FINDING | data | {"units": units[data.get("units")]}
    page = browser(cast.supervisor).post(f"/inspections/{inspection.pk}/findings/", data)
    assert page.status_code == 422
    assert told in page.context["form"].errors
    assert not Issue.objects.exists()


def test_a_finding_is_corrected_until_it_is_handed_over(cast, inspection):
    client = browser(cast.supervisor)
    client.post(f"/inspections/{inspection.pk}/findings/", FINDING | {"units": [cast.unit.pk]})
    issue = Issue.objects.get()
    url = f"/issues/{issue.pk}/edit/"
    data = FINDING | {"units": [cast.other_unit.pk], "text": "改过的", "version": 1}
    assert client.get(url).status_code == 200
    assert client.post(url, data).status_code == 302
    stale = client.post(url, data | {"text": "又改的"})
    assert stale.status_code == 409
    assert "又改的" in text_of(stale)
    assert "改过的" in text_of(stale)
    UnitResponse.objects.update(state=State.ISSUED)
    assert client.post(url, data | {"version": 2}).status_code == 409
    assert browser(cast.editor).get(url).status_code == 404


# -- letters --------------------------------------------------------------------------------------


@pytest.fixture
def recorded(cast, inspection) -> Inspection:
    client = browser(cast.supervisor)
    url = f"/inspections/{inspection.pk}/findings/"
    for unit in (cast.unit, cast.unit, cast.other_unit):
        client.post(url, FINDING | {"units": [unit.pk]})
    return inspection


def test_letters_ask_first_naming_units_and_people(cast, recorded):
    client, url = browser(cast.office), f"/inspections/{recorded.pk}/letters/"
    page = client.get(url)
    assert [each.number for each in page.context["sendings"]] == [
        "安法办函〔2026〕1号",
        "安法办函〔2026〕2号",
    ]
    question = client.post(url, {"issued_on": "2026-09-28"})
    assert "将向 2 家单位的 3 人发送，交办 3 条" in text_of(question)
    assert not Letter.objects.exists()
    sent = {"issued_on": "2026-09-28", "confirmed": "1", "expected": question.context["expected"]}
    assert client.post(url, sent).status_code == 302
    assert Letter.objects.count() == 2
    assert "已签收的单位 <b>0</b>" in text_of(client.get(f"/inspections/{recorded.pk}/"))


def test_a_pile_that_changed_meanwhile_is_not_sent(cast, recorded):
    client, url = browser(cast.office), f"/inspections/{recorded.pk}/letters/"
    expected = client.post(url, {"issued_on": "2026-09-28"}).context["expected"]
    browser(cast.supervisor).post(
        f"/inspections/{recorded.pk}/findings/", FINDING | {"units": [cast.unit.pk]}
    )
    sent = {"issued_on": "2026-09-28", "confirmed": "1", "expected": expected}
    assert client.post(url, sent).status_code == 409
    assert not Letter.objects.exists()


def test_only_the_office_sends(cast, recorded):
    url = f"/inspections/{recorded.pk}/letters/"
    for name in ("supervisor", "leader", "editor", "foreign_office"):
        assert browser(getattr(cast, name)).get(url).status_code == 404


def test_a_unit_reads_and_signs_its_own_letter_only(cast, recorded):
    office, url = browser(cast.office), f"/inspections/{recorded.pk}/letters/"
    expected = office.post(url, {"issued_on": "2026-09-28"}).context["expected"]
    office.post(url, {"issued_on": "2026-09-28", "confirmed": "1", "expected": expected})
    own = Letter.objects.get(unit=cast.unit)
    other = Letter.objects.get(unit=cast.other_unit)
    client = browser(cast.editor)
    page = text_of(client.get(f"/letters/{own.pk}/"))
    assert "安法办函〔2026〕1号" in page
    assert "2026年9月28日" in page
    assert client.get(f"/letters/{other.pk}/").status_code == 404
    assert client.post(f"/letters/{other.pk}/accept/").status_code == 404
    signed = client.post(f"/letters/{own.pk}/accept/", {"next": "/tasks/"})
    assert (signed.status_code, signed.url) == (302, "/tasks/")
    assert own.responses.filter(state=State.ACCEPTED).count() == 2
    assert "已签收的单位 <b>1</b>" in text_of(office.get(f"/inspections/{recorded.pk}/"))


# -- queries --------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [10, 69])
def test_an_inspection_takes_as_many_queries_for_any_number_of_units(cast, inspection, n):
    issue = factories.make_issue(inspection, kind="common")
    for _ in range(n):
        factories.make_response(issue, factories.make_unit(cast.region), State.FOUND)
    client = browser(cast.office)
    client.get("/inspections/")
    for path in ("/inspections/", f"/inspections/{inspection.pk}/",
                 f"/inspections/{inspection.pk}/letters/"):  # fmt: skip
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        assert len(queries) <= 12, path


def test_an_issue_without_any_inspection_leads_to_opening_one_and_says_why(cast):
    page = browser(cast.office).get("/issues/new/", follow=True)
    assert page.redirect_chain == [("/inspections/new/", 302)]
    assert "请先新建督察" in text_of(page)
