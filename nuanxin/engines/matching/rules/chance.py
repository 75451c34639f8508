"""How likely each agreement is between two people who have nothing to do with each other (the u of
Fellegi–Sunter).
 Values differ: 王伟 agrees by chance far more often than 欧阳霏, a station's phone more often than a private
one. So the chance is worked out for each pair from the value that agrees ("term frequency"), with
outside knowledge added in proportion, so that thirty rows do not pretend to know how common a name is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .cluster import components
from .compare import FIELDS, LEVELS, Compared, level
from .normalise import MASK
from .table import U64, Bits, Floats, Ints, Table, distinct, mix

# A given-name character or a surname that the file does not show often enough counts as if drawn from
# this many.
_NAME_KNOWLEDGE = 3000.0
# Chance levels of a name that is not the same, among unrelated people; measured once on public name
# statistics.
_NAME_CHANCE = {
    "name_near_homophone": 3e-4, "name_one_character": 4e-3, "masked_name_agrees": 2e-3, "name_character_lost": 1e-3,
    "same_surname_only": 0.04, "name_surname_differs": 2e-3, "different_name": 0.94,
}  # fmt: skip
_ID_CHANCE = {
    "id_one_digit_off": 1e-7, "id_two_digits_off": 1e-6, "same_birthdate_only": 8e-5, "different_id_one_invalid": 0.05,
    "different_id": 1.0, "masked_id_disagrees": 1.0, "different_birthdate": 0.95,
}  # fmt: skip
_PHONE_CHANCE = {"phone_one_digit_off": 1e-6, "different_phone": 1.0, "masked_phone_disagrees": 1.0}
_PLATE_CHANCE = {"plate_one_character_off": 3e-5, "different_plate": 1.0}


@dataclass(frozen=True)
class Chance:
    """Per record: how often its values turn up in the file, and how many other people seem to stand on its numbers."""

    n: int
    person: Ints
    people: int
    name: Floats
    sound: Floats
    name_people: Ints
    sound_people: Ints
    employer: Floats
    industry: Floats
    county: Floats
    source: Floats
    phone_names: Ints
    plate_names: Ints
    id_names: Ints
    region: Floats
    places: Floats


def survey(table: Table, pairs: Compared) -> Chance:
    """Count what the chance of agreement depends on. `pairs` are the candidates, compared."""
    n = max(table.n, 1)
    person = _rough_people(table, pairs)
    spelled, sounding = table.name_code.astype(np.uint64), table.sound_key
    return Chance(
        n=n, person=person, people=len(distinct(person)),
        name=_suggested_share(table, table.name.astype(np.uint64)),
        sound=_suggested_share(table, table.sound),
        name_people=_people_with(spelled, person), sound_people=_people_with(sounding, person),
        employer=_share(table.employer), industry=_share(table.industry),
        county=_share(table.county), source=_share(table.source),
        phone_names=_names_on(table.phone_code.astype(np.uint64), table.phone_code >= 0, table),
        plate_names=_names_on(table.plate_code.astype(np.uint64), table.plate_code >= 0, table),
        id_names=_names_on(table.id_code.astype(np.uint64), table.id_full, table),
        region=_prefix_share(table), places=_place_share(table),
    )  # fmt: skip


def _rough_people(t: Table, pairs: Compared) -> Ints:
    """A first guess at who is who: one name (as heard) and one number. Good enough to count namesakes."""
    name = pairs.of("name")
    number = (pairs.of("phone") == 1) | (pairs.of("plate") == 1) | (pairs.of("idno") == 1)
    number |= pairs.of("idno") == level("idno", "masked_id_agrees")
    sure = number & (name >= 1) & (name <= level("name", "name_near_homophone"))
    return components(t.n, pairs.left[sure], pairs.right[sure])


def _people_with(key: U64, person: Ints) -> Ints:
    """For each record: how many of the roughly guessed people bear its name."""
    _, first = np.unique(mix(key, person), return_index=True)
    name, count = np.unique(key[first], return_counts=True)
    found: Ints = count[np.searchsorted(name, key)] if len(name) else np.zeros(0, dtype=np.int64)
    return found


def _counts(key: U64) -> Ints:
    _, inverse, count = np.unique(key, return_inverse=True, return_counts=True)
    found: Ints = count[inverse]
    return found


def _share(code: Ints) -> Floats:
    """Share of the records that have this value, of those that have one; a value seen once counts half."""
    given = code >= 0
    total = max(int(given.sum()), 1)
    counts = _counts(code.astype(np.uint64)).astype(float)
    return np.clip((counts - 0.5) / (total + 10) + 0.001, 1e-6, 0.95)


def _suggested_share(t: Table, letters: U64) -> Floats:
    """Chance that somebody has this name, from its parts: surname × given-name characters, each smoothed.

    Parents do not draw characters independently, so the product is raised a little and has a floor: in a country of
    1.4 billion the usual full name has several thousand bearers.
    """
    n = float(t.n)
    independent = np.ones(t.n)
    for place in range(min(3, letters.shape[1])):
        column = letters[:, place]
        pool = 120.0 if place == 0 else 400.0
        part = (_counts(column) + 5.0) / (n + 5.0 * pool)
        independent *= np.where(column > 0, np.minimum(part, 0.2), 0.16 if place == 2 else 1.0)
    suggested: Floats = np.where(t.chinese, np.clip(1.5 * independent, 4e-6, 0.05), 2e-4)
    return suggested


def _names_on(key: U64, given: Bits, t: Table) -> Ints:
    """For each record: how many differently sounding names stand on its number, 0 where it has none."""
    rows = np.flatnonzero(given & t.has_name)
    both = mix(key[rows], t.sound_key[rows])
    _, first = np.unique(both, return_index=True)
    number, names = np.unique(key[rows[first]], return_counts=True)
    result = np.zeros(t.n, dtype=np.int64)
    if len(number):
        at = np.minimum(np.searchsorted(number, key), len(number) - 1)
        result = np.where(given & (number[at] == key), names[at], given.astype(np.int64))
    return result


def _prefix_share(t: Table) -> Floats:
    """Chance that two ids begin alike over 0…6 places (people of one county often come from one region)."""
    ids = t.idno[t.id_full & t.id_resident][:, :6]
    result = np.array([1.0, 0.4, 0.3, 0.2, 0.2, 0.1, 0.1])
    if len(ids) < 50:
        return result
    for width in range(1, 7):
        key = mix(*(ids[:, i].astype(np.int64) for i in range(width)))
        _, count = np.unique(key, return_counts=True)
        result[width] = ((count / len(ids)) ** 2).sum()
    return result


def _place_share(t: Table) -> Floats:
    """Chance that two ids agree at each of the 18 places."""
    usual = np.array(
        [0.4, 0.4, 0.4, 0.4, 0.4, 0.4, 0.9, 0.8, 0.25, 0.1, 0.6, 0.12, 0.3, 0.1, 0.1, 0.1, 0.1, 0.1]
    )
    ids = t.idno[t.id_full & t.id_resident]
    if len(ids) < 50:
        return usual
    share = np.array([(np.bincount(column, minlength=128) / len(ids)) for column in ids.T])
    agreement: Floats = np.maximum((share**2).sum(axis=1), 0.05)
    return agreement


def others_on(names: Ints, pairs: Compared) -> Ints:
    """How many names stand on the number of each pair beside the pair's own one or two."""
    name = pairs.of("name")
    own = np.where((name >= 1) & (name <= level("name", "name_near_homophone")), 1, 2)
    found: Ints = np.maximum(np.maximum(names[pairs.left], names[pairs.right]) - own, 0)
    return found


def log_chance(t: Table, c: Chance, pairs: Compared, sharing: Floats) -> Floats:
    """log u for each field (rows in the order of FIELDS) and pair. `sharing`: see `weights.Model`."""
    a, b = pairs.left, pairs.right
    result = np.zeros((len(FIELDS), len(a)))
    shared = sharing / c.n
    put = _Put(pairs, result)

    put.fixed("name", _NAME_CHANCE)
    own_people = np.where(c.person[a] == c.person[b], 1, 2)
    for code, suggested, bearers in (
        ("same_name", c.name, c.name_people),
        ("name_homophone", c.sound, c.sound_people),
    ):
        seen = np.maximum(np.maximum(bearers[a], bearers[b]) - own_people, 0)
        put.each(
            "name",
            code,
            (seen + _NAME_KNOWLEDGE * np.maximum(suggested[a], suggested[b])) / (c.people + _NAME_KNOWLEDGE),
        )

    put.fixed("idno", _ID_CHANCE)
    put.each("idno", "same_id", others_on(c.id_names, pairs) / c.n + shared[2])
    put.fill("idno", "masked_id_agrees", lambda at: _masked_id(t, c, a[at], b[at]) + 0.02 / c.n)

    put.fixed("phone", _PHONE_CHANCE)
    put.each("phone", "same_phone", others_on(c.phone_names, pairs) / c.n + shared[0])
    seen = others_on(c.phone_names, pairs) / c.n
    put.fill(
        "phone",
        "masked_phone_agrees",
        lambda at: np.maximum(_masked_phone(t, a[at], b[at]), seen[at]) + shared[0],
    )

    put.fixed("plate", _PLATE_CHANCE)
    put.each("plate", "same_plate", others_on(c.plate_names, pairs) / c.n + shared[1])

    same_branch = float((_distinct_shares(t.industry) ** 2).sum()) or 0.3
    put.fixed("work", {
        "same_industry_other_employer": same_branch, "different_work": 1 - same_branch,
        "different_industry": 1 - same_branch,
    })  # fmt: skip
    put.each("work", "same_employer", c.employer[a])
    put.each("work", "similar_employer", np.maximum(c.employer[a], c.employer[b]) * 2)
    put.each("work", "same_industry", c.industry[a])
    for field, values, share in (("county", t.county, c.county), ("source", t.source, c.source)):
        put.fixed(field, {f"different_{field}": 1 - float((_distinct_shares(values) ** 2).sum())})
        put.each(field, f"same_{field}", share[a])
    return np.minimum(result, 0.0)


class _Put:
    """Writes log chances for the pairs that stand on one level of one field."""

    def __init__(self, pairs: Compared, result: Floats) -> None:
        self.pairs, self.result = pairs, result

    def fixed(self, field: str, chances: dict[str, float]) -> None:
        table = np.zeros(len(LEVELS[field]))
        for code, chance in chances.items():
            table[level(field, code)] = np.log(max(chance, 1e-9))
        self.result[FIELDS.index(field)] = table[self.pairs.of(field)]

    def each(self, field: str, code: str, chance: Floats) -> None:
        at = self.pairs.of(field) == level(field, code)
        self.result[FIELDS.index(field), at] = np.log(np.maximum(chance[at], 1e-12))

    def fill(self, field: str, code: str, chance: Callable[[Ints], Floats]) -> None:
        at = np.flatnonzero(self.pairs.of(field) == level(field, code))
        self.result[FIELDS.index(field), at] = np.log(np.maximum(chance(at), 1e-12))


def _distinct_shares(code: Ints) -> Floats:
    _, count = np.unique(code[code >= 0], return_counts=True)
    shares: Floats = count / max(count.sum(), 1)
    return shares


def _masked_id(t: Table, c: Chance, a: Ints, b: Ints) -> Floats:
    """Chance that what is visible on both sides agrees: the region as one, the later places each for itself."""
    one, two = t.idno[a], t.idno[b]
    seen = (one != MASK) & (two != MASK) & (one != 0)
    prefix = np.cumprod(seen[:, :6], axis=1).sum(axis=1)
    region = c.region[prefix]
    later = np.where(seen[:, 6:], np.log(c.places[6:]), 0.0).sum(axis=1)
    chance: Floats = region * np.exp(later)
    return chance


def _masked_phone(t: Table, a: Ints, b: Ints) -> Floats:
    one, two = t.phone[a], t.phone[b]
    seen: NDArray[np.bool_] = (one != MASK) & (two != MASK) & (one != 0)
    # The first three places are one of about thirty ranges, some of them common; the rest is evenly spread.
    beginning = np.where(seen[:, :3].all(axis=1), 0.06, 0.3)
    chance: Floats = beginning * 0.1 ** seen[:, 3:].sum(axis=1)
    return chance
