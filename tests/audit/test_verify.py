"""Whatever is done to the trail behind the product's back is found."""

from __future__ import annotations

import io
import json
import random
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from lawgov.accounts.actors import Actor
from lawgov.accounts.policy import Role
from lawgov.audit import heads, triggers
from lawgov.audit.models import AuditEntry, AuditHead
from lawgov.audit.record import Event, digest, record, record_many
from lawgov.audit.verify import chains, verify
from tests.factories import NOW, make_member, make_region

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def data_dir(settings, tmp_path):
    settings.DATA_DIR = tmp_path


@pytest.fixture
def office():
    return make_member(Role.OFFICE_ADMIN, make_region("anhe", name="安和区"))


@pytest.fixture
def chain(office) -> str:
    """Forty entries about the place, the first thirty of them noted outside."""
    for start in (0, 10, 20):
        record_many(
            office, [_event(office, number) for number in range(start, start + 10)], now=NOW
        )
        heads.write_heads(NOW + timedelta(hours=start))
    record_many(office, [_event(office, number) for number in range(30, 40)], now=NOW)
    return "anhe"


def _event(office: Actor, number: int) -> Event:
    return Event("unit.changed", office.region, data={"number": number, "note": f"第{number}条"})


def test_an_untouched_chain_is_intact(chain):
    assert verify(chain).faults == []
    assert verify(chain).entries == 40


def test_the_newest_entries_can_be_checked_alone(chain):
    assert verify(chain, newest=15).entries == 15
    assert verify(chain, newest=999).entries == 40
    with triggers.unguarded(connection):
        _change(_rows().get(seq=20).pk, actor_name="别人")
    assert verify(chain, newest=15).faults == []
    assert [fault.seq for fault in verify(chain, newest=21).faults] == [20]
    with triggers.unguarded(connection):
        _rows().filter(seq=30).update(hash="0" * 64)
    assert {fault.seq for fault in verify(chain, newest=5).faults} == {30}  # noted outside


def test_each_place_has_its_own_chain(chain, office):
    other = make_member(Role.OFFICE_ADMIN, make_region("pingchuan"))
    record(other, "unit.changed", other.region, now=NOW)
    record(Actor.system(None, "system"), "framework.created", None, now=NOW)
    assert chains() == ["anhe", "installation", "pingchuan"]
    assert all(not verify(name).faults for name in chains())


@pytest.mark.parametrize("write", ["update", "delete", "raw"])
def test_the_database_refuses_to_change_an_entry(chain, write):
    rows = AuditEntry.objects.filter(seq=3)
    with pytest.raises(DatabaseError, match="insert-only"), transaction.atomic():
        if write == "update":
            rows.update(verb="nothing")
        elif write == "delete":
            rows.delete()
        else:
            connection.cursor().execute("DELETE FROM audit_auditentry")
    assert verify(chain).faults == []


def test_lifting_the_guard_leaves_a_line_in_the_installations_chain(chain, office):
    with transaction.atomic(), triggers.lifted(office, "demo reset", now=NOW):
        AuditEntry.objects.filter(chain="anhe").delete()
    line = AuditEntry.objects.get(chain="installation")
    assert (line.verb, line.actor, line.data["reason"]) == (
        "audit.lifted",
        office.user,
        "demo reset",
    )
    with pytest.raises(DatabaseError, match="insert-only"), transaction.atomic():
        AuditEntry.objects.all().delete()


def test_guard_is_back_after_a_failure_inside(chain, office):
    with pytest.raises(ZeroDivisionError), triggers.unguarded(connection):
        AuditEntry.objects.filter(seq=1).delete()
        raise ZeroDivisionError
    assert verify(chain).faults == []
    with pytest.raises(DatabaseError, match="insert-only"), transaction.atomic():
        AuditEntry.objects.all().delete()


# -- tampering -------------------------------------------------------------------------------


def edit(dice: random.Random) -> None:
    entry = _any(dice)
    field = dice.choice(
        ["verb", "actor_name", "role", "ip", "at", "data", "topic_id", "subject_type"]
    )
    values = {
        "at": entry.at + timedelta(seconds=dice.choice([-1, 1])),
        "data": {**entry.data, "number": -1},
        "topic_id": (entry.topic_id or 0) + 1,
    }
    _change(entry.pk, **{field: values.get(field, "x")})


def edit_and_rehash(dice: random.Random) -> None:
    entry = _any(dice)
    entry.data = {"note": "改过的"}
    _change(entry.pk, data=entry.data, hash=digest(entry))


def delete_one(dice: random.Random) -> None:
    _rows().filter(pk=_any(dice).pk).delete()


def delete_and_close_the_gap(dice: random.Random) -> None:
    """Among the noted entries; later ones, resealed with the head, are as good as never written."""
    gone = _rows().get(seq=dice.randint(1, 30))
    _rows().filter(pk=gone.pk).delete()
    previous = gone.prev_hash
    for entry in _rows().filter(seq__gt=gone.seq).order_by("seq"):
        entry.seq -= 1
        previous = _reseal(entry, previous)
    _set_head(previous)


def swap(dice: random.Random) -> None:
    first, second = dice.sample(list(_rows()), 2)
    _change(first.pk, seq=10_000)
    _change(second.pk, seq=first.seq)
    _change(first.pk, seq=second.seq)


def cut_tail(dice: random.Random) -> None:
    _rows().filter(seq__gt=40 - dice.randint(1, 39)).delete()


def cut_noted_tail_with_head(dice: random.Random) -> None:
    """Below the last noted head; a cut above it cannot be told from an hour without work."""
    keep = dice.randint(1, 29)
    _rows().filter(seq__gt=keep).delete()
    _set_head(_rows().get(seq=keep).hash)


def rewrite_everything(dice: random.Random) -> None:
    previous = ""
    for entry in _rows().order_by("seq"):
        if entry.seq >= dice.randint(1, 30):
            entry.data = {"note": "重写"}
        if entry.seq == 1:
            entry.actor_name = "别人"
        previous = _reseal(entry, previous)
    _set_head(previous)


def move_to_another_place(dice: random.Random) -> None:
    _change(_any(dice).pk, region_id=make_region(f"far-{dice.random()}".replace(".", "")).pk)


def insert_one(dice: random.Random) -> None:
    entry = _any(dice)
    entry.pk, entry.seq = None, 41
    entry.save(force_insert=True)


def wipe(dice: random.Random) -> None:
    _rows().delete()
    AuditHead.objects.filter(chain="anhe").delete()


def move_head(dice: random.Random) -> None:
    AuditHead.objects.filter(chain="anhe").update(seq=dice.choice([0, 39, 41, 99]))


def _rows():
    return AuditEntry.objects.filter(chain="anhe")


def _any(dice: random.Random) -> AuditEntry:
    return dice.choice(list(_rows()))


def _change(pk: int, **values: object) -> None:
    AuditEntry.objects.filter(pk=pk).update(**values)


def _reseal(entry: AuditEntry, previous: str) -> str:
    entry.prev_hash = previous
    entry.hash = digest(entry)
    entry.save(force_update=True)
    return entry.hash


def _set_head(hash: str) -> None:
    AuditHead.objects.filter(chain="anhe").update(seq=_rows().count(), hash=hash)


TAMPERINGS = [
    edit, edit, edit, edit_and_rehash, delete_one, delete_and_close_the_gap, swap,
    cut_tail, cut_noted_tail_with_head, rewrite_everything, move_to_another_place,
    insert_one, wipe, move_head,
]  # fmt: skip


def test_every_one_of_140_random_tamperings_is_found(chain):
    missed = []
    for number in range(140):
        dice = random.Random(f"tamper {number}")
        tamper = TAMPERINGS[number % len(TAMPERINGS)]
        with transaction.atomic():
            with triggers.unguarded(connection):
                tamper(dice)
            if not verify("anhe").faults:
                missed.append(f"{tamper.__name__} {number}")
            transaction.set_rollback(True)
    assert missed == []
    assert verify("anhe").faults == []


def test_without_noted_heads_a_clean_cut_would_stay_unseen(chain, tmp_path):
    """The positive control: it is the file outside the database that finds a cut tail."""
    with triggers.unguarded(connection):
        cut_noted_tail_with_head(random.Random(1))
    assert verify("anhe").faults
    (tmp_path / "audit-heads" / "anhe.jsonl").unlink()
    assert verify("anhe").faults == []


# -- noted heads and the command -------------------------------------------------------------


def test_heads_are_noted_only_when_a_chain_moved(chain, office, tmp_path):
    assert heads.write_heads(NOW) == 1
    assert heads.write_heads(NOW) == 0
    lines = (tmp_path / "audit-heads" / "anhe.jsonl").read_text().splitlines()
    assert [json.loads(line)["seq"] for line in lines] == [10, 20, 30, 40]


def test_a_torn_line_of_the_head_file_is_left_out(chain, tmp_path):
    with (tmp_path / "audit-heads" / "anhe.jsonl").open("a") as file:
        file.write('{"at": "2026')
    assert verify("anhe").faults == []


def test_heads_of_a_removed_place_are_put_aside(chain, office):
    with triggers.lifted(office, "demo reset", now=NOW):
        AuditEntry.objects.filter(chain="anhe").delete()
        AuditHead.objects.filter(chain="anhe").delete()
    assert verify("anhe").faults
    heads.retire("anhe", NOW)
    assert chains() == ["installation"]


def test_command_answers_by_its_exit_code(chain, capsys):
    call_command("verify_audit")
    assert "anhe: 40 entries, intact" in capsys.readouterr().out
    with triggers.unguarded(connection):
        _change(_rows().get(seq=7).pk, actor_name="别人")
    out = io.StringIO()
    with pytest.raises(SystemExit) as stop:
        call_command("verify_audit", "--chain", "anhe", stdout=out)
    assert stop.value.code == 1
    assert out.getvalue() == "anhe #7: 内容被改过\n"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_transactional_tests_can_be_emptied(turn):
    office = make_member(Role.OFFICE_ADMIN, make_region("anhe"))
    with transaction.atomic():
        record(office, "unit.changed", office.region, now=NOW)
    assert AuditEntry.objects.count() == 1
