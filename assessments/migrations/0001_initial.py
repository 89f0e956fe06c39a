import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("indicators", "0001_initial"),
        ("units", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Inspection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="代码")),
                ("name", models.CharField(max_length=120, verbose_name="名称")),
                ("starts_on", models.DateField(verbose_name="开始日期")),
                ("ends_on", models.DateField(verbose_name="结束日期")),
                ("issued_on", models.DateField(blank=True, null=True, verbose_name="交办日期")),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="inspections",
                        to="indicators.campaign",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="inspections",
                        to="units.region",
                    ),
                ),
                (
                    "units",
                    models.ManyToManyField(blank=True, related_name="inspections", to="units.unit"),
                ),
            ],
            options={
                "ordering": ["-starts_on", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Issue",
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
                        choices=[
                            ("individual", "个性问题"),
                            ("common", "共性问题"),
                            ("opinion", "反馈意见"),
                            ("problem", "反馈问题"),
                            ("direct", "点对点问题"),
                        ],
                        max_length=12,
                        verbose_name="类型",
                    ),
                ),
                ("number", models.CharField(max_length=20, verbose_name="编号")),
                ("category", models.CharField(blank=True, max_length=120, verbose_name="问题类别")),
                ("text", models.TextField(verbose_name="存在问题")),
                ("requirement", models.TextField(blank=True, verbose_name="整改要求")),
                ("goal", models.TextField(blank=True, verbose_name="整改目标")),
                (
                    "addressed_text",
                    models.CharField(blank=True, max_length=1000, verbose_name="涉及单位"),
                ),
                ("found_on", models.DateField(blank=True, null=True, verbose_name="发现日期")),
                (
                    "deadline_text",
                    models.CharField(blank=True, max_length=200, verbose_name="完成时限"),
                ),
                (
                    "deadline_kind",
                    models.CharField(
                        choices=[
                            ("fixed", "定期"),
                            ("immediate", "立行立改"),
                            ("long_term", "长期坚持"),
                            ("compound", "定期并长期坚持"),
                            ("unknown", "期限待定"),
                            ("none", "未定期限"),
                        ],
                        default="none",
                        max_length=12,
                    ),
                ),
                ("deadline_date", models.DateField(blank=True, null=True)),
                ("remark", models.TextField(blank=True, verbose_name="备注")),
                ("source_hash", models.CharField(blank=True, max_length=64)),
                ("source_name", models.CharField(blank=True, max_length=200)),
                ("source_row", models.PositiveIntegerField(null=True)),
                ("row_key", models.CharField(blank=True, max_length=64)),
                ("created_at", models.DateTimeField()),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "assignment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="issues",
                        to="indicators.assignment",
                        verbose_name="关联指标",
                    ),
                ),
                (
                    "inspection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="issues",
                        to="assessments.inspection",
                    ),
                ),
                (
                    "lead_units",
                    models.ManyToManyField(blank=True, related_name="led_issues", to="units.unit"),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="issues",
                        to="units.region",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Letter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("agency", models.CharField(max_length=20, verbose_name="发文机关代字")),
                ("year", models.PositiveSmallIntegerField(verbose_name="年份")),
                ("number", models.PositiveIntegerField(verbose_name="序号")),
                ("issued_on", models.DateField(verbose_name="发文日期")),
                (
                    "inspection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letters",
                        to="assessments.inspection",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letters",
                        to="units.region",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letters",
                        to="units.unit",
                    ),
                ),
            ],
            options={
                "ordering": ["agency", "year", "number"],
            },
        ),
        migrations.CreateModel(
            name="Measure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(default=1)),
                ("text", models.TextField(verbose_name="整改措施")),
                ("person", models.CharField(blank=True, max_length=60, verbose_name="责任人")),
                ("target_on", models.DateField(blank=True, null=True, verbose_name="目标日期")),
                ("done_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(null=True)),
                ("issues", models.ManyToManyField(related_name="measures", to="assessments.issue")),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="measures",
                        to="units.region",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="measures",
                        to="units.unit",
                    ),
                ),
            ],
            options={
                "ordering": ["order", "id"],
            },
        ),
        migrations.CreateModel(
            name="PlannerRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                ("reminders", models.PositiveIntegerField(default=0)),
                ("deliveries", models.PositiveIntegerField(default=0)),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="planner_runs",
                        to="units.region",
                    ),
                ),
            ],
            options={
                "ordering": ["day"],
            },
        ),
        migrations.CreateModel(
            name="Round",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("name", models.CharField(max_length=60, verbose_name="名称")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("self", "自评"),
                            ("verification", "初评核验"),
                            ("mock", "模拟评估"),
                            ("external", "外部评审"),
                        ],
                        max_length=12,
                    ),
                ),
                ("opened_on", models.DateField(verbose_name="开始日期")),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="结束日期")),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rounds",
                        to="indicators.campaign",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rounds",
                        to="units.region",
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="Score",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("self", "自评"),
                            ("lead", "牵头"),
                            ("office", "核验"),
                            ("mock", "模拟"),
                            ("external", "外评"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "points",
                    models.DecimalField(decimal_places=1, max_digits=5, verbose_name="得分"),
                ),
                ("reason", models.TextField(blank=True, verbose_name="说明")),
                ("given_at", models.DateTimeField()),
                ("superseded_at", models.DateTimeField(null=True)),
                (
                    "assignment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="scores",
                        to="indicators.assignment",
                    ),
                ),
                (
                    "given_by",
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
                        related_name="scores",
                        to="units.region",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scores",
                        to="assessments.round",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scores",
                        to="units.unit",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="ScoreDraft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "points",
                    models.DecimalField(
                        blank=True, decimal_places=1, max_digits=5, null=True, verbose_name="得分"
                    ),
                ),
                (
                    "statement",
                    models.TextField(blank=True, max_length=2000, verbose_name="自评说明"),
                ),
                ("saved_at", models.DateTimeField()),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "saved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit_assignment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="score_draft",
                        to="indicators.unitassignment",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="UnitResponse",
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
                            ("found", "已发现"),
                            ("issued", "已交办"),
                            ("accepted", "已签收"),
                            ("planned", "制定措施"),
                            ("reopened", "重新打开"),
                            ("returned", "退回整改"),
                            ("rectifying", "整改中"),
                            ("submitted", "申请销号"),
                            ("verifying", "核查中"),
                            ("look_back", "回头看"),
                            ("closed", "已销号"),
                            ("withdrawn", "撤销立项"),
                        ],
                        default="found",
                        max_length=12,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("deadline_text", models.CharField(blank=True, max_length=200)),
                (
                    "deadline_kind",
                    models.CharField(
                        choices=[
                            ("fixed", "定期"),
                            ("immediate", "立行立改"),
                            ("long_term", "长期坚持"),
                            ("compound", "定期并长期坚持"),
                            ("unknown", "期限待定"),
                            ("none", "未定期限"),
                        ],
                        default="none",
                        max_length=12,
                    ),
                ),
                ("deadline_date", models.DateField(blank=True, null=True)),
                ("deadline_version", models.PositiveSmallIntegerField(default=1)),
                ("person", models.CharField(blank=True, max_length=60, verbose_name="责任人")),
                ("target_on", models.DateField(blank=True, null=True, verbose_name="目标日期")),
                ("progress", models.TextField(blank=True, verbose_name="整改进展")),
                ("result", models.TextField(blank=True, verbose_name="整改结果")),
                ("conclusion", models.TextField(blank=True, verbose_name="核查结论")),
                ("accepted_at", models.DateTimeField(null=True)),
                ("submitted_at", models.DateTimeField(null=True)),
                ("checked_at", models.DateTimeField(null=True)),
                ("return_reason", models.TextField(blank=True, verbose_name="退回理由")),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="销号时间")),
                ("closed_late", models.BooleanField(default=False, verbose_name="逾期销号")),
                (
                    "looked_back_on",
                    models.DateField(blank=True, null=True, verbose_name="回头看日期"),
                ),
                ("look_back_result", models.TextField(blank=True, verbose_name="回头看结果")),
                ("taken_over", models.BooleanField(default=False, verbose_name="导入时接管")),
                (
                    "accepted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "checker",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "closer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "issue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="responses",
                        to="assessments.issue",
                    ),
                ),
                (
                    "letter",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="responses",
                        to="assessments.letter",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="responses",
                        to="units.region",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="responses",
                        to="units.unit",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="ResponseProof",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(null=True)),
                (
                    "evidence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="response_proofs",
                        to="indicators.evidence",
                    ),
                ),
                (
                    "response",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="proofs",
                        to="assessments.unitresponse",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Reminder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("deadline_version", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("before", "到期前"), ("overdue", "逾期"), ("review", "等待核查")],
                        max_length=10,
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("contact", "经办人"),
                            ("head", "单位负责人"),
                            ("office", "创建办"),
                            ("leader", "领导"),
                            ("checker", "核查人"),
                        ],
                        max_length=10,
                    ),
                ),
                ("local_day", models.DateField(verbose_name="日期")),
                (
                    "days",
                    models.SmallIntegerField(
                        help_text="working days left, or calendar days overdue"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("planned", "待发"),
                            ("covered", "已列入提醒"),
                            ("skipped", "已跳过"),
                            ("cancelled", "已取消"),
                        ],
                        default="planned",
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=60)),
                ("created_at", models.DateTimeField()),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reminders",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reminders",
                        to="units.region",
                    ),
                ),
                (
                    "response",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reminders",
                        to="assessments.unitresponse",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="ProgressNote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField(verbose_name="整改进展")),
                ("at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "response",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notes",
                        to="assessments.unitresponse",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Extension",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("old_date", models.DateField(null=True, verbose_name="原定时限")),
                ("new_date", models.DateField(verbose_name="延期至")),
                ("reason", models.TextField(verbose_name="理由")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "待批"),
                            ("approved", "已批准"),
                            ("refused", "未批准"),
                            ("lapsed", "已失效"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("decision_note", models.TextField(blank=True, verbose_name="审批意见")),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "response",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="extensions",
                        to="assessments.unitresponse",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.AddConstraint(
            model_name="inspection",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                name="inspection_days",
                violation_error_message="结束日期早于开始日期",
            ),
        ),
        migrations.AddIndex(
            model_name="issue",
            index=models.Index(fields=["region", "kind", "id"], name="issue_region_kind"),
        ),
        migrations.AddConstraint(
            model_name="issue",
            constraint=models.UniqueConstraint(
                fields=("inspection", "kind", "number"),
                name="issue_number_once",
                violation_error_message="这次督察里已经有这个编号的同类问题",
            ),
        ),
        migrations.AddConstraint(
            model_name="issue",
            constraint=models.UniqueConstraint(
                condition=models.Q(("row_key", ""), _negated=True),
                fields=("inspection", "kind", "row_key"),
                name="issue_row_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.UniqueConstraint(
                fields=("region", "agency", "year", "number"),
                name="letter_number_once",
                violation_error_message="这个文号已经用过",
            ),
        ),
        migrations.AddConstraint(
            model_name="plannerrun",
            constraint=models.UniqueConstraint(fields=("region", "day"), name="planner_run_once"),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.UniqueConstraint(fields=("campaign", "number"), name="round_once"),
        ),
        migrations.AddConstraint(
            model_name="score",
            constraint=models.UniqueConstraint(
                condition=models.Q(("superseded_at", None), ("unit__isnull", False)),
                fields=("round", "assignment", "unit", "source"),
                name="score_once_a_unit",
            ),
        ),
        migrations.AddConstraint(
            model_name="score",
            constraint=models.UniqueConstraint(
                condition=models.Q(("superseded_at", None), ("unit", None)),
                fields=("round", "assignment", "source"),
                name="score_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="score",
            constraint=models.CheckConstraint(
                condition=models.Q(("points__gte", 0)), name="score_not_negative"
            ),
        ),
        migrations.AddIndex(
            model_name="unitresponse",
            index=models.Index(
                condition=models.Q(
                    ("state__in", ["closed", "look_back", "withdrawn"]), _negated=True
                ),
                fields=["deadline_date", "id"],
                name="response_open_due",
            ),
        ),
        migrations.AddIndex(
            model_name="unitresponse",
            index=models.Index(fields=["region", "state"], name="response_region_state"),
        ),
        migrations.AddIndex(
            model_name="unitresponse",
            index=models.Index(fields=["unit", "state"], name="response_unit_state"),
        ),
        migrations.AddConstraint(
            model_name="unitresponse",
            constraint=models.UniqueConstraint(fields=("issue", "unit"), name="response_once"),
        ),
        migrations.AddConstraint(
            model_name="unitresponse",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "found",
                            "issued",
                            "accepted",
                            "planned",
                            "reopened",
                            "returned",
                            "rectifying",
                            "submitted",
                            "verifying",
                            "look_back",
                            "closed",
                            "withdrawn",
                        ],
                    )
                ),
                name="response_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="unitresponse",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "closed"), _negated=True),
                    ("closed_on__isnull", False),
                    _connector="OR",
                ),
                name="response_closed_has_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="responseproof",
            constraint=models.UniqueConstraint(
                condition=models.Q(("removed_at", None)),
                fields=("response", "evidence"),
                name="response_proof_once",
            ),
        ),
        migrations.AddIndex(
            model_name="reminder",
            index=models.Index(fields=["region", "local_day", "status"], name="reminder_day"),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.UniqueConstraint(
                fields=("response", "deadline_version", "kind", "level", "local_day", "recipient"),
                name="reminder_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="extension",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open")),
                fields=("response",),
                name="extension_one_open",
                violation_error_message="已经有一个延期申请等待审批",
            ),
        ),
    ]
