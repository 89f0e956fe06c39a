"""Django's admin, for whoever runs the installation: places and units, to look things up."""

from __future__ import annotations

from django.contrib import admin

from lawgov.audit.admin import Recorded
from lawgov.units.models import Region, Unit


@admin.register(Region)
class RegionAdmin(Recorded):
    list_display = ["code", "name", "level", "path"]
    list_filter = ["level"]
    search_fields = ["code", "name"]
    readonly_fields = ["path"]

    def get_readonly_fields(self, request: object, obj: Region | None = None) -> list[str]:
        """The code is the name of the audit chain: fixed from the first save on."""
        return ["code", "path"] if obj else ["path"]

    def has_delete_permission(self, request: object, obj: object | None = None) -> bool:
        return False


@admin.register(Unit)
class UnitAdmin(admin.ModelAdmin):
    """Only to look up: units are changed on the office's own pages, which keep the trail."""

    list_display = ["code", "name", "kind", "enforcement", "region", "closed_on"]
    list_filter = ["kind", "enforcement"]
    list_select_related = ["region"]
    search_fields = ["code", "name"]

    def has_add_permission(self, request: object) -> bool:
        return False

    def has_change_permission(self, request: object, obj: object | None = None) -> bool:
        return False

    def has_delete_permission(self, request: object, obj: object | None = None) -> bool:
        return False
