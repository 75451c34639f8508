"""Following a code through its changes."""

from collections.abc import Iterable, Mapping
from datetime import date

from . import area_range

Step = tuple[date, int]
"""From which day, and which code it became."""


def successors(code: int, on: date, steps: Mapping[int, Iterable[Step]]) -> frozenset[int]:
    """The codes that stand on a day for an old code: itself when nothing changed, several when it was
    divided.

    A change counts when it came no earlier than the one that led to the code, since codes were given anew:
    342102 → 341281 (1996) → 341602 (2000). Where one successor lies inside another (341602 in 341600) the
    narrower one is meant.
    """
    reached: set[int] = set()
    todo: list[tuple[int, date]] = [(code, date.min)]
    seen: set[tuple[int, date]] = set()
    while todo:
        current, since = todo.pop()
        if (current, since) in seen:
            continue
        seen.add((current, since))
        following = sorted(
            (day, new) for day, new in steps.get(current, ()) if since <= day <= on and new != current
        )
        if not following:
            reached.add(current)
            continue
        # a code that changed several times was given anew in between: the first change is this place's
        first = following[0][0]
        todo.extend((new, first) for day, new in following if day == first)
    return frozenset(c for c in reached if not any(_holds(c, other) for other in reached if other != c))


def _holds(outer: int, inner: int) -> bool:
    lower, upper = area_range(outer)
    return lower <= inner < upper
