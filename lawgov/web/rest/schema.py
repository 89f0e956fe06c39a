"""OpenAPI of the endpoints, drawn from their tables; every operation tells its errors too."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter

from lawgov.web.idempotency import HEADER, LONGEST_KEY
from lawgov.web.rest.problems import ProblemSerializer

ERRORS = ("400", "401", "403", "404", "405", "422", "429", "503")
ERRORS_OF_WRITES = ("409", "413", "415")


class Schema(AutoSchema):
    """Reads `bodies` and `answers` of an Endpoint, and adds the one shape of errors."""

    def get_request_serializer(self) -> Any:
        bodies = getattr(self.view, "bodies", None)
        if bodies is None:
            return super().get_request_serializer()
        return bodies.get(self.view.action)

    def get_response_serializers(self) -> Any:
        answers = getattr(self.view, "answers", {})
        if self.view.action in answers:
            return answers[self.view.action]
        return super().get_response_serializers()

    def get_override_parameters(self) -> list[Any]:
        declared = getattr(self.view, "parameters", {}).get(self.view.action, [])
        if self.method != "POST":
            return declared
        return [
            *declared,
            OpenApiParameter(
                HEADER,
                {"type": "string", "maxLength": LONGEST_KEY, "pattern": "^[!-~]+$"},
                OpenApiParameter.HEADER,
                description="Repeating a call with its key gives the first answer again.",
            ),
        ]

    def _get_response_bodies(self, direction: str = "response") -> dict[str, Any]:
        responses = super()._get_response_bodies(direction)
        problem = self._get_response_for_code(ProblemSerializer, "400", ["application/json"])
        for status in ERRORS if self.method == "GET" else (*ERRORS, *ERRORS_OF_WRITES):
            responses.setdefault(status, problem)
        return responses

    def get_operation_id(self) -> str:
        """issues_list, responses_move: the subject and the endpoint's own method."""
        action = getattr(self.view, "action", None)
        basename = getattr(self.view, "basename", None)
        if not action or not basename:
            return super().get_operation_id()
        return f"{basename}_{action}".replace("-", "_")


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = "lawgov.accounts.tokens.MembershipTokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "Token …, as given by POST /api/v1/tokens/",
        }


class SessionScheme(OpenApiAuthenticationExtension):
    target_class = "lawgov.accounts.tokens.ActorSessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}
