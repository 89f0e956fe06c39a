"""What the database holds, to the last column: compared before and after a request."""

from __future__ import annotations

from django.apps import apps
from django.contrib.sessions.models import Session

from lawgov.accounts.models import AnsweredCall, LoginAttempt, SignIn

#: What a request may touch without having done anything: the login itself, lock-out, keys.
BESIDE = (Session, SignIn, LoginAttempt, AnsweredCall)

State = dict[str, list[str]]


def state() -> State:
    """Every row of every table as text, sorted; table → rows."""
    models = apps.get_models(include_auto_created=True)
    return {
        model._meta.db_table: sorted(map(repr, model._base_manager.order_by().values_list()))
        for model in models
        if model not in BESIDE and not model._meta.proxy
    }


def difference(before: State, after: State) -> list[str]:
    """`table: -gone +new` for each table that changed, with the number of rows."""
    found = []
    for table, rows in after.items():
        was, now = before[table], rows
        if was != now:
            gone, new = len(set(was) - set(now)), len(set(now) - set(was))
            found.append(f"{table}: -{gone} +{new}")
    return found
