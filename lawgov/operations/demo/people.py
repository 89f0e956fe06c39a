"""The accounts of a demo place; all share one password hash, which the caller has computed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from lawgov.accounts.actors import Actor
from lawgov.accounts.models import Membership, User
from lawgov.accounts.policy import Role
from lawgov.units.models import Liaison, Region, Unit

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡"
    "贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段"
)
SINGLE = [
    ("office", Role.OFFICE_ADMIN),
    ("supervisor", Role.SUPERVISOR),
    ("assessor", Role.ASSESSOR),
    ("expert", Role.EXPERT),
    ("publicist", Role.PUBLICIST),
    ("leader", Role.LEADING_GROUP),
    ("external", Role.EXTERNAL),
]


@dataclass
class People:
    """Everybody of one place, as actors; units by their id."""

    single: dict[str, Actor] = field(default_factory=dict)
    editors: dict[int, Actor] = field(default_factory=dict)
    heads: dict[int, Actor] = field(default_factory=dict)
    leads: dict[int, Actor] = field(default_factory=dict)

    @property
    def office(self) -> Actor:
        return self.single["office"]

    @property
    def supervisor(self) -> Actor:
        return self.single["supervisor"]


def make_people(
    region: Region, units: list[Unit], leads: list[Unit], *, suffix: str, password: str
) -> People:
    """Accounts `office` … `unit01` `head01` `lead01`, with `suffix` after each name.

    `units` in the order of the register, `leads` those with lead = 1 in that order.
    """
    wanted = [(name, role, None) for name, role in SINGLE]
    for index, unit in enumerate(units, start=1):
        wanted.append((f"unit{index:02}", Role.UNIT_EDITOR, unit))
        wanted.append((f"head{index:02}", Role.UNIT_HEAD, unit))
    wanted += [(f"lead{n:02}", Role.LEAD_REVIEWER, unit) for n, unit in enumerate(leads, start=1)]
    names = _names(Random("demo people"))
    users = accounts([f"{name}{suffix}" for name, _role, _unit in wanted], names, password)
    memberships = Membership.objects.bulk_create(
        Membership(user=user, region=region, role=role, unit=unit)
        for user, (_name, role, unit) in zip(users, wanted, strict=True)
    )
    return _sorted(memberships)


def make_city_supervisor(city: Region, password: str) -> None:
    (user,) = accounts(["city"], iter(["钱某"]), password)
    Membership.objects.create(user=user, region=city, role=Role.UPPER_SUPERVISOR)


def make_administrator(password: str) -> None:
    (user,) = accounts(["admin"], iter(["管理员"]), password)
    user.is_staff = user.is_superuser = True
    user.save(update_fields=["is_staff", "is_superuser"])


def accounts(usernames: list[str], names: Iterator[str], password: str) -> list[User]:
    """Accounts by name, in order; those left from an earlier demo are taken up again."""
    have = {user.username: user for user in User.objects.filter(username__in=usernames)}
    User.objects.filter(pk__in=[user.pk for user in have.values()]).update(password=password)
    fresh = [
        User(username=name, name=next(names), email=f"{name}@demo.invalid", password=password)
        for name in usernames
        if name not in have
    ]
    have |= {user.username: user for user in User.objects.bulk_create(fresh)}
    return [have[name] for name in usernames]


def make_liaisons(units: list[Unit], rng: Random) -> None:
    """Three or four 明白人 for an enforcement unit, two or three for others; two units short."""
    rows = []
    names = _names(rng)
    for index, unit in enumerate(units):
        count = (3 if unit.enforcement else 2) + (rng.random() < 0.15)
        if index in (7, 60):  # so that the alert list has something to say
            count -= 1
        for number in range(count):
            phone = f"139{rng.randrange(10**8):08}"
            position = "法规股股长" if number == 0 else "经办人"
            rows.append(Liaison(unit=unit, name=next(names), position=position, phone=phone))
    Liaison.objects.bulk_create(rows)


def _names(rng: Random) -> Iterator[str]:
    """Invented persons are named as the press names them: a surname and 某."""
    while True:
        yield f"{rng.choice(SURNAMES)}某"


def _sorted(memberships: list[Membership]) -> People:
    people = People()
    for membership in memberships:
        actor = Actor.of(membership)
        match membership.role:
            case Role.UNIT_EDITOR:
                people.editors[membership.unit_id] = actor
            case Role.UNIT_HEAD:
                people.heads[membership.unit_id] = actor
            case Role.LEAD_REVIEWER:
                people.leads[membership.unit_id] = actor
            case _:
                name = membership.user.username.partition(".")[0]
                people.single[name] = actor
    return people
