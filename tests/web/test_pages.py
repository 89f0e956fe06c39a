import json

import pytest
from django.contrib.messages import get_messages
from django.test import Client, RequestFactory, override_settings
from django_htmx.middleware import HtmxDetails

from lawgov.web.pages import go, safe_next, wants_fragment

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.web.urls")]

HTMX = {"HX-Request": "true"}


def asked(**headers: str):
    request = RequestFactory().get("/", headers=headers)
    request.htmx = HtmxDetails(request)
    return request


def test_htmx_gets_the_fragment_and_others_the_page():
    full = Client().get("/told/")
    part = Client().get("/told/", headers=HTMX)
    assert b"<!doctype html>" in full.content
    assert b"<!doctype html>" not in part.content
    assert "HX-Request" in full.headers["Vary"]
    assert "HX-Request" in part.headers["Vary"]


@pytest.mark.parametrize("header", ["HX-Boosted", "HX-History-Restore-Request"])
def test_navigation_and_history_get_the_whole_page(header):
    assert wants_fragment(asked(**HTMX))
    assert not wants_fragment(asked(**HTMX, **{header: "true"}))


def test_toast_travels_with_the_fragment_once():
    client = Client()
    response = client.get("/told/", headers=HTMX)
    (toast,) = json.loads(response.headers["HX-Trigger"])["toast"]["toasts"]
    assert toast == {"text": "已打勾，已保存", "undo": "/undo/1/", "row": "row-1", "bad": False}
    assert response.headers["HX-Trigger"].isascii()
    assert not list(get_messages(client.get("/accessibility/").wsgi_request))


def test_toast_of_a_full_page_is_a_form_that_undoes_without_a_script():
    html = Client().get("/told/").content.decode()
    assert 'class="toast" method="post" action="/undo/1/"' in html
    assert "已打勾，已保存" in html


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "", "\\\\evil"]
)
def test_next_never_leaves_the_site(target):
    request = RequestFactory().post("/", {"next": target})
    assert safe_next(request, "/home/") == "/home/"


def test_next_inside_the_site_is_kept():
    request = RequestFactory().post("/", {"next": "/ledger/?q=水利"})
    assert safe_next(request, "/") == "/ledger/?q=水利"


def test_redirect_tells_htmx_to_load_the_page():
    assert go(asked(), "/x/").headers["Location"] == "/x/"
    assert go(asked(**HTMX), "/x/").headers["HX-Redirect"] == "/x/"


# ---------- language and text size before login ----------


def test_login_page_is_chinese_whatever_the_browser_says():
    response = Client(headers={"Accept-Language": "en-US,en"}).get("/login/")
    assert response.headers["Content-Language"] == "zh-hans"
    assert '<html lang="zh-CN"' in response.content.decode()


def test_language_and_text_size_are_remembered_by_the_browser():
    client = Client()
    assert client.post("/language/", {"language": "en", "next": "/login/"}).url == "/login/"
    client.post("/large-text/", {"large_text": "1"})
    html = client.get("/login/").content.decode()
    assert '<html lang="en" data-text="large"' in html


def test_unknown_language_changes_nothing():
    client = Client()
    client.post("/language/", {"language": "xx"})
    assert '<html lang="zh-CN"' in client.get("/login/").content.decode()


@override_settings(DEBUG=False)
def test_pages_carry_no_inline_script_and_no_foreign_address():
    html = Client().get("/login/").content.decode()
    assert html.count("<script") == html.count('nonce="') == 2
    assert "http://" not in html.replace("http://www.w3.org/2000/svg", "")
    assert "https://" not in html
    assert " onclick" not in html
