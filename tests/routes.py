"""Every address of the site, walked from the resolver: pages, API, admin, health."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


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
        return getattr(self.view, "admin_site", None) is not None or ".admin" in (
            self.view.__module__ or ""
        )

    @property
    def actions(self) -> dict[str, str]:
        """HTTP method → the view's own method, of an endpoint of the API."""
        return getattr(self.view, "actions", None) or {}

    @property
    def policy(self) -> Any:
        """What the view declares; None for nothing."""
        return getattr(self.cls or self.view, "policy", None)


def routes() -> list[Route]:
    return [*_walk(get_resolver().url_patterns, "", "", ())]


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
