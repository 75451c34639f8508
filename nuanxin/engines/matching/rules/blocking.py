"""Which pairs are worth comparing: those that share a key, with a guard against keys that too many
records share.
 A key is a 64-bit number for each record, or nothing. A block is the set of records with one key. A
block above its limit is cut into smaller ones with further columns; what is still too large after the
last cut is only compared with its nearest neighbours, so that a phone on 20,000 rows costs 20,000 × a
few comparisons, not 200 million.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from .normalise import MASK
from .table import U64, Bits, Ints, Table, distinct, mix, numbers

NEIGHBOURS = 4


@dataclass(frozen=True)
class Key:
    """One blocking rule. `cuts` are added to `value` one after the other while a block is larger than `limit`."""

    value: U64
    given: Bits
    limit: int
    cuts: Sequence[tuple[U64, Bits]] = ()
    either: Bits | None = None
    """Where set, only pairs with at least one such record are wanted."""


def candidates(table: Table) -> tuple[Ints, Ints]:
    """Positions (left < right) of every pair that is worth comparing, each once, in ascending order."""
    codes = [left * np.int64(table.n) + right for left, right in _blocks(table)]
    unique = distinct(np.concatenate(codes)) if codes else np.zeros(0, dtype=np.int64)
    n = np.int64(max(table.n, 1))
    return unique // n, unique % n


def _blocks(table: Table) -> Iterator[tuple[Ints, Ints]]:
    for key in keys(table):
        yield from pairs_of(key)


def pairs_of(key: Key) -> Iterator[tuple[Ints, Ints]]:
    """The pairs of one rule, block guard included."""
    rows = np.flatnonzero(key.given)
    value = key.value[rows]
    for cut in (*key.cuts, None):
        rows, value, large = _sorted_blocks(rows, value, key.limit)
        yield from _within(rows[~large], value[~large], key.limit, key.either)
        rows, value = rows[large], value[large]
        if not len(rows):
            return
        if cut is not None:
            extra, given = cut
            keep = given[rows]
            if cut is key.cuts[-1]:
                # The last cut keeps everything: a record without this column stands under "not given".
                value = mix(value, np.where(keep, extra[rows], 0).astype(np.uint64))
            else:
                rows, value = rows[keep], mix(value[keep], extra[rows[keep]])
    yield from _within(rows, value, NEIGHBOURS + 1, key.either)


def _sorted_blocks(rows: Ints, value: U64, limit: int) -> tuple[Ints, U64, Bits]:
    """Rows sorted by key without those that stand alone, and which of them stand in a block above the limit."""
    order = np.argsort(value)
    rows, value = rows[order], value[order]
    if not len(rows):
        return rows, value, np.zeros(0, dtype=bool)
    starts = np.flatnonzero(np.concatenate([[True], value[1:] != value[:-1]]))
    sizes = np.diff(np.append(starts, len(rows)))
    size = np.repeat(sizes, sizes)
    shared = size > 1
    return rows[shared], value[shared], size[shared] > limit


def _within(rows: Ints, value: U64, limit: int, either: Bits | None) -> Iterator[tuple[Ints, Ints]]:
    """Every pair of one block, by distance within it: 1, 2, … up to the limit."""
    at = np.arange(len(rows))
    for distance in range(1, limit):
        at = at[at + distance < len(rows)]
        at = at[value[at] == value[at + distance]]
        if not len(at):
            return
        a, b = rows[at], rows[at + distance]
        if either is not None:
            wanted = either[a] | either[b]
            a, b = a[wanted], b[wanted]
        yield np.minimum(a, b), np.maximum(a, b)


def keys(t: Table) -> list[Key]:
    """The rules. Together they reach a pair through its id, phone or plate, whole, masked or half wrong, and by name."""
    sound = t.sound_key
    named = t.has_name
    surname = np.where(t.chinese, t.sound[:, 0], t.name[:, 0].astype(np.uint64))
    some_name = t.name_code >= 0
    county, employer = _column(t.county), _column(t.employer)
    everyone = np.ones(t.n, dtype=bool)
    phone, idno, plate = (c.astype(np.uint64) for c in (t.phone_code, t.id_code, t.plate_code))
    id_tail = numbers(t.idno, 14, 18)
    id_tail_shown = (t.id_code >= 0) & (t.idno[:, 14:] != MASK).all(axis=1) & (t.idno[:, 17] != 0)
    phone_tail = numbers(t.phone, 7, 11)
    phone_tail_shown = (t.phone_code >= 0) & (t.phone[:, 7:] != MASK).all(axis=1)
    born = (numbers(t.idno, 6, 14), t.id_resident)
    name_cuts = [county, employer, born]
    length = (t.idno != 0).sum(axis=1)
    half = length // 2
    front = numbers(np.where(np.arange(18) < half[:, None], t.idno, 0).astype(np.uint8), 0, 18)
    back = numbers(np.where(np.arange(18) >= half[:, None], t.idno, 0).astype(np.uint8), 0, 18)
    other = t.id_full & ~t.id_resident & (length >= 5)
    result = [
        Key(mix(1, idno), t.id_full, 30, [(sound, named), (phone, t.phone_code >= 0)]),
        Key(mix(2, phone), t.phone_full, 30, [(sound, named), (idno, t.id_full)]),
        Key(mix(3, plate), t.plate_code >= 0, 20, [(sound, named), (idno, t.id_full)]),
        # One wrong digit leaves the other half of the id whole.
        Key(mix(4, numbers(t.idno, 10, 18)), t.id_full & t.id_resident, 12, [(surname, some_name)]),
        Key(mix(5, numbers(t.idno, 0, 14), surname), t.id_full & t.id_resident, 12, [(sound, named)]),
        Key(mix(6, front, surname), other, 12, [(sound, named)]),
        Key(mix(7, back, surname), other, 12, [(sound, named)]),
        # A masked value meets the whole ones that it may stand for.
        Key(mix(8, id_tail, sound), id_tail_shown & named, 20, [county], ~t.id_full),
        Key(mix(9, id_tail, numbers(t.idno, 0, 4), surname), id_tail_shown, 20, [county], ~t.id_full),
        Key(mix(10, phone_tail, numbers(t.phone, 0, 3), surname), phone_tail_shown & some_name, 20, [county], ~t.phone_full),
        Key(mix(11, phone_tail, sound), phone_tail_shown & named, 20, [county]),
        Key(mix(12, sound, numbers(t.phone, 0, 7)), named & t.phone_full, 12, [county]),
        # A wrong digit in the phone and a wrong character in the name: half of each is left.
        Key(mix(21, numbers(t.phone, 0, 7), surname), t.phone_full & some_name, 8, [county]),
        Key(mix(22, numbers(t.phone, 5, 11), surname), t.phone_full & some_name, 8, [county]),
        # By name alone where it is rare, else with what else is known.
        Key(mix(13, sound), named, 10, name_cuts),
        Key(mix(14, sound, county[0]), named & county[1], 14, [employer, born]),
        Key(mix(15, sound, employer[0]), named & employer[1], 12, [county, born]),
        Key(mix(16, sound, born[0]), named & born[1], 20),
    ]  # fmt: skip
    latin = (t.name_code >= 0) & ~t.chinese
    if latin.any():
        words = t.clean["name"].str.split(" ")
        for number, which in ((17, 0), (18, -1)):
            word = words.list.get(which, null_on_oob=True).fill_null("").hash(seed=number).to_numpy()
            result.append(Key(mix(number, word, county[0]), latin & county[1], 20, [(sound, everyone)]))
            result.append(
                Key(mix(number + 2, word, employer[0]), latin & employer[1], 20, [(sound, everyone)])
            )
    return result


def _column(code: Ints) -> tuple[U64, Bits]:
    return code.astype(np.uint64), code >= 0
