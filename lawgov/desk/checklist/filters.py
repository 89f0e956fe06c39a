"""What the address of the checklist asks for; the whole state of the page is in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self
from urllib.parse import urlencode

from django.http import HttpRequest

from lawgov.web.listing import chosen, number, search_text

LED, OWN = "led", "own"


@dataclass(frozen=True)
class Filters:
    """Filters that combine; 0 and "" mean not set.

    `scope` is the tab: everything visible, `led` by the actor's unit, or `own` work of it. `area`
    is the area's number, `lead` and `unit` are ids of units, `state` a value of the states that
    the reader's list shows, `missing` keeps indicators that lack required proof.
    """

    scope: str = ""
    area: int = 0
    lead: int = 0
    unit: int = 0
    state: str = ""
    missing: bool = False
    q: str = ""

    @classmethod
    def read(cls, request: HttpRequest) -> Self:
        return cls(
            scope=chosen(request, "scope", (LED, OWN)),
            area=number(request, "area", 0),
            lead=number(request, "lead", 0),
            unit=number(request, "unit", 0),
            state=request.GET.get("state", "")[:20],
            missing=request.GET.get("missing") == "1",
            q=search_text(request),
        )

    @property
    def query(self) -> str:
        """As a query string, in a fixed order and without what is not set."""
        given = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return urlencode({k: 1 if v is True else v for k, v in given.items() if v})

    @property
    def narrowed(self) -> bool:
        """Anything but the tab is set: there is something to clear."""
        return bool(self.area or self.lead or self.unit or self.state or self.missing or self.q)
