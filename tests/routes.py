"""Every address of the site, walked from the resolver: pages, API, admin, health."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from lawgov.accounts.operator_site import STAFF


@dataclass(frozen=True)
class Route:
    """One address. `name` with its namespaces, or the pattern itself where it has none; `params`
    are the names of its converters or groups, `cls` the class behind the view, None for a
    function."""

    name: str
    pattern: str
    params: tuple[str, ...]
    view: Callable[..., Any]

    @property
    def cls(self) -> Any:
        return getattr(self.view, "cls", None) or getattr(self.view, "view_class", None)

    @property
    def is_api(self) -> bool:
        return self.pattern.startswith("api/")

    @property
    def is_admin(self) -> bool:
        """A page of Django's admin; each of them knows its site or its table."""
        names = ("admin_site", "model_admin")
        return self.policy == STAFF or any(hasattr(self.view, name) for name in names)

    @property
    def actions(self) -> dict[str, str]:
        """HTTP method → the view's own method, of an endpoint of the API."""
        return getattr(self.view, "actions", None) or {}

    @property
    def policy(self) -> Any:
        """What the view declares; None for nothing."""
        return getattr(self.cls or self.view, "policy", None)

    @property
    def undeclared(self) -> list[str]:
        """What of the route has no policy: its own name, or those of methods of the API."""
        if self.is_admin:
            return []
        if self.policy is None:
            return [self.name]
        own = self.actions.values() if isinstance(self.policy, dict) else ()
        return [f"{self.name} {name}" for name in own if name not in self.policy]


def routes(urlconf: str | None = None) -> list[Route]:
    """All that are reached: Django's own login page of the admin stands behind ours."""
    found = _walk(get_resolver(urlconf).url_patterns, "", "", ())
    return [route for route in found if route.name != "admin:login"]


def _walk(
    patterns: list[Any], prefix: str, namespace: str, params: tuple[str, ...]
) -> Iterator[Route]:
    for entry in patterns:
        text, own = prefix + str(entry.pattern), (*params, *_params(entry.pattern))
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry.url_patterns, text, inner, own)
        elif isinstance(entry, URLPattern):
            name = f"{namespace}{entry.name}" if entry.name else text
            yield Route(name, text, own, entry.callback)


def _params(pattern: Any) -> tuple[str, ...]:
    if hasattr(pattern, "converters") and pattern.converters:
        return tuple(pattern.converters)
    return tuple(pattern.regex.groupindex)
