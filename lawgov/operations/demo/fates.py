"""What becomes of each issue of the demo: final state and light, drawn before its deadline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import TypeVar

from assessments.rectification.deadlines import Light
from assessments.rectification.states import AT_REST, State

# Source: decisions §6. 204 individual issues; closed and look_back are the 93 grey ones.
STATES = {
    State.ISSUED: 6,
    State.ACCEPTED: 9,
    State.PLANNED: 14,
    State.RECTIFYING: 58,
    State.RETURNED: 5,
    State.SUBMITTED: 11,
    State.VERIFYING: 7,
    State.CLOSED: 91,
    State.LOOK_BACK: 2,
    State.REOPENED: 1,
}
OPEN_LIGHTS = {Light.RED: 17, Light.YELLOW: 26, Light.GREEN: 68}

# Common issues are answered by many units; no figure is set for them.
COMMON_STATES = {
    State.ISSUED: 3,
    State.ACCEPTED: 8,
    State.PLANNED: 10,
    State.RECTIFYING: 28,
    State.RETURNED: 2,
    State.SUBMITTED: 5,
    State.VERIFYING: 3,
    State.CLOSED: 41,
}

# Days from today within which a deadline gives the light, both ends included.
REACH = {
    Light.RED: (-20, -1),
    Light.YELLOW: (0, 10),
    Light.GREEN: (11, 60),
    Light.GREY: (-30, 40),
}

Key = TypeVar("Key")


@dataclass(frozen=True)
class Fate:
    state: State
    light: Light

    def days(self, today: date) -> list[date]:
        """The days on which a deadline gives this light today."""
        first, last = REACH[self.light]
        return [today + timedelta(days=step) for step in range(first, last + 1)]


def shares(weights: Mapping[Key, int], total: int) -> dict[Key, int]:
    """`total` split in proportion to `weights` by the largest remainder; ties in their order."""
    whole = sum(weights.values())
    exact = {key: total * weight / whole for key, weight in weights.items()}
    given = {key: int(value) for key, value in exact.items()}
    rest = sorted(exact, key=lambda key: given[key] - exact[key])
    for key in rest[: total - sum(given.values())]:
        given[key] += 1
    return given


def draw(kinds: Sequence[str], rng: Random) -> list[Fate]:
    """One fate per issue, in the order of `kinds` (deadline kinds as written).

    A long-term deadline names no day, so it can only be green or at rest; 立行立改 lies a week
    after the letter, so it is best at rest. Those rows trade their fate with others.
    """
    states = [s for s, count in shares(STATES, len(kinds)).items() for _one in range(count)]
    open_states = [state for state in states if state not in AT_REST]
    lights = shares(OPEN_LIGHTS, len(open_states))
    colours = [light for light, count in lights.items() for _one in range(count)]
    rng.shuffle(colours)
    _spare_reopened(open_states, colours)
    fates = [Fate(state, Light.GREY) for state in states if state in AT_REST]
    fates += [Fate(*pair) for pair in zip(open_states, colours, strict=True)]
    rng.shuffle(fates)
    _trade(fates, kinds, "long_term", {Light.GREEN, Light.GREY}, {State.REOPENED})
    _trade(fates, kinds, "immediate", {Light.GREY}, set())
    return fates


def _spare_reopened(states: Sequence[State], colours: list[Light]) -> None:
    """A reopened issue has a new deadline, which lies ahead: it cannot be red yet."""
    late = [i for i, s in enumerate(states) if s == State.REOPENED and colours[i] == Light.RED]
    spare = [i for i, s in enumerate(states) if s != State.REOPENED and colours[i] != Light.RED]
    for index, other in zip(late, spare, strict=False):
        colours[index], colours[other] = colours[other], colours[index]


def _trade(
    fates: list[Fate], kinds: Sequence[str], kind: str, good: set[Light], never: set[State]
) -> None:
    """Give rows of `kind` a fate with a good light, taken from dated rows in order."""

    def fits(fate: Fate) -> bool:
        return fate.light in good and fate.state not in never

    donors = [
        i
        for i, fate in enumerate(fates)
        if kinds[i] not in ("long_term", "immediate") and fits(fate)
    ]
    for index, fate in enumerate(fates):
        if kinds[index] == kind and not fits(fate) and donors:
            other = donors.pop()
            fates[index], fates[other] = fates[other], fates[index]
