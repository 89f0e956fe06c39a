"""Further demo places: the first one copied inside the database, under other ids and names.

A copied row has the id of its source and a number that is the same for its whole table, so every
foreign key is a sum and a table is one INSERT … SELECT. Notices and the audit trail, which name
ids in texts, come through Python; the trail is chained anew.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Field, Max, Min, Model

from assessments.models import Inspection, Issue, Letter, ProgressNote, UnitResponse
from indicators.models import Evidence
from lawgov.accounts.models import User
from lawgov.audit.models import AuditEntry, AuditHead
from lawgov.audit.record import digest
from lawgov.notifications.models import Notification
from lawgov.operations.demo.people import accounts
from lawgov.operations.demo.tables import TABLES
from lawgov.units.models import Region, Unit

# What stands before an id in an address; indicators stand there with their number.
ADDRESSED: dict[str, type[Model]] = {
    "issues": Issue,
    "responses": UnitResponse,
    "letters": Letter,
    "units": Unit,
}
NUMBERED = "indicators"
# Ids in the trail's data that are no column of the row they are told of.
TOLD: dict[str, type[Model]] = {"evidence_id": Evidence, "note_id": ProgressNote}
BATCH = 500


def clone_place(source: Region, target: Region, *, password: str) -> None:
    """Copy everything of `source` to the new and empty place `target`.

    Accounts get its code behind their names (`unit01.demo-2`) and all the same password hash.
    Raises KeyError for an id in a text that this module does not know: better none than wrong.
    """
    with transaction.atomic():
        copy = _Copy(source, target, _people(source, target, password))
        for model, path in TABLES:
            if model is Notification:
                copy.notices()
            else:
                copy.rows(model, path)
        copy.trail()
        with connection.cursor() as cursor:
            for sql in connection.ops.sequence_reset_sql(no_style(), [m for m, _path in TABLES]):
                cursor.execute(sql)


def _people(source: Region, target: Region, password: str) -> dict[int, int]:
    """Accounts for the people of `source`, new id by old id."""
    old = list(User.objects.filter(memberships__region=source).order_by("pk").distinct())
    names = iter([user.name for user in old])
    new = accounts([f"{user.username}.{target.code}" for user in old], names, password)
    return {user.pk: twin.pk for user, twin in zip(old, new, strict=True)}


@dataclass
class _Copy:
    """One place on its way to another; `shifts` is what each copied table's ids grew by."""

    source: Region
    target: Region
    people: dict[int, int]
    shifts: dict[type[Model], int] = field(default_factory=dict)

    def rows(self, model: type[Model], path: str) -> None:
        """Copy one table, whose parents are copied already."""
        rows = model._base_manager.filter(**{path: self.source})
        table = connection.ops.quote_name(model._meta.db_table)
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":  # the ids beyond the last stay free for us
                cursor.execute(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")
            first = rows.aggregate(first=Min("pk"))["first"]
            if first is None:
                return
            last = model._base_manager.aggregate(last=Max("pk"))["last"]
            self.shifts[model] = last + 1 - first
            fields = model._meta.local_concrete_fields
            columns = ", ".join(connection.ops.quote_name(one.column) for one in fields)
            values = [self._value(model, one) for one in fields]
            chosen, params = rows.order_by().values("pk").query.sql_with_params()
            cursor.execute(
                f"INSERT INTO {table} ({columns}) "
                f"SELECT {', '.join(sql for sql, _params in values)} "
                f"FROM {table} AS old WHERE old.id IN ({chosen}) ORDER BY old.id",
                [*(value for _sql, given in values for value in given), *params],
            )

    def _value(self, model: type[Model], column: Field) -> tuple[str, list[object]]:
        """A column of the copy as SQL over the row `old`, with its parameters."""
        old = f"old.{connection.ops.quote_name(column.column)}"
        parent = model if column.primary_key else column.related_model
        if parent in self.shifts:
            return f"{old} + {self.shifts[parent]}", []
        if parent is Region:
            return "%s", [self.target.pk]
        if parent is User:
            twin = (
                "SELECT twin.id FROM accounts_user AS person JOIN accounts_user AS twin"
                f" ON twin.username = person.username || %s WHERE person.id = {old}"
            )
            return f"({twin})", [f".{self.target.code}"]
        if model is Inspection and column.name == "code":  # begins with the place's own
            return f"REPLACE({old}, %s, %s)", [self.source.code, self.target.code]
        return old, []

    def notices(self) -> None:
        rows = Notification.objects.filter(region=self.source).order_by("pk").values()
        Notification.objects.bulk_create(
            [
                Notification(
                    **_without_id(row)
                    | {
                        "region_id": self.target.pk,
                        "recipient_id": self.people[row["recipient_id"]],
                        "subject_id": self._moved(row["subject_type"], row["subject_id"]),
                        "url": re.sub(r"/([a-z]+)/(\d+)", self._address, row["url"]),
                    }
                )
                for row in rows
            ],
            batch_size=BATCH,
        )

    def trail(self) -> None:
        """The audit trail behind the entry that founded the new place, in the same order."""
        head = AuditHead.objects.get(chain=self.target.code)
        rows = AuditEntry.objects.filter(chain=self.source.code, seq__gt=head.seq).order_by("seq")
        entries = []
        for row in rows.values():
            entry = AuditEntry(**_without_id(row) | self._told_anew(row))
            entry.seq, entry.prev_hash = head.seq + 1, head.hash
            entry.hash = digest(entry)
            head.seq, head.hash = entry.seq, entry.hash
            entries.append(entry)
        AuditEntry.objects.bulk_create(entries, batch_size=BATCH)
        head.save()

    def _told_anew(self, row: Mapping[str, Any]) -> dict[str, Any]:
        subject, topic = row["subject_type"], row["topic_type"]
        return {
            "chain": self.target.code,
            "region_id": self.target.pk,
            "actor_id": row["actor_id"] and self.people[row["actor_id"]],
            "subject_id": self._moved(subject, row["subject_id"]),
            "topic_id": self._moved(topic, row["topic_id"]),
            "data": self._data(row["data"], _parents(subject)),
        }

    def _data(self, data: Mapping[str, Any], parents: Mapping[str, type[Model]]) -> dict[str, Any]:
        """What an entry tells, with ids of the new place; `was` holds columns as they were."""
        told = dict(data)
        for key, value in data.items():
            if isinstance(value, dict):
                told[key] = self._data(value, parents)
            elif key.endswith("_id"):
                parent = parents.get(key) or TOLD[key]
                many = isinstance(value, list)
                told[key] = (
                    [self._id(parent, one) for one in value] if many else self._id(parent, value)
                )
        return told

    def _moved(self, name: str, pk: int | None) -> int | None:
        """The id of a row's copy; `name` is its model's, "" for none."""
        if name == Region._meta.model_name:
            return self.target.pk
        return self._id(_MODELS[name], pk) if name else pk

    def _id(self, model: type[Model], pk: int | None) -> int | None:
        if pk is None:
            return None
        return self.people[pk] if model is User else pk + self.shifts[model]

    def _address(self, found: re.Match[str]) -> str:
        word, pk = found[1], int(found[2])
        return found[0] if word == NUMBERED else f"/{word}/{self._id(ADDRESSED[word], pk)}"


_MODELS = {model._meta.model_name or "": model for model, _path in TABLES}


def _parents(name: str) -> dict[str, type[Model]]:
    """Foreign keys of a model, by the name of their columns."""
    fields = _MODELS[name]._meta.concrete_fields if name in _MODELS else []
    return {one.attname: one.related_model for one in fields if one.is_relation}


def _without_id(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "id"}
