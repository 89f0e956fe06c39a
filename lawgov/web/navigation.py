"""The rail as a table: what stands in it, in which order, and who sees it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import pgettext_lazy

from lawgov.accounts.actors import Actor
from lawgov.accounts.policy import Action as A
from lawgov.accounts.policy import Role, can

PHONE_PLACES = 3  # the bottom bar holds the first three of the rail and the reminders


@dataclass(frozen=True)
class Place:
    """One place in the rail.

    `key` names its count and is what a page gives as `section`; `letter` is pressed after G.
    `args` are the arguments of the URL name, separated by blanks. `also` opens the place to
    those who do other work there.
    """

    key: str
    label: str | Promise
    icon: str
    letter: str
    action: A
    url: str
    args: str = ""
    also: A | None = None

    def open_to(self, actor: Actor) -> bool:
        return can(actor, self.action) or (self.also is not None and can(actor, self.also))

    def href(self) -> str | None:
        """The address, or None in an installation that does not have the page."""
        try:
            return reverse(self.url, args=self.args.split())
        except NoReverseMatch:
            return None


_ = pgettext_lazy
LEDGER = "rectification:list"
RAIL = (
    # key, label, icon, letter after G, needs, URL name and arguments
    Place("tasks", _("rail", "待办"), "inbox", "d", A.VIEW_TASKS, "tasks:list"),
    Place("checklist", _("rail", "清单"), "list", "q", A.VIEW_CHECKLIST, "indicators:list"),
    Place("review", _("rail", "审核"), "stamp", "s", A.REVIEW, "review:list", also=A.APPROVE),
    Place("ledger", _("rail", "台账"), "ledger", "t", A.VIEW_LEDGER, LEDGER, "individual"),
    Place("inspections", _("rail", "督察"), "eye", "c", A.VIEW_INSPECTIONS, "inspections:list"),
    Place("assessment", _("rail", "评估"), "gauge", "p", A.VIEW_SCORES, "assessment:list"),
    Place("dossiers", _("rail", "案卷"), "folder", "a", A.VIEW_EVIDENCE, "dossiers:list"),
    Place("dashboard", _("rail", "驾驶舱"), "chart", "j", A.VIEW_DASHBOARD, "reports:dashboard"),
    Place("places", _("rail", "地区"), "grid", "x", A.VIEW_PLACES, "reports:places"),
    Place("settings", _("rail", "设置"), "gear", "z", A.VIEW_SETTINGS, "settings:home"),
)
# For those who have no place of their own: the page that says what they can do.
HOME = Place("home", _("rail", "首页"), "info", "h", A.OWN_ACCOUNT, "home")
LEADER_FIRST = ("dashboard", "ledger", "checklist")


@dataclass(frozen=True)
class Stop:
    """One place of the rail as drawn for one person; `count` 0 shows no badge."""

    place: Place
    href: str
    count: int
    on_phone: bool


def rail(actor: Actor, work: Mapping[str, int]) -> list[Stop]:
    """The places that the actor's role may open, in the order of their work.

    `work` is what waits for the actor, by key (`counts`).
    """
    places = [place for place in RAIL if place.open_to(actor)] or [HOME]
    if actor.role is Role.LEADING_GROUP:
        places.sort(key=_rank)
    found = [(place, href) for place in places if (href := place.href())]
    return [
        Stop(place, href, work.get(place.key, 0), position < PHONE_PLACES)
        for position, (place, href) in enumerate(found)
    ]


def _rank(place: Place) -> int:
    """Where a leader looks first; the rest keeps its order."""
    return LEADER_FIRST.index(place.key) if place.key in LEADER_FIRST else len(LEADER_FIRST)


def counts(actor: Actor) -> Mapping[str, int]:
    """Work that waits for the actor, by key of the rail, and unread reminders as "notices".

    The setting RAIL_COUNTS names the provider, because the pages that know the figures are the
    roof and this is the ground. Empty when nothing provides them.
    """
    path = getattr(settings, "RAIL_COUNTS", None)
    return import_string(path)(actor) if path else {}


def running_campaign(actor: Actor) -> object | None:
    """The place's running campaign with `name` and `phase` (texts), by setting RUNNING_CAMPAIGN."""
    path = getattr(settings, "RUNNING_CAMPAIGN", None)
    return import_string(path)(actor) if path and actor.region_id else None
