"""People of a place and what they are in it, under /api/v1/, for the office."""

from __future__ import annotations

from django.db.models import Prefetch
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from lawgov.accounts import appointments
from lawgov.accounts.models import Membership, User
from lawgov.accounts.people_forms import AppointmentForm, NewPersonForm, PersonForm
from lawgov.accounts.policy import Action
from lawgov.web.rest.bodies import FormBody, IdField, StrictSerializer
from lawgov.web.rest.endpoints import Endpoint
from lawgov.web.rest.rows import RowSerializer

OFFICE = (Action.MANAGE_PEOPLE,)


class AppointmentSerializer(RowSerializer):
    """What a person is in this place; days are local and inclusive, null leaves a side open."""

    person = serializers.IntegerField(source="user_id")
    unit_name = serializers.CharField(source="unit.name", default=None, allow_null=True)

    class Meta:
        model = Membership
        fields = ["id", "person", "role", "unit", "unit_name", "valid_from", "valid_to",
                  "away_from", "away_to", "deputy",
                  "version"]  # fmt: skip


class PersonSerializer(RowSerializer):
    """An account of this place; the number is masked."""

    phone = serializers.CharField(source="masked_phone")
    memberships = AppointmentSerializer(source="here", many=True)

    class Meta:
        model = User
        fields = ["id", "username", "name", "phone", "email", "is_active",
                  "must_change_password", "last_login", "version", "memberships"]  # fmt: skip


class PersonWithPasswordSerializer(PersonSerializer):
    """`password` is shown this once; a repeated call gets null in its place."""

    password = serializers.CharField(allow_null=True)

    class Meta(PersonSerializer.Meta):
        fields = [*PersonSerializer.Meta.fields, "password"]


class NewPersonBody(FormBody):
    class Meta:
        form = NewPersonForm
        fields = ("username", "name", "phone", "email", "role", "unit")


class PersonBody(FormBody):
    """An empty `phone` leaves the number as it is."""

    class Meta:
        form = PersonForm
        fields = ("name", "phone", "email", "version")


class ActiveBody(StrictSerializer):
    active = serializers.BooleanField()


class PersonEndpoint(mixins.ListModelMixin, mixins.RetrieveModelMixin, Endpoint):
    """People 人员: accounts that are or were something in this place."""

    queryset = User.objects.none()
    serializer_class = PersonSerializer
    filterset_fields = {"is_active": ["exact"], "username": ["exact"]}
    policy = dict.fromkeys(["list", "retrieve", "create", "update", "password", "active"], OFFICE)
    bodies = {"create": NewPersonBody, "update": PersonBody, "active": ActiveBody}
    answers = {
        "create": PersonWithPasswordSerializer,
        "password": PersonWithPasswordSerializer,
    }
    secret = frozenset({"password"})

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        here = Membership.objects.visible_to(self.actor)
        rows = User.objects.filter(pk__in=here.values("user")).order_by("pk")
        return rows.prefetch_related(
            Prefetch("memberships", here.select_related("unit"), to_attr="here")
        )

    def create(self, request: Request) -> Response:
        """Open an account with its first appointment; the answer holds its first password."""
        form = self.filled(region=self.actor.region)
        user, password = appointments.open_account(form.account(), form.appointment(), **self.act)
        return self._with_password(user, password, status=201)

    def update(self, request: Request, pk: str) -> Response:
        user = self.get_object()
        form = self.filled(instance=user)
        appointments.change_account(form.stored(), form.values(), version=form.seen, **self.act)
        return self.shown(user)

    @action(detail=True, methods=["post"])
    def password(self, request: Request, pk: str) -> Response:
        """A new first password: open logins end, the next one must change it."""
        user = self.get_object()
        password = appointments.reset_password(user, **self.act)
        return self._with_password(user, password)

    @action(detail=True, methods=["post"])
    def active(self, request: Request, pk: str) -> Response:
        """Close the account, or open it again."""
        user = self.get_object()
        appointments.set_active(user, self.checked()["active"], **self.act)
        return self.shown(user)

    def _with_password(self, user: User, password: str, status: int = 200) -> Response:
        fresh = self.get_queryset().get(pk=user.pk)
        fresh.password = password  # in memory only, in place of the hash
        return Response(PersonWithPasswordSerializer(fresh).data, status=status)


APPOINTMENT = ("role", "unit", "valid_from", "valid_to", "away_from", "away_to", "deputy")


class AppointmentBody(FormBody):
    class Meta:
        form = AppointmentForm
        fields = APPOINTMENT

    person = IdField()


class AppointmentChangeBody(FormBody):
    class Meta:
        form = AppointmentForm
        fields = (*APPOINTMENT, "version")


class AppointmentEndpoint(mixins.ListModelMixin, mixins.RetrieveModelMixin, Endpoint):
    """Appointments 任职 in this place."""

    model = Membership
    serializer_class = AppointmentSerializer
    filterset_fields = {"role": ["exact"], "unit": ["exact", "isnull"], "user": ["exact"]}
    policy = dict.fromkeys(["list", "retrieve", "create", "update", "end"], OFFICE)
    bodies = {"create": AppointmentBody, "update": AppointmentChangeBody}

    def rows(self):
        return Membership.objects.select_related("user", "unit", "region").order_by("pk")

    def create(self, request: Request) -> Response:
        people = User.objects.filter(memberships__in=Membership.objects.visible_to(self.actor))
        person = self.chosen(people.distinct(), "person", self.checked()["person"])
        row = Membership(user=person, region=self.actor.region)
        form = self.filled(instance=row, region=self.actor.region)
        row = Membership(user=person, region=self.actor.region)
        appointments.save_membership(row, form.values(), version=None, **self.act)
        return self.shown(row, made=True)

    def update(self, request: Request, pk: str) -> Response:
        row = self.get_object()
        form = self.filled(instance=row, region=self.actor.region)
        appointments.save_membership(form.stored(), form.values(), version=form.seen, **self.act)
        return self.shown(row)

    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        """End it at once: the next request has no right any more."""
        row = self.get_object()
        appointments.end_membership(row, **self.act)
        return self.shown(row)
