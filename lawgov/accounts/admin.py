"""Django's admin, for whoever runs the installation: accounts and what they are."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from lawgov.accounts.guards import public
from lawgov.accounts.models import Membership, User
from lawgov.audit.admin import Recorded


@public
@require_safe
def sign_in(request: HttpRequest) -> HttpResponse:
    """The admin has no login of its own: guesses are counted at ours."""
    after = request.GET.get("next") or reverse("admin:index")
    return redirect(f"{reverse('accounts:login')}?{urlencode({'next': after})}")


class MembershipInline(admin.TabularInline):
    model = Membership
    fk_name = "user"
    extra = 0
    fields = ["region", "role", "unit", "valid_from", "valid_to"]
    autocomplete_fields = ["region", "unit"]


# Rights hang from memberships; Django's groups would be a second, unheard table.
admin.site.unregister(Group)


@admin.register(User)
class AccountAdmin(Recorded, UserAdmin):
    list_display = ["username", "name", "is_active", "is_staff", "last_login"]
    list_filter = ["is_active", "is_staff"]
    search_fields = ["username", "name"]
    fieldsets = [
        (None, {"fields": ["username", "password", "must_change_password"]}),
        ("", {"fields": ["name", "phone", "email", "language"]}),
        ("", {"fields": ["is_active", "is_staff", "is_superuser", "last_login"]}),
    ]
    add_fieldsets = [(None, {"fields": ["username", "name", "password1", "password2"]})]
    readonly_fields = ["last_login"]
    filter_horizontal = []
    inlines = [MembershipInline]

    def has_delete_permission(self, request: object, obj: object | None = None) -> bool:
        """Accounts are closed, never deleted: the trail names them."""
        return False
