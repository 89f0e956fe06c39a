"""The set-up wizard: from an empty installation to a place that works, step by step."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client

from indicators.models import Assignment, Campaign
from lawgov.accounts.models import Membership, User
from lawgov.audit.models import AuditEntry
from lawgov.audit.verify import chains, verify
from lawgov.operations.setup import access
from lawgov.units.models import Region, Unit
from tests.factories import make_user
from tests.people import browser, make_cast

pytestmark = pytest.mark.django_db

FIXTURES = Path(__file__).parents[2] / "fixtures"
PLACE = {
    "name": "安和区",
    "code": "anhe",
    "level": "county",
    "city": "安远市",
    "province": "某省",
}
OFFICE = {
    "name": "陈某",
    "username": "chen",
    "password": "Anhe-creation-26",
    "again": "Anhe-creation-26",
}


@pytest.fixture(autouse=True)
def data_dir(settings, tmp_path):
    settings.DATA_DIR = tmp_path


@pytest.fixture
def framework():
    call_command("load_framework", str(FIXTURES / "framework-2021.csv"), verbosity=0)


def there(response) -> str:
    """Where a redirect leads."""
    assert response.status_code == 302, response.status_code
    return response.headers["Location"]


def begun() -> Client:
    """A client that has saved place and office and is signed in."""
    client = Client()
    client.post("/setup/region/", PLACE)
    assert there(client.post("/setup/office/", OFFICE)) == "/setup/units/"
    return client


# -- who may -------------------------------------------------------------------------------------


def test_login_of_an_empty_installation_leads_to_the_wizard(client):
    assert 'href="/setup/"' in client.get("/login/").content.decode()
    make_user()
    assert 'href="/setup/"' not in client.get("/login/").content.decode()


def test_the_wizard_begins_with_the_place(client):
    assert there(client.get("/setup/")) == "/setup/region/"


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP"])
def test_who_comes_through_a_proxy_needs_the_token(header):
    client = Client(headers={header: "203.0.113.9"})
    assert there(client.get("/setup/")) == "/setup/token/"
    assert there(client.get("/setup/region/")) == "/setup/token/"
    assert there(client.post("/setup/region/", PLACE)) == "/setup/token/"
    assert not Region.objects.exists()


def test_who_comes_from_elsewhere_needs_the_token():
    client = Client(REMOTE_ADDR="192.0.2.7")
    assert there(client.get("/setup/")) == "/setup/token/"
    assert client.post("/setup/token/", {"token": "guess"}).status_code == 422
    assert there(client.post("/setup/token/", {"token": access.token()})) == "/setup/"
    assert client.get("/setup/region/").status_code == 200


def test_in_production_even_this_machine_needs_the_token(settings, client):
    settings.PROFILE = "prod"
    assert there(client.get("/setup/")) == "/setup/token/"
    assert there(client.get(f"/setup/?token={access.token()}")) == "/setup/region/"


def test_the_token_is_for_its_owner_only_and_goes_with_the_first_account(tmp_path):
    assert access.token() == access.token()
    assert (tmp_path / "setup-token").stat().st_mode & 0o777 == 0o600
    begun()
    assert not (tmp_path / "setup-token").exists()


@pytest.mark.parametrize("path", ["token", "region", "office"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_with_the_first_account_the_open_steps_are_gone(client, path, method):
    make_user()
    assert getattr(client, method)(f"/setup/{path}/", PLACE).status_code == 404
    assert not Region.objects.exists()
    assert there(client.get("/setup/")) == "/login/?next=/setup/"


def test_later_steps_are_the_offices():
    cast = make_cast()
    for name, actor in cast.everybody().items():
        expected = 200 if name in ("office", "foreign_office") else 404
        assert browser(actor).get("/setup/units/").status_code == expected, name
        where = there(browser(actor).get("/setup/"))
        first = {"office": "/setup/assignments/", "foreign_office": "/setup/units/"}
        assert where == first.get(name, "/"), name
    assert there(Client().get("/setup/units/")).startswith("/login/")


# -- the steps -----------------------------------------------------------------------------------


def test_region_is_saved_with_the_places_above_it(client):
    assert there(client.post("/setup/region/", PLACE)) == "/setup/office/"
    region = Region.objects.get(code="anhe")
    assert region.path == "anhe-province/anhe-city/anhe"
    assert (region.parent.name, region.parent.parent.name) == ("安远市", "某省")
    assert there(client.get("/setup/")) == "/setup/office/"


def test_a_region_without_places_above_stands_alone(client):
    client.post("/setup/region/", PLACE | {"city": "", "province": ""})
    assert Region.objects.get().path == "anhe"


def test_names_can_be_corrected_until_there_is_an_account(client):
    client.post("/setup/region/", PLACE)
    page = client.get("/setup/region/")
    assert "安和区" in page.content.decode()
    client.post("/setup/region/", PLACE | {"name": "安和县", "city": "安远"})
    assert set(Region.objects.values_list("code", "name")) == {
        ("anhe", "安和县"),
        ("anhe-city", "安远"),
        ("anhe-province", "某省"),
    }


@pytest.mark.parametrize(
    ("change", "words"),
    [({"code": "a b"}, "代码"), ({"code": "installation"}, "请换一个"), ({"name": ""}, "名称")],
)
def test_a_faulty_region_is_told_and_not_saved(client, change, words):
    response = client.post("/setup/region/", PLACE | change)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Region.objects.exists()


def test_first_account_runs_the_office_and_is_signed_in():
    client = begun()
    user = User.objects.get()
    membership = Membership.objects.get()
    assert (membership.role, membership.region.code) == ("office_admin", "anhe")
    assert not user.must_change_password
    assert user.check_password(OFFICE["password"])
    assert client.get("/setup/units/").status_code == 200
    assert there(client.get("/setup/")) == "/setup/units/"
    assert set(chains()) == {"anhe", "anhe-city", "anhe-province", "installation"}
    assert all(not verify(chain).faults for chain in chains())
    text = str(list(AuditEntry.objects.values_list("data", flat=True)))
    assert OFFICE["password"] not in text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"again": "other"}, "不一样"),
        ({"password": "1234567890", "again": "1234567890"}, "不能全是数字"),
        ({"password": "lfx9", "again": "lfx9"}, "不足 10 个字符"),
        ({"username": ""}, "账号"),
    ],
)
def test_a_faulty_first_account_is_told_and_not_made(client, change, words):
    client.post("/setup/region/", PLACE)
    response = client.post("/setup/office/", OFFICE | change)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not User.objects.exists()


def test_the_office_needs_a_region_first(client):
    assert there(client.get("/setup/office/")) == "/setup/region/"


def test_units_come_pasted_or_as_a_file():
    client = begun()
    assert there(client.post("/setup/units/", {"lines": "区水利局\n柳河镇"})) == "/setup/units/"
    assert Unit.objects.count() == 2
    with (FIXTURES / "demo-units.csv").open("rb") as file:
        refused = client.post("/setup/units/", {"file": file})
    assert refused.status_code == 422  # the codes of the list are others
    assert Unit.objects.count() == 2


def test_faulty_units_are_listed_by_row():
    client = begun()
    response = client.post("/setup/units/", {"lines": "区水利局\n区水利局"})
    assert response.status_code == 422
    assert "已经是“区水利局”的名称或别名" in response.content.decode()
    assert client.post("/setup/units/", {}).status_code == 422
    assert not Unit.objects.exists()


def whole_way(client: Client) -> Campaign:
    """Units, framework and campaign of the demo's files."""
    with (FIXTURES / "demo-units.csv").open("rb") as file:
        client.post("/setup/units/", {"file": file})
    edition = client.get("/setup/framework/").context["choice"].initial["edition"]
    assert there(client.post("/setup/framework/", {"edition": edition.pk})) == "/setup/campaign/"
    start = client.get("/setup/campaign/").context["form"].initial
    data = {key: value for key, value in start.items() if key != "edition"}
    data |= {"edition": edition.pk, "level": "provincial", "kind": "area"}
    assert there(client.post("/setup/campaign/", data)) == "/setup/campaign/"
    return Campaign.objects.get()


def phase_data(campaign: Campaign, **changes: str) -> dict[str, object]:
    data: dict[str, object] = {
        "version": campaign.version,
        "form-TOTAL_FORMS": 6,
        "form-INITIAL_FORMS": 6,
    }
    for number, phase in enumerate(campaign.phases.all()):
        data |= {
            f"form-{number}-id": phase.pk,
            f"form-{number}-name": phase.name,
            f"form-{number}-starts_on": phase.starts_on.isoformat(),
            f"form-{number}-ends_on": phase.ends_on.isoformat(),
        }
    return data | changes


def test_the_whole_way_from_nothing_to_divided_work(framework):
    client = begun()
    campaign = whole_way(client)
    assert campaign.assignments.count() == 100
    assert campaign.rounds.count() == 1
    page = client.get("/setup/campaign/")
    assert page.context["phases"].total_form_count() == 6
    assert there(client.post("/setup/campaign/", phase_data(campaign))) == "/setup/assignments/"

    form = client.get("/setup/assignments/").context["form"]
    groups = {name: value for value, name in form.fields["area-1"].choices}
    data = {f"area-{number}": "lead" for number in range(1, 10)}
    data |= {"area-4": groups["各行政执法单位"], "area-8": ""}
    assert there(client.post("/setup/assignments/", data)) == "/setup/summary/"
    rows = Assignment.objects.filter(campaign=campaign)
    assert rows.unowned().count() == rows.filter(indicator__group__area__number=8).count()
    enforcement = rows.filter(indicator__group__area__number=4).first()
    assert enforcement.unit_assignments.filter(unit__enforcement=True).count() == 32

    summary = client.get("/setup/summary/").content.decode()
    assert "项没人管" in summary
    assert "明白人还缺 170 人" in summary
    assert "没有写发文机关代字" in summary
    assert there(client.get("/setup/")) == "/setup/summary/"
    assert not verify("anhe").faults


def test_faulty_phase_days_are_told(framework):
    client = begun()
    campaign = whole_way(client)
    data = phase_data(campaign, **{"form-0-ends_on": "2001-01-01"})
    response = client.post("/setup/campaign/", data)
    assert response.status_code == 422
    assert "结束日期早于开始日期" in response.content.decode()


def test_a_framework_can_be_uploaded_and_is_then_chosen(framework):
    client = begun()
    content = (FIXTURES / "framework-2021.csv").read_bytes().replace(b",10,", b",11,", 1)
    from django.core.files.uploadedfile import SimpleUploadedFile

    file = SimpleUploadedFile("framework-2026.csv", content)
    assert (
        there(client.post("/setup/framework/", {"upload": 1, "file": file})) == "/setup/campaign/"
    )
    form = client.get("/setup/campaign/").context["form"]
    assert form.initial["edition"].code == "2026"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("framework-2021.csv", b"x", "没有找到这些列"),
        ("framework-2021.csv", None, "请换一个版本代码"),
    ],
)
def test_a_faulty_framework_is_told(framework, name, content, words):
    from django.core.files.uploadedfile import SimpleUploadedFile

    client = begun()
    if content is None:
        content = (FIXTURES / name).read_bytes().replace(b",10,", b",11,", 1)
    upload = {"upload": 1, "file": SimpleUploadedFile(name, content)}
    response = client.post("/setup/framework/", upload)
    assert response.status_code == 422
    assert words in response.content.decode()


def test_what_was_left_is_found_again(framework):
    client = begun()
    client.post("/setup/units/", {"lines": "区司法局"})
    again = Client()
    again.force_login(User.objects.get())
    assert there(again.get("/setup/")) == "/setup/framework/"
