"""The trail of the caller's place under /api/v1/, and whether it is intact."""

from __future__ import annotations

from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import ScopedRateThrottle

from lawgov.accounts.policy import Action
from lawgov.audit.models import AuditEntry
from lawgov.audit.verbs import reason, sentence
from lawgov.audit.verify import verify
from lawgov.web.rest.endpoints import Endpoint
from lawgov.web.rest.rows import RowSerializer

READERS = (Action.VIEW_AUDIT,)


class AuditEntrySerializer(RowSerializer):
    """One thing that happened; `sentence` in the reader's language, `hash` over all of it."""

    actor = serializers.CharField(source="actor_name")
    place = serializers.CharField(source="actor_place")
    sentence = serializers.SerializerMethodField()
    reason = serializers.SerializerMethodField()

    class Meta:
        model = AuditEntry
        fields = ["seq", "at", "actor", "place", "role", "verb", "sentence", "reason",
                  "subject_type", "subject_id", "topic_type", "topic_id", "ip", "request_id",
                  "prev_hash", "hash"]  # fmt: skip

    def get_sentence(self, entry: AuditEntry) -> str:
        return sentence(entry)

    def get_reason(self, entry: AuditEntry) -> str:
        return reason(entry)


class ChainFaultSerializer(serializers.Serializer):
    seq = serializers.IntegerField(allow_null=True)
    message = serializers.CharField()


class ChainCheckedSerializer(serializers.Serializer):
    """The chain as found; no faults: intact."""

    chain = serializers.CharField()
    entries = serializers.IntegerField()
    faults = ChainFaultSerializer(many=True)


class AuditEndpoint(mixins.ListModelMixin, Endpoint):
    """The trail 审计 of the place, newest first."""

    queryset = AuditEntry.objects.none()
    serializer_class = AuditEntrySerializer
    filterset_fields = {
        "verb": ["exact", "startswith"],
        "at": ["gte", "lt"],
        "actor_name": ["exact"],
        "subject_type": ["exact"],
        "subject_id": ["exact"],
        "topic_type": ["exact"],
        "topic_id": ["exact"],
    }
    policy = {"list": READERS, "verify": READERS}
    answers = {"verify": ChainCheckedSerializer}
    throttle_scope = "heavy"

    def get_throttles(self) -> list[ScopedRateThrottle]:
        return [ScopedRateThrottle()] if self.action == "verify" else []

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        return AuditEntry.objects.filter(chain=self.actor.region.code).order_by("-pk")

    @action(detail=False, methods=["post"])
    def verify(self, request: Request) -> Response:
        """Read the whole chain of the place; nothing is written."""
        return Response(ChainCheckedSerializer(verify(self.actor.region.code)).data)
