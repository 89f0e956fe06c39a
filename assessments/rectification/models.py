"""What was found and how it is put right: Issue 问题, UnitResponse, Measure 措施, Extension."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Self

from django.db import models
from django.db.models import Case, Count, Exists, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Length
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assessments.rectification.deadlines import DeadlineKind, Light, light
from assessments.rectification.states import AT_REST, OPEN, PROGRESS, State
from lawgov.accounts.policy import Action, Scope
from lawgov.accounts.scoping import Scoped, ScopedQuerySet

LONG = 2000  # characters of a text that a person writes in one go
TITLE_LENGTH = 28  # characters; what fits beside chip and deadline in the head of a page
CLAUSE_END = re.compile(r"[，,。；;：:\n]")


class Letter(Scoped):
    """A letter 督察问题反馈函: its number in the series of agency and year, and its date."""

    region = models.ForeignKey("units.Region", models.PROTECT, related_name="letters")
    inspection = models.ForeignKey("assessments.Inspection", models.PROTECT, related_name="letters")
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="letters")
    agency = models.CharField(_("发文机关代字"), max_length=20)
    year = models.PositiveSmallIntegerField(_("年份"))
    number = models.PositiveIntegerField(_("序号"))
    issued_on = models.DateField(_("发文日期"))

    scope_action = Action.VIEW_LEDGER
    unit_path = "unit"

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["agency", "year", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "agency", "year", "number"],
                name="letter_number_once",
                violation_error_message=_("这个文号已经用过"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.agency}〔{self.year}〕{self.number}号"

    def get_absolute_url(self) -> str:
        return reverse("rectification:letter", args=[self.pk])


class IssueQuerySet(ScopedQuerySet):
    def with_place(self) -> Self:
        """With inspection, campaign and linked indicator in the same query."""
        return self.select_related(
            "inspection__campaign", "region", "assignment__indicator", "assignment__lead_unit"
        )


class Issue(Scoped):
    """One issue 问题 of an inspection; its state is derived from its responses.

    Five kinds share one table. An individual issue has one response, a common one a response per
    unit that `addressed_text` names. `deadline_text` is as written, `deadline_date` the local
    day it means (None: long-term, unknown or none). `source_hash`, `source_row` and `row_key`
    tell from which file and row it was imported; `row_key` makes a second import a no-op.
    """

    class Kind(models.TextChoices):
        INDIVIDUAL = "individual", _("个性问题")
        COMMON = "common", _("共性问题")
        OPINION = "opinion", _("反馈意见")
        PROBLEM = "problem", _("反馈问题")
        DIRECT = "direct", _("点对点问题")

    region = models.ForeignKey("units.Region", models.PROTECT, related_name="issues")
    inspection = models.ForeignKey("assessments.Inspection", models.PROTECT, related_name="issues")
    kind = models.CharField(_("类型"), max_length=12, choices=Kind.choices)
    number = models.CharField(_("编号"), max_length=20)
    category = models.CharField(_("问题类别"), max_length=120, blank=True)
    text = models.TextField(_("存在问题"))
    requirement = models.TextField(_("整改要求"), blank=True)
    goal = models.TextField(_("整改目标"), blank=True)
    addressed_text = models.CharField(_("涉及单位"), max_length=1000, blank=True)
    assignment = models.ForeignKey(
        "indicators.Assignment",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="issues",
        verbose_name=_("关联指标"),
    )
    lead_units = models.ManyToManyField("units.Unit", related_name="led_issues", blank=True)
    found_on = models.DateField(_("发现日期"), null=True, blank=True)
    deadline_text = models.CharField(_("完成时限"), max_length=200, blank=True)
    deadline_kind = models.CharField(max_length=12, choices=DeadlineKind.choices, default="none")
    deadline_date = models.DateField(null=True, blank=True)
    remark = models.TextField(_("备注"), blank=True)
    source_hash = models.CharField(max_length=64, blank=True)
    source_name = models.CharField(max_length=200, blank=True)
    source_row = models.PositiveIntegerField(null=True)
    row_key = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    scope_action = Action.VIEW_LEDGER

    objects = IssueQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "kind", "number"],
                name="issue_number_once",
                violation_error_message=_("这次督察里已经有这个编号的同类问题"),
            ),
            models.UniqueConstraint(
                fields=["inspection", "kind", "row_key"],
                condition=~Q(row_key=""),
                name="issue_row_once",
            ),
        ]
        indexes = [models.Index(fields=["region", "kind", "id"], name="issue_region_kind")]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("rectification:detail", args=[self.pk])

    @property
    def title(self) -> str:
        """The first clause of the text, at most TITLE_LENGTH characters: issues have no title."""
        clause = CLAUSE_END.split(self.text.strip(), maxsplit=1)[0]
        return clause if len(clause) <= TITLE_LENGTH else f"{clause[: TITLE_LENGTH - 1]}…"

    @classmethod
    def scope_filter(cls, scope, actor):
        """A unit reads an issue when it has a response to it; a lead unit by the indicator."""
        if scope is Scope.OWN_UNIT and actor.unit_id:
            mine = UnitResponse.objects.filter(issue=OuterRef("pk"), unit=actor.unit_id)
            mine = mine.exclude(state=State.FOUND)
            return Q(region=actor.region_id) & Q(Exists(mine))
        if scope is Scope.LED and actor.unit_id:
            return Q(region=actor.region_id, assignment__lead_unit=actor.unit_id)
        return super().scope_filter(scope, actor)


class UnitResponseQuerySet(ScopedQuerySet):
    def for_rows(self) -> Self:
        """With all that a line of a list shows, in one query."""
        asked = Extension.objects.filter(response=OuterRef("pk"), state=Extension.State.OPEN)
        shown = self.select_related("unit", "issue").with_proof()
        return shown.annotate(extension_asked_to=Subquery(asked.values("new_date")))

    def for_moves(self) -> Self:
        """With all that guards, effects and notices ask of a row, in one query."""
        return self.for_rows().select_related("issue__inspection__campaign", "issue__assignment")

    def open(self) -> Self:
        return self.filter(state__in=OPEN)

    def overdue(self, today: date) -> Self:
        """Red lights: past the deadline's day and not at rest; SQL twin of `light`."""
        return self.with_light(Light.RED, today)

    def with_light(self, value: Light, today: date, *, near: int = 10) -> Self:
        """Responses whose light is `value` on the local day `today`; SQL twin of `light`."""
        if value is Light.GREY:
            return self.filter(state__in=AT_REST)
        open_ones = self.open()
        if value is Light.RED:
            return open_ones.filter(deadline_date__lt=today)
        last = today + timedelta(days=near)
        if value is Light.YELLOW:
            return open_ones.filter(deadline_date__range=(today, last))
        return open_ones.filter(Q(deadline_date=None) | Q(deadline_date__gt=last))

    def of_kind(self, kind: str) -> Self:
        return self.filter(issue__kind=kind)

    def matching(self, text: str) -> Self:
        """Rows whose issue, unit or number holds `text`; all of them when it is empty."""
        if not text:
            return self
        found = Q(issue__text__icontains=text) | Q(issue__requirement__icontains=text)
        found |= Q(unit__name__icontains=text) | Q(unit__short_name__icontains=text)
        return self.filter(found | Q(issue__number__iexact=text.lstrip("0") or "0"))

    def with_order(self) -> Self:
        """Adds what lists sort by: `at_rest`, `state_rank` and `number_length`."""
        ranks = [When(state=state, then=Value(rank)) for rank, state in enumerate(PROGRESS)]
        return self.annotate(
            at_rest=Case(When(state__in=AT_REST, then=Value(1)), default=Value(0)),
            state_rank=Case(*ranks, default=Value(len(PROGRESS))),
            number_length=Length("issue__number"),
        )

    def with_light_value(self, today: date, *, near: int = 10) -> Self:
        """Adds `light_value`: the light of each row, for grouping by it."""
        last = today + timedelta(days=near)
        return self.annotate(
            light_value=Case(
                When(state__in=AT_REST, then=Value(Light.GREY.value)),
                When(deadline_date__lt=today, then=Value(Light.RED.value)),
                When(deadline_date__lte=last, then=Value(Light.YELLOW.value)),
                default=Value(Light.GREEN.value),
            )
        )

    def with_proof(self) -> Self:
        """Adds `proof_count`, pieces of proof in force."""
        proofs = ResponseProof.objects.in_force().filter(response=OuterRef("pk"))
        count = proofs.order_by().values("response").annotate(n=Count("pk")).values("n")
        return self.annotate(proof_count=Coalesce(Subquery(count), 0))


class UnitResponse(Scoped):
    """One unit's answer to one issue; `state` is written by transitions.py alone.

    The deadline starts as the issue's and changes only by an approved extension or a reopening,
    each of which raises `deadline_version`. `closed_late` is a flag that stays.
    """

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="responses")
    region = models.ForeignKey("units.Region", models.PROTECT, related_name="responses")
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="responses")
    state = models.CharField(max_length=12, choices=State.choices, default=State.FOUND)
    version = models.PositiveIntegerField(default=1)
    deadline_text = models.CharField(max_length=200, blank=True)
    deadline_kind = models.CharField(max_length=12, choices=DeadlineKind.choices, default="none")
    deadline_date = models.DateField(null=True, blank=True)
    deadline_version = models.PositiveSmallIntegerField(default=1)
    letter = models.ForeignKey(
        Letter, models.PROTECT, null=True, blank=True, related_name="responses"
    )
    person = models.CharField(_("责任人"), max_length=60, blank=True)
    target_on = models.DateField(_("目标日期"), null=True, blank=True)
    progress = models.TextField(_("整改进展"), blank=True)
    result = models.TextField(_("整改结果"), blank=True)
    conclusion = models.TextField(_("核查结论"), blank=True)
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(null=True)
    checker = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    checked_at = models.DateTimeField(null=True)
    return_reason = models.TextField(_("退回理由"), blank=True)
    closer = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    closed_on = models.DateField(_("销号时间"), null=True, blank=True)
    closed_late = models.BooleanField(_("逾期销号"), default=False)
    looked_back_on = models.DateField(_("回头看日期"), null=True, blank=True)
    look_back_result = models.TextField(_("回头看结果"), blank=True)
    taken_over = models.BooleanField(_("导入时接管"), default=False)

    scope_action = Action.VIEW_LEDGER
    unit_path = "unit"
    led_path = "issue__assignment__lead_unit"

    objects = UnitResponseQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["issue", "unit"], name="response_once"),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in State]), name="response_state"
            ),
            models.CheckConstraint(
                condition=~Q(state=State.CLOSED) | Q(closed_on__isnull=False),
                name="response_closed_has_day",
            ),
        ]
        indexes = [
            models.Index(
                fields=["deadline_date", "id"],
                condition=~Q(state__in=["closed", "look_back", "withdrawn"]),
                name="response_open_due",
            ),
            # What is due in a place: a database that is handed the states as parameters cannot
            # tell that they are those of the partial index.
            models.Index(fields=["region", "state", "deadline_date"], name="response_region_due"),
            # The order of a ledger's sheet: without it every long export sorts its texts.
            models.Index(fields=["region", "issue"], name="response_region_issue"),
            models.Index(fields=["unit", "state"], name="response_unit_state"),
        ]

    def __str__(self) -> str:
        return f"{self.issue.number} · {self.unit}"

    @classmethod
    def scope_filter(cls, scope, actor):
        """What is found but not yet handed over is not the unit's to read."""
        condition = super().scope_filter(scope, actor)
        return condition & ~Q(state=State.FOUND) if scope is Scope.OWN_UNIT else condition

    def in_scope(self, scope, actor) -> bool:
        """The condition of `scope_filter`, asked of one row."""
        if scope is Scope.OWN_UNIT and self.state == State.FOUND:
            return False
        return super().in_scope(scope, actor)

    def get_absolute_url(self) -> str:
        return reverse("rectification:response", args=[self.issue_id, self.pk])

    @property
    def asked_to(self) -> date | None:
        """The day asked for by the request for more time that waits for a decision."""
        if not hasattr(self, "extension_asked_to"):
            asked = self.extensions.filter(state=Extension.State.OPEN)
            self.extension_asked_to = asked.values_list("new_date", flat=True).first()
        return self.extension_asked_to

    @property
    def has_proof(self) -> bool:
        if not hasattr(self, "proof_count"):
            self.proof_count = self.proofs.in_force().count()
        return self.proof_count > 0

    def forget(self) -> None:
        """Drop what was read beside the row, after something beside it was written."""
        for name in ("proof_count", "extension_asked_to"):
            self.__dict__.pop(name, None)

    def light(self, today: date, near: int = 10) -> Light:
        return light(self.deadline_date, today, self.state, near=near)


class Measure(models.Model):
    """What a unit does about one or more issues 整改措施; `target_on` is its own day."""

    region = models.ForeignKey("units.Region", models.PROTECT, related_name="measures")
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="measures")
    issues = models.ManyToManyField(Issue, related_name="measures")
    order = models.PositiveSmallIntegerField(default=1)
    text = models.TextField(_("整改措施"))
    person = models.CharField(_("责任人"), max_length=60, blank=True)
    target_on = models.DateField(_("目标日期"), null=True, blank=True)
    done_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.text[:40]


class ProgressNote(models.Model):
    """One note of progress 整改进展; the latest stands on the response, all stand here."""

    response = models.ForeignKey(UnitResponse, models.CASCADE, related_name="notes")
    text = models.TextField(_("整改进展"))
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text[:40]


class ResponseProofQuerySet(models.QuerySet):
    def in_force(self) -> Self:
        """Proof that is still attached, of evidence that still exists."""
        return self.filter(self.counts())

    @staticmethod
    def counts(path: str = "") -> Q:
        """That the proof at the end of a path (`responses__proofs__`) is in force."""
        return Q(**{f"{path}removed_at": None, f"{path}evidence__removed_at": None})


class ResponseProof(models.Model):
    """A piece of evidence that shows an issue is put right."""

    response = models.ForeignKey(UnitResponse, models.CASCADE, related_name="proofs")
    evidence = models.ForeignKey(
        "indicators.Evidence", models.CASCADE, related_name="response_proofs"
    )
    created_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    objects = ResponseProofQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["response", "evidence"],
                condition=Q(removed_at=None),
                name="response_proof_once",
            )
        ]

    def __str__(self) -> str:
        return str(self.evidence)


class Extension(models.Model):
    """A request for more time 延期: old and new day, reason, decision; one open a response."""

    class State(models.TextChoices):
        OPEN = "open", _("待批")
        APPROVED = "approved", _("已批准")
        REFUSED = "refused", _("未批准")
        LAPSED = "lapsed", _("已失效")

    response = models.ForeignKey(UnitResponse, models.CASCADE, related_name="extensions")
    old_date = models.DateField(_("原定时限"), null=True)
    new_date = models.DateField(_("延期至"))
    reason = models.TextField(_("理由"))
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    decision_note = models.TextField(_("审批意见"), blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["response"],
                condition=Q(state="open"),
                name="extension_one_open",
                violation_error_message=_("已经有一个延期申请等待审批"),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "approved", "refused", "lapsed"]),
                name="extension_state",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.response_id} → {self.new_date}"
