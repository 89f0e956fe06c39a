"""What stands in the database, table by table, so that a test can tell that nothing changed."""

from __future__ import annotations

import hashlib

from django.apps import apps
from django.db import connection

#: Tables that an upload may touch before it is confirmed: itself, its job and what these leave.
OWN = frozenset(
    {
        "imports_upload", "imports_uploadrow", "filling_filledsheet", "files_blob", "jobs_job",
        "audit_auditentry", "audit_audithead", "django_session", "notifications_notification",
    }
)  # fmt: skip


def checksums() -> dict[str, str]:
    """A digest of the rows of every table but those of uploads, jobs, trail and sessions."""
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    return {table: _checksum(table) for table in sorted(tables - OWN)}


def _checksum(table: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
        rows = sorted(repr(row) for row in cursor.fetchall())
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()
