"""A state that the table does not know is refused by the database itself, whoever writes it."""

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.utils import timezone

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

LIVES = ("UnitResponse", "UnitAssignment", "Extension", "Delivery", "FilledSheet", "Job", "Upload")


def any_value(field: models.Field):
    """Something that the column takes; rows that keys lead to are asked for at the commit only."""
    if field.is_relation:
        return 1
    if isinstance(field, models.DateTimeField):
        return timezone.now()
    if isinstance(field, models.DateField):
        return timezone.localdate()
    return 1 if isinstance(field, models.IntegerField) else "1"


def insert(model: type[models.Model], column: str, state: str) -> None:
    """A row in this state, taken back before anybody looks where its keys lead."""
    values = {
        field.attname: any_value(field)
        for field in model._meta.concrete_fields
        if not (field.null or field.has_default() or field.primary_key)
    }
    with transaction.atomic():
        model._base_manager.bulk_create([model(**values | {column: state})])
        transaction.set_rollback(True)


@pytest.mark.parametrize("name", LIVES)
def test_a_state_that_is_none_is_refused(name):
    (model,) = [each for each in apps.get_models() if each.__name__ == name]
    (column,) = {field.name for field in model._meta.fields} & {"state", "status"}
    states = [value for value, _label in model._meta.get_field(column).choices]
    for state in states:  # the control: nothing else is wrong with the row
        if state != "closed":  # asks for its day as well
            insert(model, column, state)
    with pytest.raises(IntegrityError, match="_state"):
        insert(model, column, "nonsense")
