"""The page of one's own absence 不在岗."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lawgov.accounts.absence_forms import AbsenceForm
from lawgov.accounts.appointments import save_membership
from lawgov.accounts.guards import requires
from lawgov.accounts.policy import Action
from lawgov.calendars import local_day
from lawgov.web.editing import edit_page, posted


@requires(Action.OWN_ACCOUNT)
@require_http_methods(["GET", "HEAD", "POST"])
def absence(request: HttpRequest) -> HttpResponse:
    """One's own absence, in the post that one acts in."""
    now, membership = timezone.now(), request.actor.membership
    if membership is None:
        raise Http404
    form = AbsenceForm(posted(request), instance=membership, now=now)

    def save() -> str:
        save_membership(
            form.stored(), form.values(), actor=request.actor, now=now, version=form.seen
        )
        return _("已保存不在岗和代理人")

    context = {"away": membership.is_away(local_day(now)), "membership": membership}
    after = reverse("accounts:absence")
    return edit_page(request, form, "accounts/absence.html", context, save=save, after=after)
