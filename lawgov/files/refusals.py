"""Why a file is not taken in: one exception with a code for machines and a sentence for people."""

from __future__ import annotations

from django.utils.translation import gettext as _

from lawgov.errors import DomainError


class Refused(DomainError):
    """A file did not pass the gate; nothing of it was kept or parsed.

    `reason` is a code that does not change (`macro`, `too_large` …), `sentence` says what to do.
    """

    status = 415

    def __init__(self, reason: str, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason
        if reason == "too_large":
            self.status = 413


def damaged() -> Refused:
    """The bytes do not hold together; what exactly is broken helps nobody who uploads."""
    return Refused("damaged", _("文件已损坏，打不开，请重新导出或另存后再上传"))


def encrypted() -> Refused:
    return Refused("encrypted", _("文件设有密码，请取消密码后再上传"))


def bomb() -> Refused:
    return Refused("bomb", _("文件解压后过大，已拒绝打开"))
