"""Who is told: posts by level, the people who hold them today, and deputies of those away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from assessments.reminders.kinds import Level
from indicators.assignments.states import UnitState
from lawgov.accounts.models import Membership
from lawgov.accounts.policy import Role

Post = tuple[str, int | None]

HOPS = 3  # deputies of deputies that are followed

RANKS: dict[str, Post] = {
    Level.OFFICE: (Role.OFFICE_ADMIN, None),
    Level.LEADER: (Role.LEADING_GROUP, None),
}


def posts(level: str, unit: int, checkers: Iterable[Post] = ()) -> list[Post]:
    """The posts at one level for something of one unit; `checkers` judge it."""
    match level:
        case Level.CONTACT:
            return [(Role.UNIT_EDITOR, unit)]
        case Level.HEAD:
            return [(Role.UNIT_HEAD, unit)]
        case Level.CHECKER:
            return list(checkers)
    return [RANKS[level]]


def issue_checkers(unit: int, lead: int | None) -> list[Post]:
    """Those who may check an answer: never members of the unit itself."""
    found: list[Post] = [(Role.SUPERVISOR, None), (Role.OFFICE_ADMIN, None)]
    return found + ([(Role.LEAD_REVIEWER, lead)] if lead and lead != unit else [])


def work_checkers(unit: int, lead: int | None, state: str) -> list[Post]:
    """Those on whose desk a unit's work on an indicator lies: its head, then the lead unit."""
    if state == UnitState.WITH_HEAD:
        return [(Role.UNIT_HEAD, unit)]
    if state == UnitState.WITH_LEAD:
        return [(Role.LEAD_REVIEWER, lead) if lead and lead != unit else (Role.OFFICE_ADMIN, None)]
    return []


class People:
    """The people of a place on one local day, read once.

    `at` gives (user, person stood in for or None). Somebody away is replaced by the deputy,
    where the deputy has a post beside theirs and is not away as well; nobody is simply dropped.
    """

    def __init__(self, region: object, day: date) -> None:
        members = list(Membership.objects.in_region(region).valid_on(day).order_by("pk"))
        self._by_post: dict[Post, list[Membership]] = defaultdict(list)
        self._of_user: dict[int, list[Membership]] = defaultdict(list)
        for member in members:
            self._by_post[member.role, member.unit_id].append(member)
            self._of_user[member.user_id].append(member)
        self._day = day

    def everybody(self) -> list[int]:
        return list(self._of_user)

    def at(self, wanted: Iterable[Post]) -> list[tuple[int, int | None]]:
        found: dict[int, int | None] = {}
        for post in wanted:
            for member in self._by_post.get(post, ()):
                user = self._serving(member)
                found.setdefault(user, None if user == member.user_id else member.user_id)
        return list(found.items())

    def _serving(self, member: Membership) -> int:
        """The user who does the work of `member` on this day."""
        now = member
        for _hop in range(HOPS):
            if not now.is_away(self._day):
                return now.user_id
            stands_in = self._beside(now)
            if stands_in is None:
                break
            now = stands_in
        return member.user_id if now.is_away(self._day) else now.user_id

    def _beside(self, member: Membership) -> Membership | None:
        """The deputy's own post in the same unit (or beside it in the place), if there is one."""
        for other in self._of_user.get(member.deputy_id or 0, ()):
            if other.unit_id == member.unit_id:
                return other
        return None


def held_posts(region: object, day: date, people: Iterable[int]) -> dict[int, set[Post]]:
    """The posts that each of `people` holds on a day; one query."""
    found: dict[int, set[Post]] = defaultdict(set)
    members = Membership.objects.in_region(region).valid_on(day).filter(user__in=set(people))
    for user, role, unit in members.values_list("user_id", "role", "unit_id"):
        found[user].add((role, unit))
    return found
