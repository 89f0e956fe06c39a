"""What can go wrong in a way that a person is told about; pages and API answer from these."""

from __future__ import annotations

from django.utils.translation import gettext as _


class DomainError(Exception):
    """Base of errors with a sentence for the person; `status` is the HTTP status."""

    status = 400

    def __init__(self, sentence: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence


class NotAllowed(DomainError):
    """The actor may not do this, or not to this row; answered like an absent page."""

    status = 404


class StaleState(DomainError):
    """Somebody else changed the row first; nothing was written (409)."""

    status = 409


class GuardFailed(DomainError):
    """The rule's own conditions are not met; `sentences` name what is missing (422).

    `fields` maps a form field to its sentence where the fault lies in one field.
    """

    status = 422

    def __init__(self, *sentences: str, fields: dict[str, str] | None = None) -> None:
        self.fields = fields or {}
        self.sentences = [*sentences, *self.fields.values()]
        super().__init__(_("；").join(str(sentence) for sentence in self.sentences))
