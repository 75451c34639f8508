"""The records as arrays: what blocking and comparing need, computed once for each record."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from .normalise import ID_WIDTH, MASK, PHONE_WIDTH, characters, id_passes, normalise, places
from .sounds import sound_codes

NAME_WIDTH = 6
PLATE_WIDTH = 8
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_SPREAD = np.uint64(0xBF58476D1CE4E5B9)

U64 = NDArray[np.uint64]
Bits = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def mix(*parts: NDArray[np.uint64] | NDArray[np.int64] | int) -> U64:
    """One 64-bit key from several columns. The same values give the same key in every run."""
    with np.errstate(over="ignore"):
        key: U64 = np.asarray(parts[0]).astype(np.uint64) * _MULTIPLIER
        for part in parts[1:]:
            key = (key ^ (key >> np.uint64(29))) * _SPREAD + np.asarray(part).astype(np.uint64)
            key = key * _MULTIPLIER
    mixed: U64 = key ^ (key >> np.uint64(32))
    return mixed


def distinct(values: Ints) -> Ints:
    """The values without repetition, ascending. (np.unique hashes, which is several times slower on millions.)"""
    ordered = np.sort(values)
    first = np.append(True, ordered[1:] != ordered[:-1])[: len(ordered)]
    once: Ints = ordered[first]
    return once


def codes_of(values: pl.Series) -> Ints:
    """The same number (a 63-bit hash) for the same text, −1 for empty text."""
    codes = (values.hash(seed=3).to_numpy() >> np.uint64(1)).astype(np.int64)
    return np.where(values.str.len_bytes().to_numpy() > 0, codes, -1)


@dataclass(frozen=True)
class Table:
    """`n` normalised records in canonical order, column by column.

    Matrices hold one character per place; `…_code` columns are −1 where nothing is given; `…_full` says
    that the value is given without masks.
    """

    n: int
    clean: pl.DataFrame
    name: NDArray[np.uint32]
    name_code: Ints
    name_length: Ints
    name_masked: Bits
    chinese: Bits
    sound: U64
    coarse: U64
    sound_key: U64
    phone: NDArray[np.uint8]
    phone_code: Ints
    phone_full: Bits
    idno: NDArray[np.uint8]
    id_code: Ints
    id_full: Bits
    id_resident: Bits
    id_valid: Bits
    plate: NDArray[np.uint32]
    plate_code: Ints
    employer: Ints
    industry: Ints
    county: Ints
    source: Ints

    @property
    def has_name(self) -> Bits:
        """Where a name without masked characters is given."""
        return (self.name_code >= 0) & ~self.name_masked


def tabulate(clean: pl.DataFrame) -> Table:
    """Arrays for a frame that `normalise` made."""
    name = characters(clean["name"], NAME_WIDTH)
    length = clean["name"].str.len_chars().to_numpy().astype(np.int64)
    chinese = clean["name"].str.contains(r"\p{Han}").to_numpy()
    sound, coarse = sound_codes(np.where(chinese[:, None], name, 0).astype(np.uint32))
    # In letters, the order of given name and surname is a matter of taste.
    sound_key = mix(*sound.T)
    if not chinese.all():
        words = clean["name"].filter(~chinese).str.split(" ").list.sort().list.join(" ")
        sound_key[~chinese] = words.hash(seed=1).to_numpy()
    phone = places(clean["phone"], PHONE_WIDTH)
    idno = places(clean["idno"], ID_WIDTH)
    phone_code, id_code = codes_of(clean["phone"]), codes_of(clean["idno"])
    digits = (idno[:, :17] >= 48) & (idno[:, :17] <= 57)
    return Table(
        n=len(clean), clean=clean,
        name=name, name_code=codes_of(clean["name"]), name_length=length,
        name_masked=clean["name"].str.contains("*", literal=True).to_numpy(), chinese=chinese,
        sound=sound, coarse=coarse, sound_key=sound_key,
        phone=phone, phone_code=phone_code, phone_full=(phone_code >= 0) & ~(phone == MASK).any(axis=1),
        idno=idno, id_code=id_code, id_full=(id_code >= 0) & ~(idno == MASK).any(axis=1),
        id_resident=digits.all(axis=1) & (idno[:, 17] != 0), id_valid=id_passes(idno),
        plate=characters(clean["plate"], PLATE_WIDTH), plate_code=codes_of(clean["plate"]),
        employer=codes_of(clean["employer"]), industry=codes_of(clean["industry"]),
        county=codes_of(clean["county"]), source=codes_of(clean["source"]),
    )  # fmt: skip


def canonical(records: pl.DataFrame) -> tuple[pl.DataFrame, pl.Series]:
    """The clean columns and the ids, both in an order that the values alone decide, not the order of the rows."""
    clean = normalise(records)
    order = pl.DataFrame({"hash": clean.hash_rows(seed=7), "id": records["id"]})
    at = order.with_row_index("at").sort("hash", "id")["at"]
    return clean[at], records["id"][at]


def numbers(matrix: NDArray[np.uint8], start: int, stop: int) -> U64:
    """The bytes of the places start…stop of each row as one key."""
    part = np.ascontiguousarray(matrix[:, start:stop]).astype(np.uint64)
    key = np.zeros(len(part), dtype=np.uint64)
    with np.errstate(over="ignore"):
        for column in part.T:
            key = key * np.uint64(257) + column
    return key
