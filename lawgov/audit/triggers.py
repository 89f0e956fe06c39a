"""The database itself refuses to change the trail; the one way around it leaves a trace.

SQLite and PostgreSQL refuse UPDATE and DELETE (PostgreSQL also TRUNCATE) on the entries by
trigger. `lifted` opens the table inside one transaction, for the reset of a demo place, and
records that in the installation's own chain.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from lawgov.accounts.actors import Actor
from lawgov.audit.record import record

TABLE = "audit_auditentry"
REFUSAL = "audit entries are insert-only"

SQLITE = {
    "audit_entry_no_update": (
        f"CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON {TABLE} "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    ),
    "audit_entry_no_delete": (
        f"CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON {TABLE} "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    ),
}

# A trigger with pending events cannot be dropped on PostgreSQL, so the function asks for a
# variable of the transaction. Who may set it may also drop the trigger: it opens nothing new.
POSTGRESQL = f"""
CREATE OR REPLACE FUNCTION audit_entry_is_insert_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('lawgov.audit_lifted', true) = 'on' THEN
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'restrict_violation';
END $$;
DROP TRIGGER IF EXISTS audit_entry_no_change ON {TABLE};
CREATE TRIGGER audit_entry_no_change BEFORE UPDATE OR DELETE ON {TABLE}
    FOR EACH ROW EXECUTE FUNCTION audit_entry_is_insert_only();
DROP TRIGGER IF EXISTS audit_entry_no_truncate ON {TABLE};
CREATE TRIGGER audit_entry_no_truncate BEFORE TRUNCATE ON {TABLE}
    FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_is_insert_only();
"""
POSTGRESQL_DROP = f"""
DROP TRIGGER IF EXISTS audit_entry_no_change ON {TABLE};
DROP TRIGGER IF EXISTS audit_entry_no_truncate ON {TABLE};
DROP FUNCTION IF EXISTS audit_entry_is_insert_only();
"""


def create(database: BaseDatabaseWrapper) -> None:
    """Guard the table; nothing happens where it is guarded already."""
    with database.cursor() as cursor:
        if database.vendor == "postgresql":
            cursor.execute(POSTGRESQL)
            return
        for name, sql in SQLITE.items():
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
            cursor.execute(sql)


def drop(database: BaseDatabaseWrapper) -> None:
    with database.cursor() as cursor:
        if database.vendor == "postgresql":
            cursor.execute(POSTGRESQL_DROP)
            return
        for name in SQLITE:
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}")


@contextmanager
def unguarded(database: BaseDatabaseWrapper) -> Iterator[None]:
    """The table without its guard, inside a transaction of its own: whatever goes wrong in it,
    the guard is back. Leaves no trace; the product calls `lifted`, tests call this."""
    with transaction.atomic(using=database.alias):
        if database.vendor == "postgresql":
            with database.cursor() as cursor:
                cursor.execute("SET LOCAL lawgov.audit_lifted = 'on'")
                yield
                cursor.execute("SET LOCAL lawgov.audit_lifted = 'off'")
            return
        drop(database)
        yield
        create(database)


@contextmanager
def lifted(actor: Actor, reason: str, *, now: datetime) -> Iterator[None]:
    """Entries may be changed inside the block; that it was done, by whom and why, stays.

    The line goes to the installation's chain. The caller is inside the transaction of its
    whole work, and retires the head file of a chain that it removes (`heads.retire`).
    """
    installation = Actor(actor.user, ip=actor.ip, request_id=actor.request_id, label=actor.label)
    data = {"reason": reason, "place": actor.region.code if actor.region else ""}
    record(installation, "audit.lifted", None, now=now, data=data)
    with unguarded(connection):
        yield
