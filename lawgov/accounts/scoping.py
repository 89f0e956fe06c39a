"""Which rows may they see: the second question of the permission table, asked of a QuerySet."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import Q

from lawgov.accounts.policy import Action, Scope, scope_of

if TYPE_CHECKING:
    from lawgov.accounts.actors import Actor

NOTHING = Q(pk__in=[])


def _follow(obj: object, path: str) -> int | None:
    """The id at the end of a look-up path such as `assignment__lead_unit`, read from a row."""
    *steps, last = path.split("__")
    for step in steps:
        obj = getattr(obj, step)
        if obj is None:
            return None
    return getattr(obj, last if last == "pk" else f"{last}_id")


class ScopedQuerySet(models.QuerySet):
    """Rows that belong to a region and perhaps to a unit.

    The model says by `scope_action` which action opens its rows for reading, and by
    `region_path`, `unit_path`, `led_path` where region, unit and leading unit are found
    (look-up paths from the row; None: there is no such thing, so that scope sees nothing).
    """

    def in_region(self, region: object) -> Self:
        return self.filter(**{self.model.region_path: region})

    def visible_to(self, actor: Actor, action: Action | None = None) -> Self:
        """Rows that `actor` may read (or may do `action` to); never another region's."""
        scope = scope_of(actor, action or self.model.scope_action)
        return self.filter(self.model.scope_filter(scope, actor))


class Scoped(models.Model):
    """Mixin that answers both permission questions from the same three paths."""

    scope_action: ClassVar[Action]
    region_path: ClassVar[str] = "region"
    unit_path: ClassVar[str | None] = None
    led_path: ClassVar[str | None] = None

    class Meta:
        abstract = True

    @classmethod
    def scope_filter(cls, scope: Scope | None, actor: Actor) -> Q:
        """The condition that a row is inside `scope` for `actor`."""
        here = Q(**{cls.region_path: actor.region_id})
        match scope:
            case Scope.ALL:
                return Q()
            case Scope.REGION | Scope.ASSIGNED:
                return here
            case Scope.BELOW:
                return Q(**{f"{cls.region_path}__path__startswith": f"{actor.region.path}/"})
            case Scope.OWN_UNIT if cls.unit_path and actor.unit_id:
                return here & Q(**{cls.unit_path: actor.unit_id})
            case Scope.LED if cls.led_path and actor.unit_id:
                return here & Q(**{cls.led_path: actor.unit_id})
        return NOTHING

    def in_scope(self, scope: Scope, actor: Actor) -> bool:
        """The same condition, asked of one row in memory."""
        if scope is Scope.ALL:
            return True
        if scope is Scope.BELOW:
            region = getattr(self, self.region_path.replace("__", "."), None)
            return bool(region and region.path.startswith(f"{actor.region.path}/"))
        if _follow(self, self.region_path) != actor.region_id:
            return False
        if scope in (Scope.REGION, Scope.ASSIGNED):
            return True
        path = self.unit_path if scope is Scope.OWN_UNIT else self.led_path
        return bool(path and actor.unit_id and _follow(self, path) == actor.unit_id)
