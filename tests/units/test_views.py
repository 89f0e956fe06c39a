"""The register's pages: found, changed with versions and trail, and the office's alone."""

from __future__ import annotations

import pytest

from lawgov.audit.models import AuditEntry
from lawgov.units.models import Liaison, Unit, UnitAlias, UnitGroup
from tests.factories import make_unit
from tests.people import browser

pytestmark = pytest.mark.django_db

UNIT = {
    "name": "区水务局",
    "short_name": "区水务局",
    "code": "U1",
    "kind": "government",
    "order": "1",
}


@pytest.fixture
def office(cast):
    return browser(cast.office)


def text(response) -> str:
    return response.content.decode()


def test_list_finds_by_name_alias_and_kind(cast, office):
    UnitAlias.objects.create(region=cast.region, unit=cast.unit, name="水务")
    make_unit(cast.region, "柳河镇", kind="township")
    found = office.get("/settings/units/").context["listing"]
    assert found.total == 4
    for query, names in [
        ("q=水务", ["区水利局"]),
        ("q=林业", ["区林业局"]),
        ("kind=township", ["柳河镇"]),
        ("only=enforcement", ["区水利局", "区司法局"]),
        ("only=closed", []),
        ("kind=nonsense&only=short", ["区水利局", "区林业局", "区司法局", "柳河镇"]),
    ]:
        listing = office.get(f"/settings/units/?{query}").context["listing"]
        assert [unit.name for unit in listing.rows] == names, query


def test_list_counts_without_a_query_per_row(cast, office, django_assert_max_num_queries):
    for number in range(60):
        make_unit(cast.region, f"第{number}局")
    with django_assert_max_num_queries(12):
        response = office.get("/settings/units/")
    assert response.context["listing"].total == 63
    assert response.context["counts"] == {"all": 63, "enforcement": 2}


def test_htmx_gets_the_list_only(office):
    answer = text(office.get("/settings/units/", headers={"HX-Request": "true"}))
    assert "<html" not in answer
    assert 'id="list"' in answer


def test_a_unit_is_made_and_changed(cast, office):
    response = office.post("/settings/units/new/", UNIT | {"aliases": "水务\n水务局"})
    unit = Unit.objects.get(name="区水务局")
    assert response.headers["Location"] == f"/settings/units/{unit.pk}/"
    assert [alias.name for alias in unit.aliases.all()] == ["水务", "水务局"]
    changed = UNIT | {"aliases": "水务", "enforcement": "on", "version": "1"}
    assert office.post(f"/settings/units/{unit.pk}/", changed).status_code == 302
    unit.refresh_from_db()
    assert (unit.enforcement, unit.version, unit.aliases.count()) == (True, 2, 1)
    verbs = AuditEntry.objects.on_page_of(unit).values_list("verb", flat=True)
    assert list(verbs) == ["unit.changed", "unit.created"]


def test_a_stale_form_keeps_the_text_and_tells_what_stands(cast, office):
    here = f"/settings/units/{cast.unit.pk}/"
    first = {**UNIT, "code": cast.unit.code, "version": "1", "aliases": ""}
    office.post(here, first | {"name": "甲局"})
    response = office.post(here, first | {"name": "乙局"})
    assert response.status_code == 409
    page = text(response)
    assert 'value="乙局"' in page
    assert "系统里现在是 甲局" in page
    assert "<dt>别名</dt>" not in page
    again = response.context["form"].data.dict()
    assert office.post(here, again).status_code == 302
    assert Unit.objects.get(pk=cast.unit.pk).name == "乙局"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": ""}, "名称"),
        ({"name": "区 林业局"}, "已经是“区林业局”"),
        ({"aliases": "区林业局"}, "已经是“区林业局”"),
        ({"aliases": "长" * 61}, "不超过 60 个字"),
        ({"code": "a/b"}, "字母、数字"),
        ({"kind": "empire"}, "kind"),
        ({"version": ""}, "刷新"),
    ],
)
def test_faulty_input_is_told_at_its_field(cast, office, change, words):
    data = {**UNIT, "version": "1", "aliases": ""} | change
    response = office.post(f"/settings/units/{cast.unit.pk}/", data)
    assert response.status_code == 422
    assert words in text(response)
    assert Unit.objects.get(pk=cast.unit.pk).version == 1


def test_a_code_is_not_given_twice(cast, office):
    data = UNIT | {"code": cast.unit.code}
    response = office.post("/settings/units/new/", data)
    assert response.status_code == 422
    assert "单位代码已经有了" in text(response)


def test_groups_are_made_changed_and_deleted(cast, office):
    data = {"name": "重点单位", "members": [cast.unit.pk, cast.other_unit.pk]}
    assert office.post("/settings/groups/new/", data).status_code == 302
    group = UnitGroup.objects.get()
    here = f"/settings/groups/{group.pk}/"
    assert "重点单位" in text(office.get("/settings/groups/"))
    assert office.post(here, data | {"version": "1", "members": [cast.unit.pk]}).status_code == 302
    stale = office.post(here, data | {"version": "1"})
    assert stale.status_code == 409
    assert "系统里现在是 区水利局" in text(stale)
    assert office.post("/settings/groups/new/", data).status_code == 422
    assert office.post(f"{here}delete/").status_code == 302
    assert not UnitGroup.objects.exists()


def test_a_group_takes_no_unit_of_another_place(cast, office):
    foreign = make_unit(cast.foreign_office.region, "别处的局")
    data = {"name": "混合", "members": [cast.unit.pk, foreign.pk]}
    assert office.post("/settings/groups/new/", data).status_code == 422
    assert not UnitGroup.objects.exists()


def test_contacts_are_counted_against_the_minimum(cast, office):
    for name in ("王某", "李某"):
        Liaison.objects.create(unit=cast.unit, name=name, phone="13812345678")
        Liaison.objects.create(unit=cast.other_unit, name=name)
    page = text(office.get("/settings/liaisons/"))
    assert "2 家单位不到最低人数，共缺 4 人" in page  # 3 - 2 and 3 - 0; the other needs 2
    short = office.get("/settings/liaisons/?only=short").context["listing"]
    assert [unit.name for unit in short.rows] == ["区水利局", "区司法局"]
    assert "138****5678" in page
    assert "13812345678" not in page


def test_a_number_is_kept_when_the_field_is_left_empty(cast, office):
    new = f"/settings/units/{cast.unit.pk}/liaisons/new/"
    data = {"name": "王某", "phone": "13812345678", "position": "科长", "remark": ""}
    assert office.post(new, data).status_code == 302
    liaison = Liaison.objects.get()
    here = f"/settings/liaisons/{liaison.pk}/"
    page = text(office.get(here))
    assert "现为 138****5678" in page
    assert "13812345678" not in page
    office.post(here, data | {"phone": "", "position": "副科长", "version": "1"})
    liaison.refresh_from_db()
    assert (liaison.phone, liaison.position) == ("13812345678", "副科长")
    assert office.post(here, data | {"version": "1"}).status_code == 409
    assert office.post(here, data | {"version": "2", "phone": "见通讯录"}).status_code == 422


def test_looking_at_a_number_is_recorded(cast, office):
    liaison = Liaison.objects.create(unit=cast.unit, name="王某", phone="13812345678")
    page = office.post(f"/settings/liaisons/{liaison.pk}/phone/")
    assert "13812345678" in text(page)
    entry = AuditEntry.objects.get(verb="liaison.seen")
    assert (entry.actor, entry.topic_id) == (cast.office.user, cast.unit.pk)
    assert office.get(f"/settings/liaisons/{liaison.pk}/phone/").status_code == 405
    assert office.post(f"/settings/liaisons/{liaison.pk}/delete/").status_code == 302
    assert not Liaison.objects.exists()


def test_the_pages_are_the_offices_alone_and_of_its_place(cast):
    group = UnitGroup.objects.create(region=cast.region, name="组")
    liaison = Liaison.objects.create(unit=cast.unit, name="王某")
    pages = [
        "/settings/units/", f"/settings/units/{cast.unit.pk}/", "/settings/units/new/",
        f"/settings/units/{cast.unit.pk}/close/",
        f"/settings/units/{cast.unit.pk}/liaisons/new/", "/settings/groups/",
        "/settings/groups/new/", f"/settings/groups/{group.pk}/", "/settings/liaisons/",
        f"/settings/liaisons/{liaison.pk}/", "/settings/", "/settings/calendar/",
    ]  # fmt: skip
    own = {url for url in pages if any(part.isdigit() for part in url.split("/"))}
    for name, actor in cast.everybody().items():
        client = browser(actor)
        for url in pages:
            if name == "office" or (name == "foreign_office" and url not in own):
                expected = 200
            else:
                expected = 404
            assert client.get(url).status_code == expected, (name, url)
