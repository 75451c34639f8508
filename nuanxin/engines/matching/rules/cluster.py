"""From pairs to people: join what belongs together, and undo chains that pull two people into one.
 Pairs above a threshold form connected components. Most are whole: everybody in them agrees with
everybody. In the others (a sibling who shares a phone, a mistyped id) clusters are joined step by step,
the surest first, and only while the average evidence between two clusters speaks for it. A decision of
a person is never averaged away.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable

import numpy as np

from .table import Bits, Floats, Ints

# NEVER outweighs any number of ALWAYS: of two decisions that contradict each other, keeping apart is
# the safe one.
NEVER = -1e15
ALWAYS = 1e6


def components(n: int, left: Ints, right: Ints) -> Ints:
    """For each of n records the smallest record it is connected with."""
    label = np.arange(n)
    while len(left):
        a, b = label[left], label[right]
        apart = a != b
        if not apart.any():
            break
        left, right, a, b = left[apart], right[apart], a[apart], b[apart]
        low, high = np.minimum(a, b), np.maximum(a, b)
        np.minimum.at(label, high, low)
        while True:
            shorter = label[label]
            if (shorter == label).all():
                break
            label = shorter
    return label


def missing_pairs(label: Ints, known: Ints, largest: int) -> tuple[Ints, Ints]:
    """The pairs within components of 3…`largest` records that are not among `known` (codes left × n + right)."""
    n = len(label)
    order = np.argsort(label, kind="stable")
    sizes = np.bincount(label, minlength=n)[label[order]]
    rows = order[(sizes >= 3) & (sizes <= largest)]
    found_left, found_right = [], []
    at = np.arange(len(rows))
    for distance in range(1, largest):
        at = at[at + distance < len(rows)]
        at = at[label[rows[at]] == label[rows[at + distance]]]
        if not len(at):
            break
        a, b = rows[at], rows[at + distance]
        found_left.append(np.minimum(a, b))
        found_right.append(np.maximum(a, b))
    if not found_left:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    code = np.concatenate(found_left) * np.int64(n) + np.concatenate(found_right)
    ordered = np.append(np.sort(known), np.iinfo(np.int64).max)
    code = code[ordered[np.searchsorted(ordered, code)] != code]
    return code // n, code % n


def untangle(label: Ints, left: Ints, right: Ints, score: Floats, joins: Bits, threshold: float) -> Ints:
    """Split the components in which some pair speaks against, by average linkage.

    `score` is the log odds of each pair, or NEVER / ALWAYS; `joins` marks the pairs that may start a
    join. Pairs outside the components are ignored. Returns new labels, again the smallest record of
    each cluster.
    """
    inside = label[left] == label[right]
    against = inside & (score < threshold)
    tangled = np.zeros(len(label), dtype=bool)
    tangled[label[left[against]]] = True
    rows = np.flatnonzero(inside & tangled[label[left]])
    if not len(rows):
        return label
    label = label.copy()
    order = rows[np.argsort(label[left[rows]], kind="stable")]
    groups = np.flatnonzero(np.diff(label[left[order]])) + 1
    for part in np.split(order, groups):
        members = np.unique(np.concatenate([left[part], right[part]]))
        pairs = zip(
            left[part].tolist(),
            right[part].tolist(),
            score[part].tolist(),
            joins[part].tolist(),
            strict=True,
        )
        joined = _link(members.tolist(), pairs, threshold)
        label[list(joined)] = list(joined.values())
    return label


def _link(
    members: list[int], pairs: Iterable[tuple[int, int, float, bool]], threshold: float
) -> dict[int, int]:
    """Average linkage over a sparse graph: the label of every member."""
    links: dict[int, dict[int, tuple[float, int, bool]]] = defaultdict(dict)
    heap = []
    for a, b, value, join in pairs:
        links[a][b] = links[b][a] = (value, 1, join)
        if join and value > threshold:
            heap.append((-value, a, b))
    heapq.heapify(heap)
    inside = {m: [m] for m in members}
    while heap:
        value, a, b = heapq.heappop(heap)
        if a not in inside or b not in inside or b not in links[a]:
            continue
        total, count, _ = links[a][b]
        if total / count != -value:
            continue
        inside[a] += inside.pop(b)
        del links[a][b]
        for c, (more, number, join) in links.pop(b).items():
            if c == a:
                continue
            del links[c][b]
            known, times, already = links[a].get(c, (0.0, 0, False))
            merged = (known + more, times + number, join or already)
            links[a][c] = links[c][a] = merged
            mean = merged[0] / merged[1]
            if merged[2] and mean > threshold:
                heapq.heappush(heap, (-mean, min(a, c), max(a, c)))
    return {m: min(group) for group in inside.values() for m in group}
