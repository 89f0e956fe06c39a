"""Closing a unit under /api/v1/; stands in the roof, because all subjects take part."""

from __future__ import annotations

from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from lawgov.accounts.policy import Action
from lawgov.operations import merging
from lawgov.units.api import UnitEndpoint
from lawgov.units.forms import CloseForm
from lawgov.web.rest.bodies import FormBody


class CloseBody(FormBody):
    """`on` is the local day; without `successor` the unit must have no open work."""

    class Meta:
        form = CloseForm
        fields = ("successor", "on", "version")


class UnitWithClosingEndpoint(UnitEndpoint):
    __doc__ = UnitEndpoint.__doc__
    policy = {**UnitEndpoint.policy, "close": (Action.MANAGE_UNITS,)}
    bodies = {**UnitEndpoint.bodies, "close": CloseBody}

    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        """Close or merge the unit; its work, contacts and people go to `successor`."""
        unit = self.get_object()
        data = self.filled(unit=unit).cleaned_data
        merging.close(unit, successor=data["successor"], on=data["on"], version=data["version"],
                      **self.act)  # fmt: skip
        return self.shown(unit)
