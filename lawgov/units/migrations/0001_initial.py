import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Region",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="代码")),
                ("name", models.CharField(max_length=60, verbose_name="名称")),
                (
                    "level",
                    models.CharField(
                        choices=[("province", "省"), ("city", "市"), ("county", "县（市、区）")],
                        default="county",
                        max_length=10,
                        verbose_name="层级",
                    ),
                ),
                ("path", models.CharField(editable=False, max_length=200, unique=True)),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="units.region",
                    ),
                ),
            ],
            options={
                "ordering": ["path"],
            },
        ),
        migrations.CreateModel(
            name="Unit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=20, verbose_name="代码")),
                ("name", models.CharField(max_length=60, verbose_name="名称")),
                ("short_name", models.CharField(max_length=30, verbose_name="简称")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("government", "政府部门"),
                            ("party", "党委部门"),
                            ("vertical", "垂管单位"),
                            ("institution", "事业单位"),
                            ("mass", "群团"),
                            ("township", "镇街"),
                            ("other", "其他"),
                        ],
                        max_length=20,
                        verbose_name="单位类型",
                    ),
                ),
                ("enforcement", models.BooleanField(default=False, verbose_name="行政执法单位")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="排序")),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="撤并日期")),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="units",
                        to="units.region",
                    ),
                ),
                (
                    "successor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="predecessors",
                        to="units.unit",
                    ),
                ),
            ],
            options={
                "ordering": ["order", "id"],
            },
        ),
        migrations.CreateModel(
            name="Liaison",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="姓名")),
                ("position", models.CharField(blank=True, max_length=60, verbose_name="职务")),
                ("phone", models.CharField(blank=True, max_length=30, verbose_name="联系电话")),
                ("remark", models.CharField(blank=True, max_length=200, verbose_name="备注")),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="liaisons",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="liaisons",
                        to="units.unit",
                    ),
                ),
            ],
            options={
                "ordering": ["unit__order", "id"],
            },
        ),
        migrations.CreateModel(
            name="UnitAlias",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="别名")),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="unit_aliases",
                        to="units.region",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="aliases",
                        to="units.unit",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="UnitGroup",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="名称")),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "members",
                    models.ManyToManyField(
                        blank=True, related_name="groups", to="units.unit", verbose_name="单位"
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="unit_groups",
                        to="units.region",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.UniqueConstraint(
                fields=("region", "code"),
                name="unit_code_once",
                violation_error_message="单位代码已经有了",
            ),
        ),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.UniqueConstraint(
                fields=("region", "name"),
                name="unit_name_once",
                violation_error_message="单位名称已经有了",
            ),
        ),
        migrations.AddConstraint(
            model_name="liaison",
            constraint=models.UniqueConstraint(
                fields=("unit", "name", "phone"),
                name="liaison_once",
                violation_error_message="这位明白人已经登记",
            ),
        ),
        migrations.AddConstraint(
            model_name="unitalias",
            constraint=models.UniqueConstraint(
                fields=("region", "name"),
                name="alias_once",
                violation_error_message="这个别名已经指向一个单位",
            ),
        ),
        migrations.AddConstraint(
            model_name="unitgroup",
            constraint=models.UniqueConstraint(
                fields=("region", "name"),
                name="unit_group_once",
                violation_error_message="这个分组名称已经有了",
            ),
        ),
    ]
