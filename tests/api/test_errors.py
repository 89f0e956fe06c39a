"""Errors have one shape, whoever finds them: the framework, the domain, the address."""

import pytest
from django.test import Client

from tests.api.caller import Caller
from tests.people import browser

pytestmark = pytest.mark.django_db
SHAPE = {"code", "detail", "sentences", "fields", "request_id"}


def test_every_refusal_has_the_one_shape(cast):
    office, editor = Caller(cast.office), Caller(cast.editor)
    unit = f"units/{cast.unit.pk}/"
    asked = [
        office.ask("get", "nowhere/"),
        office.ask("get", "units/999999/"),
        editor.ask("get", unit),
        office.ask("delete", unit),
        office.ask("put", unit, {"version": 99}),
        office.ask("post", "units/", {"unknown": 1}),
        office.client.post("/api/v1/units/", "{", content_type="application/json"),
        office.client.post(
            "/api/v1/units/", "a=1", content_type="application/x-www-form-urlencoded"
        ),
        Client().get("/api/v1/units/"),
        Client(headers={"Authorization": "Token x"}).get("/api/v1/units/"),
        Client(headers={"Authorization": "Token"}).get("/api/v1/units/"),
        office.ask("get", "units/?page=77"),
        office.ask("get", "units/?kind=castle"),
    ]
    statuses = [answer.status_code for answer in asked]
    assert statuses == [404, 404, 404, 405, 422, 422, 400, 415, 401, 401, 401, 404, 422]
    for answer in asked:
        error = answer.json()["error"]
        assert set(error) >= SHAPE, answer.content
        assert error["detail"] and error["request_id"] == answer.headers["X-Request-ID"]


def test_absent_and_foreign_look_the_same(cast):
    editor = Caller(cast.editor)
    absent, foreign = editor.refused("get", "units/999999/"), editor.refused("get", "units/1/")
    assert {**absent, "request_id": ""} == {**foreign, "request_id": ""}


def test_a_stale_save_is_told_how_the_row_stands(cast):
    office = Caller(cast.office)
    group = office.post("groups/", {"name": "沿江单位", "members": [cast.unit.pk]})
    office.put(f"groups/{group['id']}/", {"name": "沿江各单位", "members": [], "version": 1})
    body = {"name": "江边单位", "members": [], "version": 1}
    problem = office.refused("put", f"groups/{group['id']}/", body)
    assert problem["status"] == 409 and problem["code"] == "stale"
    assert (problem["current"]["name"], problem["current"]["version"]) == ("沿江各单位", 2)


def test_an_unsafe_call_of_a_session_needs_its_token(cast):
    page = browser(cast.office)
    page.handler.enforce_csrf_checks = True
    answer = page.post("/api/v1/groups/", {"name": "x"}, content_type="application/json")
    assert answer.status_code == 403 and answer.json()["error"]["code"] == "forbidden"


def test_unknown_fields_are_refused(cast):
    problem = Caller(cast.office).refused("post", "groups/", {"name": "x", "region": 1})
    assert problem["status"] == 422 and set(problem["fields"]) == {"region"}


def test_numbers_beyond_the_database_are_only_not_found(cast):
    office = Caller(cast.office)
    assert office.refused("get", f"units/{10**17}/")["status"] == 404
    assert office.refused("get", f"units/{10**30}/")["status"] == 404
    assert office.get("liaisons/", unit=10**18)["count"] == 0
    assert office.refused("get", f"liaisons/?unit={10**30}")["status"] == 422


def test_the_document_is_for_people_who_are_signed_in(cast):
    assert Client().get("/api/v1/schema/").status_code == 401
    assert Client().get("/api/v1/docs/").status_code == 302
    answer = Caller(cast.external).ask("get", "schema/")
    assert answer.status_code == 200 and "openapi: 3" in answer.content.decode()
