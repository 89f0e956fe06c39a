"""Every address × every principal × four objects: the policy table decides, and nothing leaks.

What a route needs stands on its view (`policy`); which object it opens, and by which right, in
tests/matrix/tables.py. From these two and from `GRANTS` with `visible_to` follows what each
principal must get: a status, no text of somebody else's, and no write where it was refused.
"""

from __future__ import annotations

import pytest
from django.db.models import Q
from django.http import HttpResponse
from django.test import Client

from lawgov.accounts.actors import Actor
from lawgov.accounts.models import User
from lawgov.accounts.scoping import Scoped
from tests.matrix.asking import UNSAFE, Answer, ask, writing
from tests.matrix.cases import Case, address, cases, expected
from tests.matrix.fixtures import Principals
from tests.matrix.readers import readers
from tests.matrix.tables import CHOICES, GONE, GONE_BY, NO_SESSION, OPENS, WRITES_WHEN_READ
from tests.people import browser
from tests.routes import routes
from tests.spreadsheets.books import book
from tests.world import World

CASES = cases()
PRINCIPALS = 16
#: For methods that a route does not have, and for HEAD and OPTIONS, two of them are enough.
FEW = ("office", "stranger")

# -- the tables themselves -------------------------------------------------------------------------


def test_every_route_declares_its_policy():
    bare = [name for route in routes() for name in route.undeclared]
    assert not bare, f"no policy: {bare}"


def test_every_route_with_an_object_is_in_the_table():
    words = {"kind", "edge", "key", "what", "year", "code", "watch", "token"}
    missing = [
        route.name
        for route in routes()
        if not route.is_admin
        and route.name not in OPENS
        and (set(route.params) - words or (route.params and route.name not in CHOICES))
    ]
    assert not missing, f"say in OPENS or CHOICES what these open: {missing}"
    named = {*OPENS, *CHOICES, *GONE, *WRITES_WHEN_READ, *(name for name, _method in GONE_BY)}
    assert not named - {route.name for route in routes()}, "routes that are gone"


def test_there_are_sixteen_principals(principals):
    assert len(principals) == PRINCIPALS


@pytest.mark.django_db
def test_the_scopes_let_nobody_read_but_those_named_by_hand(world, principals):
    wrong = []
    for canary in world.canaries:
        may = {name for name, (actor, _c) in principals.items() if canary.may_reach(actor)}
        if may != readers(canary.side, canary.kind):
            wrong.append(f"{canary.text}: {sorted(may)}")
    assert not wrong, "\n".join(wrong)


# -- the matrix ------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("case", CASES, ids=str)
def test_matrix(case: Case, world: World, principals: Principals, secrets):
    faults = faults_of(case, world, principals, secrets)
    assert not faults, "\n".join(faults)


def faults_of(case: Case, world: World, principals: Principals, secrets) -> list[str]:
    faults = []
    for method in methods_of(case, world, principals):
        for name, (actor, client) in principals.items():
            answers = {s: ask(case, method, client, address(case, world, s)) for s in case.sides}
            for side, answer in answers.items():
                want = expected(case, method, world, side, actor)
                found = [
                    *judged(want, answer),
                    *leaked(answer, secrets[name]),
                    *written(case, method, answer),
                ]
                faults += [f"{method} {name} {side}: {fault}" for fault in found]
            if "absent" in answers and not alike(case, method, world, actor, answers):
                faults.append(f"{method} {name}: foreign and absent differ")
    return faults


@pytest.mark.django_db
@pytest.mark.parametrize("case", CASES, ids=str)
def test_other_methods_change_nothing(case: Case, world: World, principals: Principals, secrets):
    """HEAD and OPTIONS, and what the route does not have: refused like a GET, or 405."""
    declared, faults = methods_of(case, world, principals), []
    for method in ("HEAD", "OPTIONS", "GET", *UNSAFE):
        if method in declared:
            continue
        for name in FEW:
            answer = ask(case, method, principals[name][1], address(case, world, "own"))
            found = [*leaked(answer, secrets[name]), *written(case, "GET", answer)]
            if answer.status >= 500 or (method in UNSAFE and answer.status < 400):
                found.append(f"{answer.status} instead of a refusal")
            faults += [f"{method} {name}: {fault}" for fault in found]
    assert not faults, "\n".join(faults)


@pytest.mark.django_db
@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_session_needs_its_token_for_what_writes(case: Case, world: World, principals):
    """B3: no unsafe call of a session without the page's token, or from a strange origin."""
    methods = methods_of(case, world, principals)
    faults = forged(case, methods, world, browser(world.cast.office))
    assert not faults, "\n".join(faults)


def forged(case: Case, methods: list[str], world: World, client: Client) -> list[str]:
    faults = []
    client.handler.enforce_csrf_checks = True
    for method in methods:
        if method not in UNSAFE or (case.route.name, method) in NO_SESSION:
            continue
        for headers in ({}, {"Origin": "https://evil.test"}):
            answer = ask(case, method, client, address(case, world, "own"), **headers)
            if answer.status not in (403, 404) or answer.wrote:
                faults.append(f"{method} {headers}: {answer.status} {answer.wrote}")
    return faults


def methods_of(case: Case, world: World, principals: Principals) -> list[str]:
    """The declared methods, as the answer to a wrong one names them."""
    if case.route.actions:
        return [method.upper() for method in case.route.actions if method != "head"]
    if case not in _methods:
        _methods[case] = _told_methods(case, world, principals)
    return _methods[case]


_methods: dict[Case, list[str]] = {}


def _told_methods(case: Case, world: World, principals: Principals) -> list[str]:
    for _actor, client in principals.values():
        for side in case.sides:
            answer = ask(case, "PATCH", client, address(case, world, side))
            if answer.status == 405:
                named = answer.response.headers["Allow"].split(",")
                return [name.strip() for name in named if name.strip() not in ("HEAD", "OPTIONS")]
    assert case.route.name in GONE, f"{case}: nobody is told which methods there are"
    return ["GET", "POST"]


def judged(want: str, answer: Answer) -> list[str]:
    status = answer.status
    if want == "gone" and status != 404:
        return [f"{status} instead of 404"]
    if want == "login":
        sent = status == 302 and answer.response.url.startswith("/login/")
        return [] if sent or status == 401 else [f"{status} instead of the login"]
    if want == "open" and (status in (401, 403, 404, 405) or status >= 500):
        return [f"{status} although it is open"]
    return []


def leaked(answer: Answer, secrets: list[str]) -> list[str]:
    told = answer.told
    return [f"tells {text}" for text in secrets if text in told] if "CANARY" in told else []


def written(case: Case, method: str, answer: Answer) -> list[str]:
    """What was written although the call only reads, or was refused."""
    if method in UNSAFE and answer.status < 400:
        return []
    allowed = WRITES_WHEN_READ.get(case.route.name, {}) if answer.status < 400 else {}
    return [f"{answer.status} and {done}" for done in answer.wrote if done not in allowed]


def alike(case: Case, method: str, world: World, actor: Actor | None, answers: dict) -> bool:
    """Foreign and absent cannot be told apart, except by who may open the foreign one."""
    if expected(case, method, world, "foreign", actor) == "open":
        return True
    return answers["foreign"].bare == answers["absent"].bare


# -- controls: with a guard removed, the matrix must see it ----------------------------------------


def case_of(name: str) -> Case:
    return next(case for case in CASES if str(case) == name)


def test_a_view_without_policy_is_found():
    named = {route.name: route.undeclared for route in routes("tests.matrix.bare_urls")}
    assert named == {"declared": [], "bare": ["bare"], "half": ["half destroy"]}


@pytest.mark.django_db
def test_without_the_roles_the_matrix_fails(world, principals, secrets, monkeypatch):
    monkeypatch.setattr("lawgov.accounts.guards.can", lambda *_args: True)
    few = {"stranger": principals["stranger"]}
    faults = faults_of(case_of("settings:groups"), world, few, secrets)
    assert "GET stranger own: 200 instead of 404" in faults


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["rectification:letter", "evidence:file"])
def test_without_the_scopes_the_matrix_fails(name, world, principals, secrets, monkeypatch):
    monkeypatch.setattr(Scoped, "scope_filter", classmethod(lambda *_args: Q()))
    faults = faults_of(case_of(name), world, principals, secrets)
    assert any("stranger" in fault and "tells CANARY-own" in fault for fault in faults)
    assert any("foreign_office" in fault and "tells CANARY-own" in fault for fault in faults)


@pytest.mark.django_db
def test_without_the_scopes_the_readers_by_name_fail(world, principals, monkeypatch):
    monkeypatch.setattr(Scoped, "scope_filter", classmethod(lambda *_args: Q()))
    with pytest.raises(AssertionError, match="CANARY-foreign-evidence"):
        test_the_scopes_let_nobody_read_but_those_named_by_hand(world, principals)


@pytest.mark.django_db
def test_without_its_token_a_call_would_be_seen(world, principals, settings):
    without = [name for name in settings.MIDDLEWARE if "Csrf" not in name]
    assert without != settings.MIDDLEWARE
    settings.MIDDLEWARE = without
    assert forged(case_of("settings:group_new"), ["POST"], world, browser(world.cast.office))


@pytest.mark.django_db
def test_a_write_and_a_text_in_a_workbook_are_seen(world):
    with writing() as done:
        User.objects.filter(pk=world.cast.office.user.pk).update(name="某某")
        User.objects.bulk_create([], ignore_conflicts=True)
    assert done == {"UPDATE accounts_user"}
    packed = Answer(HttpResponse(headers={"X-Request-ID": "1"}), book([["CANARY-own-issue"]]))
    assert leaked(packed, ["CANARY-own-issue", "CANARY-other-issue"]) == ["tells CANARY-own-issue"]
