"""Personal data as lists and trails show it."""

from __future__ import annotations


def masked_phone(phone: str) -> str:
    """A telephone number as lists show it: 138****5678; short ones are hidden altogether."""
    digits = phone.strip()
    if len(digits) < 8:
        return "****" if digits else ""
    return f"{digits[:3]}****{digits[-4:]}"
