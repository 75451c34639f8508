"""How far two records agree, field by field: one small level number per pair and field.
 Level 0 always means that nothing can be said, because one side is not given. The names of the levels
are the codes that `explain` turns into sentences.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import JaroWinkler

from .normalise import MASK
from .table import Bits, Ints, Table, mix

Levels = NDArray[np.uint8]

LEVELS: dict[str, tuple[str, ...]] = {
    "name": (
        "missing", "same_name", "name_homophone", "name_near_homophone", "name_one_character", "masked_name_agrees",
        "name_character_lost", "same_surname_only", "name_surname_differs", "different_name",
    ),
    "idno": (
        "missing", "same_id", "masked_id_agrees", "id_one_digit_off", "id_two_digits_off", "same_birthdate_only",
        "different_id_one_invalid", "different_id", "masked_id_disagrees", "different_birthdate",
    ),
    "phone": (
        "missing", "same_phone", "masked_phone_agrees", "phone_one_digit_off", "different_phone",
        "masked_phone_disagrees",
    ),
    "plate": ("missing", "same_plate", "plate_one_character_off", "different_plate"),
    "work": (
        "missing", "same_employer", "similar_employer", "same_industry_other_employer", "different_work",
        "same_industry", "different_industry",
    ),
    "county": ("missing", "same_county", "different_county"),
    "source": ("missing", "same_source", "different_source"),
}  # fmt: skip
FIELDS = tuple(LEVELS)


def level(field: str, code: str) -> int:
    """The number of a level."""
    return LEVELS[field].index(code)


@dataclass(frozen=True)
class Compared:
    """Pairs (positions in a Table, left < right) and their levels in the order of FIELDS, one row per field."""

    left: Ints
    right: Ints
    levels: Levels

    def of(self, field: str) -> Levels:
        """The levels of one field."""
        found: Levels = self.levels[FIELDS.index(field)]
        return found

    def take(self, which: Ints | Bits) -> Compared:
        """Some of the pairs."""
        return Compared(self.left[which], self.right[which], self.levels[:, which])


def compare(table: Table, left: Ints, right: Ints, *, chunk: int = 1 << 19) -> Compared:
    """Compare pair after pair; in chunks, so that memory stays bounded for any number of pairs."""
    levels = np.zeros((len(FIELDS), len(left)), dtype=np.uint8)
    for start in range(0, len(left), chunk):
        part = slice(start, start + chunk)
        a, b = left[part], right[part]
        levels[0, part] = _names(table, a, b)
        levels[1, part] = _ids(table, a, b)
        levels[2, part] = _phones(table, a, b)
        levels[3, part] = _plates(table, a, b)
        levels[4, part] = _work(table, a, b)
        levels[5, part] = _same_or_not(table.county, a, b)
        levels[6, part] = _same_or_not(table.source, a, b)
    return Compared(left, right, levels)


def _same_or_not(code: Ints, a: Ints, b: Ints) -> Levels:
    x, y = code[a], code[b]
    return np.where((x < 0) | (y < 0), 0, np.where(x == y, 1, 2)).astype(np.uint8)


def _names(t: Table, a: Ints, b: Ints) -> Levels:
    x, y = t.name_code[a], t.name_code[b]
    result = np.full(len(a), level("name", "different_name"), dtype=np.uint8)
    result[x == y] = level("name", "same_name")
    both = t.chinese[a] & t.chinese[b]
    rest = np.flatnonzero(both & ((x != y) | t.name_masked[a]))
    result[rest] = _chinese_names(t, a[rest], b[rest])
    rest = np.flatnonzero(~both & (x != y) & (x >= 0) & (y >= 0))
    if len(rest):
        result[rest] = _spelled_names(t.clean["name"], a[rest], b[rest])
    result[(x < 0) | (y < 0)] = 0
    return result


def _chinese_names(t: Table, a: Ints, b: Ints) -> Levels:
    one, two = t.name[a], t.name[b]
    length, other = t.name_length[a], t.name_length[b]
    alike = length == other
    given = (one != 0) | (two != 0)
    differ = (one != two).sum(axis=1)
    heard = t.sound[a] == t.sound[b]
    surname = heard[:, 0]
    shorter = np.minimum(length, other)
    lost = (np.abs(length - other) == 1) & (shorter >= 2) & (_edge_sum(one, two) >= shorter)
    swapped = (
        alike & (length >= 3) & (differ == 2) & (np.sort(one, axis=1) == np.sort(two, axis=1)).all(axis=1)
    )
    masked = t.name_masked[a] | t.name_masked[b]
    hidden = (one == MASK) | (two == MASK)
    shown = (given & ~hidden).sum(axis=1)
    fits = (alike | (shown <= 1)) & ((one == two) | hidden | (shown <= 1)[:, None]).all(axis=1)
    fits &= (one[:, 0] == two[:, 0]) | hidden[:, 0]
    choices = [
        (masked & fits & (shown >= 1), "masked_name_agrees"),
        (masked & (one[:, 0] == two[:, 0]), "same_surname_only"),
        (masked, "different_name"),
        (alike & heard.all(axis=1), "name_homophone"),
        (alike & (t.coarse[a] == t.coarse[b]).all(axis=1), "name_near_homophone"),
        (alike & (length >= 3) & (differ == 1) & surname, "name_one_character"),
        (lost | swapped, "name_character_lost"),
        (alike & (length >= 3) & (differ == 1), "name_surname_differs"),
        (surname, "same_surname_only"),
    ]
    numbers = [level("name", code) for _, code in choices]
    last = level("name", "different_name")
    return np.select([c for c, _ in choices], numbers, last).astype(np.uint8)


def _spelled_names(names: pl.Series, a: Ints, b: Ints) -> Levels:
    """Names in letters, by similarity; the order of the words does not count."""
    ordered = names.str.split(" ").list.sort().list.join(" ")
    one, two = ordered[a].to_list(), ordered[b].to_list()
    likeness = np.maximum(
        process.cpdist(one, two, scorer=JaroWinkler.similarity, workers=-1),
        process.cpdist(names[a].to_list(), names[b].to_list(), scorer=JaroWinkler.similarity, workers=-1),
    )
    steps = [
        (0.995, "same_name"),
        (0.93, "name_near_homophone"),
        (0.86, "name_one_character"),
        (0.75, "name_character_lost"),
    ]
    last = level("name", "different_name")
    return np.select([likeness >= s for s, _ in steps], [level("name", c) for _, c in steps], last).astype(
        np.uint8
    )


def _edge_sum(one: NDArray[np.generic], two: NDArray[np.generic]) -> Ints:
    """Length of the common beginning plus that of the common end (aligned at the last given place)."""
    width = one.shape[1]
    ends = np.stack([(m != 0).sum(axis=1) for m in (one, two)])
    front = np.cumprod(one == two, axis=1).sum(axis=1)
    at = np.arange(1, width + 1)
    tails = []
    for matrix, end in zip((one, two), ends, strict=True):
        index = end[:, None] - at
        tails.append((np.take_along_axis(matrix, np.maximum(index, 0), axis=1), index >= 0))
    same = (tails[0][0] == tails[1][0]) & tails[0][1] & tails[1][1]
    back = np.cumprod(same, axis=1).sum(axis=1)
    both: Ints = np.minimum(front, ends.min(axis=0)).astype(np.int64) + back.astype(np.int64)
    return both


def _one_edit(one: NDArray[np.generic], two: NDArray[np.generic]) -> Bits:
    """One character replaced, lost or added, or two neighbours swapped."""
    differ = one != two
    count = differ.sum(axis=1)
    lengths = (one != 0).sum(axis=1) - (two != 0).sum(axis=1)
    neighbours = (count == 2) & (differ[:, :-1] & differ[:, 1:]).any(axis=1)
    swapped = np.zeros(len(one), dtype=bool)
    at = np.flatnonzero(neighbours & (lengths == 0))
    if len(at):
        first = differ[at].argmax(axis=1)
        rows = np.arange(len(at))
        x, y = one[at], two[at]
        swapped[at] = (x[rows, first] == y[rows, first + 1]) & (x[rows, first + 1] == y[rows, first])
    shifted = np.zeros(len(one), dtype=bool)
    at = np.flatnonzero(np.abs(lengths) == 1)
    if len(at):
        shortest = np.minimum((one[at] != 0).sum(axis=1), (two[at] != 0).sum(axis=1))
        shifted[at] = _edge_sum(one[at], two[at]) >= shortest
    found: Bits = ((lengths == 0) & (count == 1)) | swapped | shifted
    return found


def _ids(t: Table, a: Ints, b: Ints) -> Levels:
    x, y = t.id_code[a], t.id_code[b]
    whole = t.id_full[a] & t.id_full[b]
    result = np.zeros(len(a), dtype=np.uint8)
    result[whole & (x == y)] = level("idno", "same_id")
    at = np.flatnonzero(whole & (x != y))
    one, two = t.idno[a[at]], t.idno[b[at]]
    differ = (one != two).sum(axis=1)
    resident = t.id_resident[a[at]] & t.id_resident[b[at]]
    born = (one[:, 6:14] == two[:, 6:14]).all(axis=1) & resident
    invalid = ~(t.id_valid[a[at]] & t.id_valid[b[at]]) & resident
    # The check character follows from the digits, so a wrong digit that was typed before the check was
    # computed changes two places: still one slip.
    choices = [
        (_one_edit(one, two), "id_one_digit_off"),
        (
            resident & (differ <= 2) | ~resident & (differ <= 2) & ((one != 0).sum(axis=1) >= 7),
            "id_two_digits_off",
        ),
        (born, "same_birthdate_only"),
        (invalid, "different_id_one_invalid"),
        (resident, "different_birthdate"),
    ]
    numbers = [level("idno", code) for _, code in choices]
    result[at] = np.select([c for c, _ in choices], numbers, level("idno", "different_id"))
    at = np.flatnonzero((x >= 0) & (y >= 0) & ~whole)
    agrees = _masks_agree(t.idno[a[at]], t.idno[b[at]])
    result[at] = np.where(agrees, level("idno", "masked_id_agrees"), level("idno", "masked_id_disagrees"))
    return result


def _masks_agree(one: NDArray[np.uint8], two: NDArray[np.uint8]) -> Bits:
    agrees: Bits = ((one == two) | (one == MASK) | (two == MASK)).all(axis=1)
    return agrees


def _phones(t: Table, a: Ints, b: Ints) -> Levels:
    x, y = t.phone_code[a], t.phone_code[b]
    whole = t.phone_full[a] & t.phone_full[b]
    result = np.zeros(len(a), dtype=np.uint8)
    result[whole & (x == y)] = level("phone", "same_phone")
    at = np.flatnonzero(whole & (x != y))
    slip = _one_edit(t.phone[a[at]], t.phone[b[at]])
    result[at] = np.where(slip, level("phone", "phone_one_digit_off"), level("phone", "different_phone"))
    at = np.flatnonzero((x >= 0) & (y >= 0) & ~whole)
    agrees = _masks_agree(t.phone[a[at]], t.phone[b[at]])
    result[at] = np.where(
        agrees, level("phone", "masked_phone_agrees"), level("phone", "masked_phone_disagrees")
    )
    return result


def _plates(t: Table, a: Ints, b: Ints) -> Levels:
    result = _same_or_not(t.plate_code, a, b)
    at = np.flatnonzero(result == 2)
    slip = _one_edit(t.plate[a[at]], t.plate[b[at]])
    result[at] = np.where(slip, level("plate", "plate_one_character_off"), level("plate", "different_plate"))
    return result


def _work(t: Table, a: Ints, b: Ints) -> Levels:
    firm, branch = _same_or_not(t.employer, a, b), _same_or_not(t.industry, a, b)
    result = np.zeros(len(a), dtype=np.uint8)
    result[(firm == 0) & (branch == 1)] = level("work", "same_industry")
    result[(firm == 0) & (branch == 2)] = level("work", "different_industry")
    result[firm == 2] = level("work", "different_work")
    result[(firm == 2) & (branch == 1)] = level("work", "same_industry_other_employer")
    result[firm == 1] = level("work", "same_employer")
    at = np.flatnonzero(firm == 2)
    if len(at):
        result[at[_similar_firms(t, a[at], b[at])]] = level("work", "similar_employer")
    return result


def _similar_firms(t: Table, a: Ints, b: Ints) -> Bits:
    """One name contains the other, or nearly the same spelling; each pair of spellings is looked at once."""
    both = mix(t.employer[a], t.employer[b])
    _, first, inverse = np.unique(both, return_index=True, return_inverse=True)
    one = t.clean["employer"][a[first]].to_list()
    two = t.clean["employer"][b[first]].to_list()
    likeness = process.cpdist(one, two, scorer=JaroWinkler.similarity, workers=-1)
    inside = np.array([x in y or y in x for x, y in zip(one, two, strict=True)], dtype=bool)
    similar: Bits = (inside | (likeness >= 0.9))[inverse]
    return similar
