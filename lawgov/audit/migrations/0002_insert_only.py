"""The database refuses to change or remove what is in the trail."""

from django.db import migrations

from lawgov.audit import triggers


def guard(apps, schema_editor):
    triggers.create(schema_editor.connection)


def unguard(apps, schema_editor):
    triggers.drop(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [migrations.RunPython(guard, unguard)]
