"""Django's admin over the trail: read-only, like the trail itself."""

from __future__ import annotations

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils import timezone

from lawgov.accounts.actors import Actor
from lawgov.audit.models import AuditEntry
from lawgov.audit.record import record


class Recorded(admin.ModelAdmin):
    """What is changed in the admin stands in the installation's own chain."""

    def log_addition(self, request: HttpRequest, obj: models.Model, message: object) -> object:
        self._record(request, "admin.added", obj, message)
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: models.Model, message: object) -> object:
        self._record(request, "admin.changed", obj, message)
        return super().log_change(request, obj, message)

    def _record(self, request: HttpRequest, verb: str, obj: models.Model, message: object) -> None:
        """Which fields, never their values: a password hash is among them."""
        ip, request_id = request.META.get("REMOTE_ADDR", ""), getattr(request, "request_id", "")
        actor = Actor(request.user, ip=ip, request_id=request_id)
        data = {"name": str(obj), "what": message if isinstance(message, list) else []}
        record(actor, verb, obj, now=timezone.now(), data=data)


@admin.register(AuditEntry)
class AuditEntryAdmin(admin.ModelAdmin):
    list_display = ["at", "chain", "seq", "actor_name", "verb", "ip"]
    list_filter = ["chain"]
    search_fields = ["actor_name", "verb"]
    show_full_result_count = False

    def has_add_permission(self, request: object) -> bool:
        return False

    def has_change_permission(self, request: object, obj: object | None = None) -> bool:
        return False

    def has_delete_permission(self, request: object, obj: object | None = None) -> bool:
        return False
