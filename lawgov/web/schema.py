"""OpenAPI of the endpoints: every operation documents the errors that it can answer."""

from __future__ import annotations

from drf_spectacular.openapi import AutoSchema

from lawgov.web.rest import ProblemSerializer

ALWAYS = ("400", "401", "403", "404", "405", "406", "409", "413", "415", "422", "429", "503")


class Schema(AutoSchema):
    """Adds the one shape of errors to each operation, under all statuses that exist here."""

    def _get_response_bodies(self, direction: str = "response") -> dict:
        responses = super()._get_response_bodies(direction)
        problem = self._get_response_for_code(ProblemSerializer, "400")
        for status in ALWAYS:
            responses.setdefault(status, problem)
        return responses
