"""The decomposition's pages: found, changed one by one and in bulk, taken from a sheet."""

from __future__ import annotations

import pytest

from indicators.models import Assignment
from lawgov.units.groups import sort_into_groups
from lawgov.units.models import Unit
from tests.factories import make_edition, make_member, make_proof, make_region, make_work
from tests.people import browser, make_cast

pytestmark = pytest.mark.django_db

LIST = "/settings/assignments/"


@pytest.fixture
def cast():
    cast = make_cast()
    sort_into_groups(cast.region, Unit.objects.in_region(cast.region))
    return cast


@pytest.fixture
def office(cast):
    return browser(cast.office)


def rows(cast) -> list[Assignment]:
    return list(cast.campaign.assignments.all())


def names(row: Assignment) -> set[str]:
    return set(row.unit_assignments.values_list("unit__name", flat=True))


def text(response) -> str:
    return response.content.decode()


# -- the list ------------------------------------------------------------------------------------


def test_list_finds_by_text_units_and_who_has_none(cast, office):
    make_work(rows(cast)[0], cast.unit)
    page = office.get(LIST)
    assert page.context["totals"]["unowned"] == 1
    assert "1 项指标还没人管" in text(page)
    for query, numbers in [
        ("q=指标2", [2]), ("q=1", [1]), ("q=1.1.2", [2]), ("area=1", [1, 2]), ("area=9", []),
        (f"lead={cast.lead_unit.pk}", [1, 2]), (f"unit={cast.unit.pk}", [1]),
        ("only=unowned", [2]), ("area=x&lead=%00&unit=-1", [1, 2]), ("sort=-number", [2, 1]),
    ]:  # fmt: skip
        listing = office.get(f"{LIST}?{query}").context["listing"]
        assert [row.indicator.number for row in listing.rows] == numbers, query


def test_list_asks_few_queries(cast, office, django_assert_max_num_queries):
    edition = make_edition(areas=3, groups=3, each=10)
    cast.campaign.assignments.all().delete()
    for indicator in edition.indicators.all():
        row = Assignment.objects.create(
            campaign=cast.campaign, region=cast.region, indicator=indicator, points=10
        )
        make_work(row, cast.unit)
    with django_assert_max_num_queries(15):
        assert office.get(LIST).context["listing"].total == 90


# -- one indicator -------------------------------------------------------------------------------


def test_one_indicator_is_given_to_units_and_groups(cast, office):
    row = rows(cast)[0]
    group = cast.region.unit_groups.get(name="各行政执法单位")
    data = {
        "version": 1, "lead_unit": cast.lead_unit.pk, "points": "12.5", "due_text": "12月20日",
        "units": [cast.other_unit.pk], "groups": [group.pk], "required": ["登记表"],
    }  # fmt: skip
    response = office.post(f"{LIST}{row.pk}/", data)
    assert response.headers["Location"] == LIST
    row.refresh_from_db()
    assert names(row) == {"区林业局", "区水利局", "区司法局"}
    assert (row.points, row.due_on.isoformat(), row.required) == (12.5, "2026-12-20", ["登记表"])
    assert office.post(f"{LIST}{row.pk}/", data).status_code == 409


def test_where_one_came_from_is_kept(cast, office):
    row = rows(cast)[0]
    page = text(office.get(f"{LIST}{row.pk}/?next={LIST}%3Farea%3D1"))
    assert f'value="{LIST}?area=1"' in page
    data = {"version": 1, "points": "10", "next": f"{LIST}?area=1"}
    assert office.post(f"{LIST}{row.pk}/", data).headers["Location"] == f"{LIST}?area=1"
    data = {"version": 2, "points": "10", "next": "https://elsewhere.invalid/"}
    assert office.post(f"{LIST}{row.pk}/", data).headers["Location"] == LIST


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"points": "0"}, "分值要大于 0"),
        ({"points": "x"}, "分值"),
        ({"due_text": "2月30日"}, "不是实际日期"),
        ({"due_text": "15日内"}, "要写成日期"),
        ({"required": ["没有这项"]}, "没有这项"),
    ],
)
def test_faulty_input_is_told(cast, office, change, words):
    row = rows(cast)[0]
    response = office.post(f"{LIST}{row.pk}/", {"version": 1, "points": "10"} | change)
    assert response.status_code == 422
    assert words in text(response)


def test_a_unit_at_work_cannot_be_unticked(cast, office):
    row = rows(cast)[0]
    make_proof(make_work(row, cast.unit, state="collecting"))
    response = office.post(f"{LIST}{row.pk}/", {"version": 1, "points": "10", "units": []})
    assert response.status_code == 422
    assert "区水利局 已经开始办理" in text(response)


# -- many at once --------------------------------------------------------------------------------


def bulk(office, what: str, **data: object):
    """From the bar's picks over the form it answers with to the act."""
    first = office.post(f"{LIST}bulk/{what}/", {"pk": data.pop("pk")})
    assert first.status_code == 200
    seen = [f"{pk}:{version}" for pk, version in first.context["seen"].items()]
    return office.post(f"{LIST}bulk/{what}/", {"apply": 1, "seen": seen} | data)


def test_units_are_added_set_and_removed_for_many(cast, office):
    pks = [row.pk for row in rows(cast)]
    assert bulk(office, "units", pk=pks, names="区水利局", how="add").status_code == 302
    bulk(office, "units", pk=pks, names="区林业局、区司法局", how="add")
    assert [names(row) for row in rows(cast)] == [{"区水利局", "区林业局", "区司法局"}] * 2
    bulk(office, "units", pk=pks[:1], names="区林业局", how="remove")
    bulk(office, "units", pk=pks[1:], names="各行政执法单位", how="set")
    assert [names(row) for row in rows(cast)] == [{"区水利局", "区司法局"}] * 2


def test_lead_and_deadline_are_set_for_many(cast, office):
    pks = [row.pk for row in rows(cast)]
    bulk(office, "lead", pk=pks, lead_unit=cast.other_unit.pk)
    bulk(office, "due", pk=pks, due_text="长期坚持")
    for row in rows(cast):
        assert (row.lead_unit, row.due_text, row.due_on) == (cast.other_unit, "长期坚持", None)


def test_everything_under_the_filters_can_be_picked(cast, office):
    response = office.post(f"{LIST}bulk/due/", {"all": "1", "query": "q=指标2"})
    assert len(response.context["seen"]) == 1


def test_the_rest_is_done_when_one_is_refused(cast, office):
    first, second = rows(cast)
    make_proof(make_work(first, cast.unit, state="collecting"))
    bulk(office, "units", pk=[first.pk, second.pk], names="区林业局", how="set")
    assert (names(first), names(second)) == ({"区水利局"}, {"区林业局"})
    page = text(office.get(LIST))
    assert "已改 1 项，1 项没有改：第 1 项，区水利局 已经开始办理" in page


def test_rows_that_moved_on_meanwhile_are_not_overwritten(cast, office):
    row = rows(cast)[0]
    data = {"apply": 1, "seen": [f"{row.pk}:7"], "due_text": "长期坚持"}
    assert office.post(f"{LIST}bulk/due/", data).status_code == 302
    row.refresh_from_db()
    assert row.due_text == ""


@pytest.mark.parametrize(
    ("what", "data", "words"),
    [
        ("units", {"names": "甲局", "how": "add"}, "单位库里没有「甲局」"),
        ("units", {"names": "、", "how": "add"}, "没有写单位"),
        ("units", {"names": "区水利局", "how": "explode"}, "explode"),
        ("due", {"due_text": "2月30日"}, "不是实际日期"),
        ("lead", {"lead_unit": ""}, "牵头单位"),
    ],
)
def test_faulty_bulk_input_is_told(cast, office, what, data, words):
    response = bulk(office, what, pk=[rows(cast)[0].pk], **data)
    assert response.status_code == 422
    assert words in text(response)


def test_bulk_of_nothing_or_of_strangers_is_not_there(cast, office):
    foreign = Assignment.objects.filter(region=cast.foreign_office.region).first()
    for what, data in [
        ("due", {"pk": []}), ("due", {"pk": [foreign.pk]}), ("nothing", {"pk": [1]}),
        ("due", {"apply": 1}), ("due", {"apply": 1, "seen": ["x:y"]}),
    ]:  # fmt: skip
        assert office.post(f"{LIST}bulk/{what}/", data).status_code == 404, (what, data)
    data = {"apply": 1, "seen": [f"{foreign.pk}:1"], "due_text": "长期坚持"}
    office.post(f"{LIST}bulk/due/", data)
    foreign.refresh_from_db()
    assert foreign.due_text == ""


def test_bulk_asks_few_queries(cast, office, django_assert_max_num_queries):
    edition = make_edition(areas=2, groups=5, each=10)
    cast.campaign.assignments.all().delete()
    Assignment.objects.bulk_create(
        Assignment(campaign=cast.campaign, region=cast.region, indicator=row, points=10)
        for row in edition.indicators.all()
    )
    seen = [f"{row.pk}:1" for row in rows(cast)]
    data = {"apply": 1, "seen": seen, "names": "各责任单位", "how": "set"}
    with django_assert_max_num_queries(40):
        office.post(f"{LIST}bulk/units/", data)
    assert cast.campaign.assignments.all().unowned().count() == 100  # units, but no lead


# -- who -----------------------------------------------------------------------------------------


def test_the_pages_are_the_offices_alone_and_of_its_place(cast):
    own = f"{LIST}{rows(cast)[0].pk}/"
    for name, actor in cast.everybody().items():
        client = browser(actor)
        for url in (LIST, own):
            allowed = name == "office" or (name == "foreign_office" and url != own)
            assert client.get(url).status_code == (200 if allowed else 404), (name, url)


def test_a_place_without_campaign_is_led_to_the_wizard():
    client = browser(make_member("office_admin", make_region()))
    for url in (LIST, "/imports/?kind=tasks"):
        assert 'href="/setup/campaign/"' in text(client.get(url))
