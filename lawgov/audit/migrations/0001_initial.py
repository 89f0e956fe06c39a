import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("units", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditHead",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("chain", models.CharField(max_length=60, unique=True)),
                ("seq", models.PositiveBigIntegerField(default=0)),
                ("hash", models.CharField(default="", max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("chain", models.CharField(max_length=60)),
                ("seq", models.PositiveBigIntegerField()),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("actor_name", models.CharField(max_length=120)),
                ("actor_place", models.CharField(blank=True, max_length=80)),
                ("role", models.CharField(blank=True, max_length=20)),
                ("verb", models.CharField(max_length=60)),
                ("subject_type", models.CharField(max_length=40)),
                ("subject_id", models.BigIntegerField(null=True)),
                ("topic_type", models.CharField(max_length=40)),
                ("topic_id", models.BigIntegerField(null=True)),
                ("data", models.JSONField(default=dict)),
                ("ip", models.CharField(blank=True, max_length=45)),
                ("request_id", models.CharField(blank=True, max_length=40)),
                ("prev_hash", models.CharField(blank=True, max_length=64)),
                ("hash", models.CharField(max_length=64)),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="units.region",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "indexes": [
                    models.Index(fields=["topic_type", "topic_id", "id"], name="audit_topic"),
                    models.Index(fields=["subject_type", "subject_id", "id"], name="audit_subject"),
                    models.Index(fields=["chain", "at"], name="audit_chain_at"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("chain", "seq"), name="audit_seq_once")
                ],
            },
        ),
    ]
