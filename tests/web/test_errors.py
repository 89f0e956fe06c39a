import re

import pytest
from django.test import Client

from lawgov.web.errors import PAGES
from tests import people

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.web.urls")]


@pytest.fixture
def client():
    return Client(raise_request_exception=False)


def without_number(response) -> bytes:
    return response.content.replace(response.headers["X-Request-ID"].encode(), b"NUMBER")


def test_foreign_and_absent_objects_answer_the_same_bytes():
    cast = people.make_cast()
    foreign = cast.foreign_office
    browser = people.browser(foreign)
    theirs = browser.get(f"/campaigns/{cast.campaign.pk}/")
    absent = browser.get("/campaigns/999999/")
    no_route = browser.get("/no/such/page/")
    assert theirs.status_code == absent.status_code == no_route.status_code == 404
    assert without_number(theirs) == without_number(absent) == without_number(no_route)
    drop = {"X-Request-ID", "Content-Security-Policy", "Set-Cookie"}
    headers = [{k: v for k, v in r.headers.items() if k not in drop} for r in (theirs, absent)]
    assert headers[0] == headers[1]


def test_what_the_role_does_not_allow_looks_absent_too(client):
    refused, absent = client.get("/raises/not-allowed/"), client.get("/nothing/")
    assert refused.status_code == 404
    assert without_number(refused) == without_number(absent)


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/raises/guard/", 422, ["没有办成", "缺整改结果", "缺佐证"]),
        ("/raises/stale/", 409, ["没有保存：王某 2 分钟前改过这一条"]),
        ("/raises/crash/", 500, ["系统出错，没有保存"]),
        ("/only-post/", 405, ["这个地址不能这样打开"]),
        ("/nothing/", 404, ["这里没有这个页面，或不归你单位看"]),
    ],
)
def test_each_error_says_one_thing_and_gives_its_number(client, path, status, words):
    response = client.get(path)
    html = response.content.decode()
    assert response.status_code == status
    assert all(word in html for word in words)
    assert response.headers["X-Request-ID"] in html
    assert "secret detail" not in html
    assert "Traceback" not in html


def test_refused_method_names_the_allowed_ones(client):
    assert client.get("/only-post/").headers["Allow"] == "POST"


@pytest.mark.parametrize("path", ["/raises/guard/", "/raises/crash/", "/nothing/"])
def test_htmx_gets_one_sentence_and_swaps_nothing(client, path):
    response = client.get(path, headers={"HX-Request": "true"})
    html = response.content.decode()
    assert response.headers["HX-Reswap"] == "none"
    assert html.count("data-error") == 1
    assert "<html" not in html


def test_api_errors_have_one_shape(client):
    response = client.get("/api/v1/nothing/")
    assert response.status_code == 404
    assert response.json() == {
        "error": {
            "code": "not_found",
            "detail": "这里没有这个页面，或不归你单位看",
            "sentences": [],
            "fields": {},
            "request_id": response.headers["X-Request-ID"],
        }
    }


def test_error_pages_need_no_script_and_no_session(client):
    html = client.get("/nothing/").content.decode()
    assert "<script" not in html
    assert "csrfmiddlewaretoken" not in html
    assert not re.search(r"<form", html)


def test_missing_token_is_told_in_plain_words():
    response = Client(enforce_csrf_checks=True).post("/only-post/")
    assert response.status_code == 403
    assert "页面放得太久" in response.content.decode()


def test_too_large_a_body_is_413(client, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    response = client.post("/large-text/", {"next": "x" * 500})
    assert response.status_code == 413


def test_every_status_has_a_title_and_an_advice():
    assert {400, 403, 404, 405, 409, 413, 422, 429, 500, 503} <= PAGES.keys()
    assert all(str(title) and str(advice) for title, advice in PAGES.values())
