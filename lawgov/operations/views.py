"""What machines ask the running product."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lawgov.accounts.guards import public
from lawgov.operations import health


@public
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when database, broker and storage answer, else 503; the JSON says which does not."""
    found = health.report(timezone.now())
    return JsonResponse(found, status=200 if found["status"] == health.OK else 503)
