"""Small helpers: rows of a roster from keywords, and who ended up together."""

from __future__ import annotations

from typing import Any

import polars as pl

from nuanxin.engines.matching.rules import Matching, match

LI = {"name": "李秀霞", "phone": "13812345678", "idno": "430511199001010014"}


def roster(*rows: dict[str, Any]) -> pl.DataFrame:
    """One row per dict; `id` is the position unless given."""
    columns = dict.fromkeys(k for r in rows for k in r)
    data = [
        {"id": r.get("id", at), **{c: r.get(c) for c in columns if c != "id"}} for at, r in enumerate(rows)
    ]
    return pl.DataFrame(data, infer_schema_length=None)


def together(found: Matching, a: Any, b: Any, *, answer: bool = False) -> bool:
    """Whether two ids stand in one cluster (of the safe ones, or of the one answer)."""
    frame = found.answer if answer else found.clusters
    where = dict(zip(frame["id"], frame["cluster"], strict=True))
    return where[a] == where[b]


def joined(one: dict[str, Any], two: dict[str, Any]) -> bool:
    """Whether two rows alone are safely joined."""
    return together(match(roster(one, two)), 0, 1)


def band(one: dict[str, Any], two: dict[str, Any]) -> str | None:
    """The band of the pair, None where it is not even offered."""
    pairs = match(roster(one, two)).pairs
    return pairs["band"][0] if len(pairs) else None


def pair_counts(frame: pl.DataFrame, truth: pl.DataFrame) -> tuple[int, int, int]:
    """(right joins, joins, pairs that are one person)."""
    both = frame.join(truth.select("id", "person"), on="id")

    def pairs(*keys: str) -> int:
        size = both.group_by(keys).len()["len"].cast(pl.Int64)
        return int((size * (size - 1) // 2).sum())

    return pairs("cluster", "person"), pairs("cluster"), pairs("person")
