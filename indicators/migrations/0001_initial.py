import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("files", "0001_initial"),
        ("units", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FrameworkEdition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=40, unique=True, verbose_name="版本")),
                ("name", models.CharField(max_length=120, verbose_name="名称")),
                ("content_hash", models.CharField(max_length=64)),
                ("loaded_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="Campaign",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="名称")),
                (
                    "level",
                    models.CharField(
                        choices=[("national", "全国"), ("provincial", "全省")],
                        default="provincial",
                        max_length=12,
                        verbose_name="级别",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("area", "示范地区"), ("project", "单项示范项目")],
                        default="area",
                        max_length=10,
                        verbose_name="类型",
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="开始日期")),
                ("ends_on", models.DateField(verbose_name="结束日期")),
                ("evidence_from", models.DateField(verbose_name="评估期间起")),
                ("evidence_to", models.DateField(verbose_name="评估期间止")),
                (
                    "light_days",
                    models.PositiveSmallIntegerField(default=10, verbose_name="黄灯天数"),
                ),
                (
                    "immediate_days",
                    models.PositiveSmallIntegerField(default=7, verbose_name="立行立改天数"),
                ),
                (
                    "two_person_close",
                    models.BooleanField(default=False, verbose_name="核查和销号须两人"),
                ),
                (
                    "office_name",
                    models.CharField(blank=True, max_length=60, verbose_name="发函机关"),
                ),
                (
                    "letter_agency",
                    models.CharField(blank=True, max_length=20, verbose_name="发文机关代字"),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "region",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="campaign",
                        to="units.region",
                    ),
                ),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="campaigns",
                        to="indicators.frameworkedition",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("file", "文件"), ("link", "网址"), ("number", "文号")],
                        max_length=10,
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="名称")),
                (
                    "document_number",
                    models.CharField(blank=True, max_length=80, verbose_name="文号"),
                ),
                (
                    "issuing_body",
                    models.CharField(blank=True, max_length=80, verbose_name="发文机关"),
                ),
                ("issued_on", models.DateField(blank=True, null=True, verbose_name="日期")),
                ("period_from", models.DateField(blank=True, null=True, verbose_name="覆盖期间起")),
                ("period_to", models.DateField(blank=True, null=True, verbose_name="覆盖期间止")),
                ("url", models.URLField(blank=True, max_length=500, verbose_name="网址")),
                ("is_public", models.BooleanField(default=False, verbose_name="公开")),
                ("created_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "created_by",
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="units.region",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="units.unit",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "evidence",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="EvidenceVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("filename", models.CharField(max_length=120)),
                ("pages", models.PositiveIntegerField(null=True)),
                ("uploaded_at", models.DateTimeField()),
                (
                    "blob",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence_versions",
                        to="files.blob",
                    ),
                ),
                (
                    "evidence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="indicators.evidence",
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="Area",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("title", models.CharField(max_length=100, verbose_name="一级指标")),
                ("short_name", models.CharField(max_length=12)),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="areas",
                        to="indicators.frameworkedition",
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="Group",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("title", models.CharField(max_length=100, verbose_name="二级指标")),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="groups",
                        to="indicators.area",
                    ),
                ),
            ],
            options={
                "ordering": ["area__number", "number"],
            },
        ),
        migrations.CreateModel(
            name="Indicator",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=20, verbose_name="编码")),
                ("number", models.PositiveSmallIntegerField(verbose_name="序号")),
                ("title", models.CharField(max_length=200, verbose_name="三级指标")),
                ("title_en", models.CharField(blank=True, max_length=300)),
                ("requirement", models.TextField(blank=True, verbose_name="要求")),
                ("evidence_hint", models.TextField(blank=True, verbose_name="佐证提示")),
                ("method", models.CharField(max_length=20, verbose_name="测评方式")),
                (
                    "points",
                    models.DecimalField(decimal_places=1, max_digits=5, verbose_name="分值"),
                ),
                (
                    "lead_unit_type",
                    models.CharField(blank=True, max_length=60, verbose_name="牵头单位类型"),
                ),
                ("basis", models.CharField(blank=True, max_length=20)),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="indicators",
                        to="indicators.frameworkedition",
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="indicators",
                        to="indicators.group",
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "points",
                    models.DecimalField(decimal_places=1, max_digits=5, verbose_name="分值"),
                ),
                ("due_text", models.CharField(blank=True, max_length=60, verbose_name="完成时限")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="完成日期")),
                ("required", models.JSONField(blank=True, default=list, verbose_name="必交佐证")),
                ("remark", models.CharField(blank=True, max_length=300, verbose_name="备注")),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "lead_unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="led_assignments",
                        to="units.unit",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to="units.region",
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="assignments",
                        to="indicators.campaign",
                    ),
                ),
                (
                    "indicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to="indicators.indicator",
                    ),
                ),
            ],
            options={
                "ordering": ["indicator__number"],
            },
        ),
        migrations.CreateModel(
            name="Phase",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="序号")),
                ("code", models.CharField(max_length=20)),
                ("name", models.CharField(max_length=40, verbose_name="名称")),
                ("starts_on", models.DateField(verbose_name="开始日期")),
                ("ends_on", models.DateField(verbose_name="结束日期")),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="phases",
                        to="indicators.campaign",
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="UnitAssignment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("not_started", "未开始"),
                            ("collecting", "收集中"),
                            ("ticked", "已打勾"),
                            ("with_head", "待单位审核"),
                            ("with_lead", "待牵头审核"),
                            ("accepted", "牵头已通过"),
                            ("returned", "已退回"),
                            ("not_applicable", "不适用"),
                        ],
                        default="not_started",
                        max_length=20,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("ticked_at", models.DateTimeField(null=True)),
                ("submitted_at", models.DateTimeField(null=True)),
                ("return_reason", models.TextField(blank=True, verbose_name="退回理由")),
                ("exemption_reason", models.TextField(blank=True, verbose_name="不适用理由")),
                ("exemption_asked_at", models.DateTimeField(null=True)),
                (
                    "assignment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="unit_assignments",
                        to="indicators.assignment",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="unit_assignments",
                        to="units.region",
                    ),
                ),
                (
                    "ticked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="unit_assignments",
                        to="units.unit",
                    ),
                ),
            ],
            options={
                "ordering": ["unit__order", "id"],
            },
        ),
        migrations.CreateModel(
            name="EvidenceLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slot", models.CharField(blank=True, max_length=200, verbose_name="佐证项")),
                ("created_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(null=True)),
                (
                    "evidence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="links",
                        to="indicators.evidence",
                    ),
                ),
                (
                    "unit_assignment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="evidence_links",
                        to="indicators.unitassignment",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind", "link"), ("url", ""), _negated=True),
                name="evidence_link_has_url",
                violation_error_message="网址要填写",
            ),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.CheckConstraint(
                condition=models.Q(("document_number", ""), ("kind", "number"), _negated=True),
                name="evidence_number_has_number",
                violation_error_message="文号要填写",
            ),
        ),
        migrations.AddConstraint(
            model_name="evidenceversion",
            constraint=models.UniqueConstraint(
                fields=("evidence", "number"), name="evidence_version_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                name="campaign_days",
                violation_error_message="结束日期早于开始日期",
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(("evidence_to__gte", models.F("evidence_from"))),
                name="campaign_evidence_days",
                violation_error_message="评估期间的止早于起",
            ),
        ),
        migrations.AddConstraint(
            model_name="area",
            constraint=models.UniqueConstraint(fields=("edition", "number"), name="area_once"),
        ),
        migrations.AddConstraint(
            model_name="group",
            constraint=models.UniqueConstraint(fields=("area", "number"), name="group_once"),
        ),
        migrations.AddConstraint(
            model_name="indicator",
            constraint=models.UniqueConstraint(
                fields=("edition", "code"), name="indicator_code_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="indicator",
            constraint=models.UniqueConstraint(
                fields=("edition", "number"), name="indicator_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="indicator",
            constraint=models.CheckConstraint(
                condition=models.Q(("points__gt", 0)), name="indicator_points"
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.UniqueConstraint(
                fields=("campaign", "indicator"), name="assignment_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.CheckConstraint(
                condition=models.Q(("points__gt", 0)),
                name="assignment_points",
                violation_error_message="分值要大于 0",
            ),
        ),
        migrations.AddConstraint(
            model_name="phase",
            constraint=models.UniqueConstraint(fields=("campaign", "number"), name="phase_once"),
        ),
        migrations.AddConstraint(
            model_name="phase",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                name="phase_days",
                violation_error_message="结束日期早于开始日期",
            ),
        ),
        migrations.AddIndex(
            model_name="unitassignment",
            index=models.Index(fields=["unit", "state"], name="unit_assignment_unit"),
        ),
        migrations.AddIndex(
            model_name="unitassignment",
            index=models.Index(fields=["region", "state"], name="unit_assignment_region"),
        ),
        migrations.AddConstraint(
            model_name="unitassignment",
            constraint=models.UniqueConstraint(
                fields=("assignment", "unit"), name="unit_assignment_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="unitassignment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "not_started",
                            "collecting",
                            "ticked",
                            "with_head",
                            "with_lead",
                            "accepted",
                            "returned",
                            "not_applicable",
                        ],
                    )
                ),
                name="unit_assignment_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="evidencelink",
            constraint=models.UniqueConstraint(
                condition=models.Q(("removed_at", None)),
                fields=("evidence", "unit_assignment", "slot"),
                name="evidence_link_once",
            ),
        ),
    ]
