from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("units", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="liaison",
            name="version",
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AddField(
            model_name="unitgroup",
            name="version",
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AlterField(
            model_name="unitgroup",
            name="members",
            field=models.ManyToManyField(
                blank=True, related_name="groups", to="units.unit", verbose_name="单位"
            ),
        ),
    ]
