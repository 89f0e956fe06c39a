"""State machines as tables: `Transition` rows, and the only place that writes a state.

Knows no subject. A subject's `transitions.py` fills a `Workflow`; buttons, API, bulk bar, docs
and tests are drawn from the table. A move is one conditional UPDATE on (id, state, version)
together with its audit entry and its notifications, in one transaction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from lawgov.accounts.actors import Actor
from lawgov.accounts.policy import Action, can
from lawgov.audit.models import AuditEntry
from lawgov.audit.record import Event, record_many
from lawgov.errors import DomainError, GuardFailed, NotAllowed, StaleState
from lawgov.notifications.outbox import Notice, post, retract

# The toast offers 10 seconds; the server grants the way there and back on a slow line.
UNDO_WINDOW = timedelta(seconds=15)


@dataclass(frozen=True)
class Move:
    """What is about to happen to one row: by whom, when, with what from the form."""

    actor: Actor
    now: datetime
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Change:
    """What has happened to one row; `before` is the state it left, `move.data` what was given.

    `made` is for `after`: what it wrote beside the row, as JSON can hold it. The trail keeps it
    with what was given, and an undo gets both back.
    """

    obj: Any
    before: str
    move: Move
    made: dict[str, Any] = field(default_factory=dict)


Guard = Callable[[Any, Actor], str | None]
Check = Callable[[Any, Move], str | None]


@dataclass(frozen=True)
class Transition:
    """One edge. It reads from left to right: name, label, from, to, who, what the form needs.

    `only` narrows the action: where one objects the edge is not offered at all. `guards` look at
    row and actor and decide whether the edge is open; `checks` also look at the form's data. All
    answer None or the sentence to show. `stamps` gives the values written with the state, `after`
    writes rows beside it, `notices` says who is told; the last two get all changes of one call at
    once. `undone` takes back what `after` wrote, by the trail's data. `target` None leaves the
    state as it is. `by_hand` False: the edge is taken by the product only, never offered.
    """

    name: str
    label: Any
    sources: frozenset[str]
    target: str | None
    action: Action
    needs: tuple[str, ...] = ()
    only: tuple[Guard, ...] = ()
    guards: tuple[Guard, ...] = ()
    checks: tuple[Check, ...] = ()
    stamps: Callable[[Any, Move], dict[str, Any]] | None = None
    after: Callable[[Sequence[Change]], None] | None = None
    notices: Callable[[Sequence[Change]], list[Notice]] | None = None
    undoable: bool = False
    undone: Callable[[Any, Mapping[str, Any], Move], None] | None = None
    by_hand: bool = True
    primary: bool = False


@dataclass(frozen=True)
class Offer:
    """An edge that the actor may take from here; `reasons` say what still stands against it."""

    transition: Transition
    reasons: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.transition.name

    @property
    def label(self) -> str:
        return str(self.transition.label)

    @property
    def open(self) -> bool:
        return not self.reasons


@dataclass(frozen=True)
class Result:
    """What became of one row of a bulk call: `error` None means done."""

    obj: Any
    error: DomainError | None = None


class Workflow:
    """The edges of one model that has the columns `state` and `version`."""

    def __init__(
        self,
        prefix: str,
        *transitions: Transition,
        topic: Callable[[Any], models.Model] = lambda obj: obj,
    ) -> None:
        self.prefix = prefix
        self.topic = topic
        self.transitions = {transition.name: transition for transition in transitions}

    def __iter__(self) -> Iterator[Transition]:
        return iter(self.transitions.values())

    def __getitem__(self, name: str) -> Transition:
        return self.transitions[name]

    def available(self, obj: Any, actor: Actor) -> list[Offer]:
        """The edges that `actor` may take from the row's state, in the order of the table."""
        return [
            Offer(edge, tuple(filter(None, (guard(obj, actor) for guard in edge.guards))))
            for edge in self.transitions.values()
            if edge.by_hand
            and obj.state in edge.sources
            and can(actor, edge.action, obj)
            and not any(only(obj, actor) for only in edge.only)
        ]

    def perform(
        self, obj: Any, name: str, *, actor: Actor, now: datetime, version: int, **data: Any
    ) -> Any:
        """Move one row and return it, changed.

        `version` is the one that the person saw. Raises NotAllowed (role or another's row),
        StaleState (state or version moved on) and GuardFailed (what is missing, as sentences).
        """
        (result,) = self.perform_many(
            [obj], name, actor=actor, now=now, versions={obj.pk: version}, **data
        )
        if result.error:
            raise result.error
        return result.obj

    def perform_many(
        self,
        objs: Sequence[Any],
        name: str,
        *,
        actor: Actor,
        now: datetime,
        versions: Mapping[int, int] | None = None,
        each: Mapping[int, Mapping[str, Any]] | None = None,
        **data: Any,
    ) -> list[Result]:
        """Move many rows by one edge: a result per row, in their order; the rest still moves.

        One UPDATE per from-state and set of stamps, the audit entries and notices in bulk.
        `versions` maps id to the version that the person saw; without it the rows' own count.
        `each` maps id to what is given for this row alone, beside `data` for all.
        """
        edge = self.transitions[name]
        own = each or {}
        moves = {obj.pk: Move(actor, now, {**data, **own.get(obj.pk, {})}) for obj in objs}
        seen = {obj.pk: obj.version for obj in objs} if versions is None else versions
        with transaction.atomic():
            stored = self._lock(objs)
            errors = {
                obj.pk: self._objection(edge, obj, moves[obj.pk], seen.get(obj.pk), stored)
                for obj in objs
            }
            changes = [Change(obj, obj.state, moves[obj.pk]) for obj in objs if not errors[obj.pk]]
            lost = self._apply(edge, changes)
            errors |= {pk: StaleState(_("已有人处理，页面已更新")) for pk in lost}
            self._follow_up(edge, [change for change in changes if change.obj.pk not in lost])
        return [Result(obj, errors[obj.pk]) for obj in objs]

    def undo(self, obj: Any, *, actor: Actor, now: datetime, version: int) -> Any:
        """Take back the row's last move, by its author, within seconds: a reverse edge.

        Restores the state and every stamped column, what was written beside it, and takes back
        notices that nobody has read. Raises StaleState when anybody acted since, when the time
        is over, or when the last move cannot be taken back.
        """
        with transaction.atomic():
            last = AuditEntry.objects.about(obj).first()
            edge = self._edge_of(last) if last else None
            if not (last and edge and self._may_undo(edge, last, obj, actor, now, version)):
                raise StaleState(_("已有人处理，不能撤销，页面已更新"))
            values = _as_columns(obj, last.data["was"]) | {"state": last.data["from"]}
            before = obj.state
            if not self._write(type(obj), [obj], before, values):
                raise StaleState(_("已有人处理，不能撤销，页面已更新"))
            if edge.undone:
                edge.undone(obj, last.data, Move(actor, now))
            retract(obj, last.at)
            data = {"from": before, "to": obj.state, "version": obj.version, "undo": last.seq}
            event = Event(f"{self.prefix}.undo", obj, self.topic(obj), data)
            record_many(actor, [event], now=now)
        return obj

    # -- the steps of a move ---------------------------------------------------------------

    def _lock(self, objs: Sequence[Any]) -> dict[int, int] | None:
        """Versions as stored, locked, when several rows move at once; None for one row.

        One row needs no lock, its conditional UPDATE decides. For several the lock tells which
        of them lost; SQLite has its lock from BEGIN IMMEDIATE and ignores select_for_update.
        """
        if len(objs) < 2:
            return None
        rows = type(objs[0])._base_manager.select_for_update().filter(pk__in=[o.pk for o in objs])
        return dict(rows.order_by("pk").values_list("pk", "version"))

    def _objection(
        self,
        edge: Transition,
        obj: Any,
        move: Move,
        version: int | None,
        stored: dict[int, int] | None,
    ) -> DomainError | None:
        if not can(move.actor, edge.action, obj):
            return NotAllowed(_("这一步不归你办"))
        current = obj.version if stored is None else stored.get(obj.pk)
        if obj.state not in edge.sources or not version == obj.version == current:
            return StaleState(_("已有人处理，页面已更新"))
        missing = [name for name in edge.needs if move.data.get(name) in (None, "", [])]
        if missing:
            return GuardFailed(fields={name: _("还没有填写") for name in missing})
        sentences = [guard(obj, move.actor) for guard in (*edge.only, *edge.guards)]
        sentences += [check(obj, move) for check in edge.checks]
        found = [sentence for sentence in sentences if sentence]
        return GuardFailed(*found) if found else None

    def _apply(self, edge: Transition, changes: list[Change]) -> set[int]:
        """Write all changes; the ids of rows that moved on since they were read."""
        groups: dict[tuple[Any, ...], list[Change]] = {}
        for change in changes:
            stamps = edge.stamps(change.obj, change.move) if edge.stamps else {}
            values = stamps | ({"state": edge.target} if edge.target else {})
            key = (change.before, tuple(sorted(values.items(), key=lambda item: item[0])))
            groups.setdefault(key, []).append(change)
        lost: set[int] = set()
        for (before, values), group in groups.items():
            objs = [change.obj for change in group]
            for obj in objs:
                obj.was = _columns(obj, [name for name, _v in values if name != "state"])
            if not self._write(type(objs[0]), objs, before, dict(values)):
                lost |= {obj.pk for obj in objs}
        return lost

    def _write(
        self, model: type[models.Model], objs: list[Any], before: str, values: dict[str, Any]
    ) -> bool:
        """The conditional UPDATE; True when every row was still as read. Updates the objects."""
        seen: dict[int, list[int]] = defaultdict(list)
        for obj in objs:
            seen[obj.version].append(obj.pk)
        same = reduce(or_, (Q(version=version, pk__in=ids) for version, ids in seen.items()))
        rows = model._base_manager.filter(same, state=before)
        if rows.update(**values, version=F("version") + 1) != len(objs):
            if len(objs) > 1:
                raise StaleState(_("已有人处理，页面已更新"))
            return False
        for obj in objs:
            for name, value in values.items():
                setattr(obj, name, value)
            obj.version += 1
        return True

    def _follow_up(self, edge: Transition, changes: list[Change]) -> None:
        if not changes:
            return
        if edge.after:
            edge.after(changes)
        move = changes[0].move
        record_many(move.actor, [self._event(edge, change) for change in changes], now=move.now)
        if edge.notices and move.actor.region:
            post(move.actor.region, edge.notices(changes), now=move.now)

    def _event(self, edge: Transition, change: Change) -> Event:
        data = _told(change.move.data) | change.made
        data |= {"from": change.before, "to": change.obj.state, "version": change.obj.version}
        data["was"] = change.obj.was
        return Event(f"{self.prefix}.{edge.name}", change.obj, self.topic(change.obj), data)

    def _may_undo(
        self,
        edge: Transition,
        last: AuditEntry,
        obj: Any,
        actor: Actor,
        now: datetime,
        version: int,
    ) -> bool:
        return (
            edge.undoable
            and actor.user is not None
            and last.actor_id == actor.user.pk
            and last.data.get("version") == version == obj.version
            and now - last.at <= UNDO_WINDOW
        )

    def _edge_of(self, entry: AuditEntry) -> Transition | None:
        """The edge that an entry of the trail tells of; None for an undo or another subject."""
        return self.transitions.get(entry.verb.removeprefix(f"{self.prefix}."))


def _columns(obj: models.Model, names: Iterable[str]) -> dict[str, Any]:
    """Values as the columns hold them: foreign keys by id, so that none is fetched for this."""
    columns = [_column(obj, name).attname for name in names]
    return {column: getattr(obj, column) for column in columns}


def _as_columns(obj: models.Model, stored: Mapping[str, Any]) -> dict[str, Any]:
    """The reverse of `_columns`, after the way through the trail's JSON."""
    return {name: _column(obj, name).to_python(value) for name, value in stored.items()}


def _column(obj: models.Model, name: str) -> models.Field[Any, Any]:
    field = obj._meta.get_field(name)
    assert isinstance(field, models.Field), f"{name} is no column"
    return field


def _told(data: Mapping[str, Any]) -> dict[str, Any]:
    """What was given, as the trail keeps it: rows by name, and by id under a key of their own."""
    told: dict[str, Any] = {}
    for name, value in data.items():
        many = isinstance(value, (list, tuple))
        rows = [row for row in (value if many else [value]) if isinstance(row, models.Model)]
        if rows:
            names, ids = [str(row) for row in rows], [row.pk for row in rows]
            told |= {name: names if many else names[0], f"{name}_id": ids if many else ids[0]}
        else:
            told[name] = value
    return told
