"""The framework's pages: the tree with its sums, and loading another edition."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from indicators.models import FrameworkEdition
from tests.indicators.framework.test_checking import SHIPPED, as_csv, changed
from tests.people import browser, make_cast

pytestmark = pytest.mark.django_db

LOAD = "/settings/framework/load/"


@pytest.fixture
def office():
    return browser(make_cast().office)


def upload(content: bytes, name: str = "framework-2021.csv") -> dict[str, object]:
    return {"file": SimpleUploadedFile(name, content)}


def test_the_own_edition_is_shown_and_another_on_demand(office):
    own = office.get("/settings/framework/").context
    assert own["shown"].pk == own["own"].pk
    assert not own["unofficial"]
    response = office.post(LOAD, upload(SHIPPED.read_bytes()) | {"points": "1000"})
    assert response.headers["Location"] == "/settings/framework/?edition=2021"
    context = office.get("/settings/framework/?edition=2021").context
    assert (context["shown"].size, context["shown"].total) == (100, 1000)
    assert [entry["size"] for entry in context["areas"]][:3] == [21, 9, 9]
    assert context["unofficial"]
    assert office.get("/settings/framework/?edition=nonsense").context["shown"].pk == own["own"].pk


def test_the_tree_asks_few_queries(office, django_assert_max_num_queries):
    office.post(LOAD, upload(SHIPPED.read_bytes()))
    with django_assert_max_num_queries(12):
        office.get("/settings/framework/?edition=2021")


def test_faults_are_listed_by_row(office):
    response = office.post(LOAD, upload(as_csv(changed((4, "score", "0"), (9, "title", "")))))
    assert response.status_code == 422
    assert [fault.row for fault in response.context["faults"]] == [4, 9]
    assert "2 处要改" in response.content.decode()
    assert not FrameworkEdition.objects.filter(code="2021").exists()


def test_an_edition_of_all_places_is_never_replaced_from_a_page(office):
    office.post(LOAD, upload(SHIPPED.read_bytes()))
    other = as_csv(changed((4, "score", "11")))
    response = office.post(LOAD, upload(other))
    assert response.status_code == 422
    assert "请换一个版本代码" in response.content.decode()
    assert (
        office.post(LOAD, upload(other) | {"code": "2021-b", "name": "我们的"}).status_code == 302
    )
    assert FrameworkEdition.objects.get(code="2021-b").name == "我们的"


@pytest.mark.parametrize("data", [{}, {"code": "x"}])
def test_a_file_is_needed(office, data):
    assert office.post(LOAD, data).status_code == 422


def test_the_pages_are_the_offices():
    cast = make_cast()
    for name, actor in cast.everybody().items():
        expected = 200 if name in ("office", "foreign_office") else 404
        for url in ("/settings/framework/", LOAD):
            assert browser(actor).get(url).status_code == expected, (name, url)
