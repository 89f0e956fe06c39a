"""Idempotency-Key: sent again, once or twenty times at once, a call has one effect."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from lawgov.accounts.answered import KEPT, sweep
from lawgov.accounts.models import AnsweredCall, Membership
from lawgov.units.models import UnitGroup
from tests import factories
from tests.api.caller import Caller
from tests.people import make_cast

TOGETHER = 20
KEY = {"Idempotency-Key": "0d1f7a2e"}


@pytest.fixture
def office():
    return Caller(make_cast().office)


def group(office, name="沿江单位", **headers):
    return office.ask("post", "groups/", {"name": name, "members": []}, **(headers or KEY))


@pytest.mark.django_db
def test_the_same_call_gets_the_same_answer(office):
    first, second = group(office), group(office)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert second.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    assert UnitGroup.objects.count() == 1


@pytest.mark.django_db
def test_another_call_under_the_key_is_refused(office):
    group(office)
    answer = group(office, "山区单位")
    assert answer.status_code == 422 and "Idempotency-Key" in answer.json()["error"]["fields"]
    elsewhere = office.ask("post", "notices/read-all/", {}, **KEY)
    assert elsewhere.status_code == 422
    assert UnitGroup.objects.count() == 1


@pytest.mark.django_db
def test_without_a_key_every_call_is_its_own(office):
    headers = {"Accept": "*/*"}
    assert group(office, **headers).status_code == 201
    assert group(office, **headers).status_code == 422
    assert not AnsweredCall.objects.exists()


@pytest.mark.django_db
def test_a_refusal_is_answered_again_without_a_new_try(office):
    office.post("groups/", {"name": "沿江单位", "members": []})
    first = group(office)
    UnitGroup.objects.all().delete()
    second = group(office)
    assert (first.status_code, second.status_code) == (422, 422)
    assert first.content == second.content and not UnitGroup.objects.exists()


@pytest.mark.django_db
def test_keys_are_each_persons_own():
    cast = make_cast()
    assert group(Caller(cast.office)).status_code == 201
    assert group(Caller(cast.foreign_office)).status_code == 201
    assert UnitGroup.objects.count() == 2


@pytest.mark.django_db
def test_another_membership_does_not_read_the_answer():
    cast = make_cast()
    other = factories.make_region(name="平川县")
    group(Caller(cast.office))
    elsewhere = factories.make_member("office_admin", other, user=cast.office.user)
    answer = group(Caller(elsewhere))
    assert answer.status_code == 422 and "沿江" not in answer.content.decode()


@pytest.mark.django_db
def test_who_lost_the_right_does_not_read_the_answer(office):
    group(office)
    Membership.objects.filter(region__name="安和区", role="office_admin").update(role="publicist")
    assert group(office).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "x" * 101, "钥匙", "a b"])
def test_a_key_is_visible_ascii(office, key):
    assert group(office, **{"Idempotency-Key": key}).status_code == 422


@pytest.mark.django_db
def test_a_password_is_not_kept(office):
    person = {"username": "wangjun", "name": "王军", "role": "assessor", "unit": None}
    first = office.ask("post", "people/", person, **KEY)
    again = office.ask("post", "people/", person, **KEY)
    assert first.json()["password"] and again.json()["password"] is None
    assert first.json()["password"] not in AnsweredCall.objects.get().body


@pytest.mark.django_db
def test_answers_are_kept_for_a_day(office):
    first = group(office)
    AnsweredCall.objects.update(made_at=timezone.now() - KEPT - timedelta(seconds=1))
    assert group(office).status_code == 422  # asked anew: the name is taken
    assert first.content != AnsweredCall.objects.get().body.encode()
    assert sweep(timezone.now()) == 0
    AnsweredCall.objects.update(made_at=timezone.now() - KEPT - timedelta(seconds=1))
    assert sweep(timezone.now()) == 1


@pytest.mark.django_db
def test_files_count_by_their_content(office):
    def send(text):
        file = SimpleUploadedFile("单位.csv", text.encode())
        return office.client.post("/api/v1/units/import/", {"file": file}, headers=KEY)

    first, same, other = map(
        send, ["单位名称\n区文旅局", "单位名称\n区文旅局", "单位名称\n区医保局"]
    )
    assert first.json() == same.json() == {"created": 1, "changed": 0, "unchanged": 0}
    assert other.status_code == 422


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_have_one_effect(office):
    barrier = Barrier(TOGETHER)

    def send(_n):
        barrier.wait()
        try:
            return group(office)
        finally:
            connection.close()

    with ThreadPoolExecutor(TOGETHER) as threads:
        answers = list(threads.map(send, range(TOGETHER)))
    assert [answer.status_code for answer in answers] == [201] * TOGETHER
    assert len({answer.content for answer in answers}) == 1
    assert sum("Idempotency-Replayed" in answer.headers for answer in answers) == TOGETHER - 1
    assert UnitGroup.objects.count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_without_the_key_twenty_at_once_are_twenty_calls(office):
    """The control: the same race is lost by all but one where nothing guards it."""
    barrier = Barrier(TOGETHER)

    def send(n):
        barrier.wait()
        try:
            return group(office, f"沿江单位{n}", Accept="*/*").status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(TOGETHER) as threads:
        list(threads.map(send, range(TOGETHER)))
    assert UnitGroup.objects.count() == TOGETHER
