"""Matching a file without a database: what `nuanxin match FILE --out FILE` does."""

from __future__ import annotations

import codecs
import io
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from .rules import MatchingRefused, match
from .rules.normalise import COLUMNS

__all__ = ["MatchedFile", "MatchingRefused", "match_file"]

_BOM = b"\xef\xbb\xbf"
_ADDED = ("cluster", "confidence")
# A source alone says nothing about a person.
_NEEDED = tuple(c for c in COLUMNS if c not in ("source", "industry", "county"))


@dataclass(frozen=True)
class MatchedFile:
    """What was written: number of rows, and of people they were joined into."""

    out: Path
    rows: int
    clusters: int


def match_file(
    source: Path, out: Path, *, safe: bool = False, progress: Callable[[str, float], None] | None = None
) -> MatchedFile:
    """Read a .csv or .parquet, write it again with the columns `cluster` and `confidence` added.

    Rows keep their order and every other column its text (leading zeros included). Matching columns, in
    any case and order: source, name, phone, idno, plate, employer, industry, county. A CSV may be
    UTF-8, with or without BOM, or GB18030; the result is UTF-8, with BOM where the input was not plain
    UTF-8, so that Excel opens it.

    `cluster` is one number per person. By default pairs are joined at the threshold of the best F1,
    because the reader of a file wants one answer; with `safe` only what may be joined without a
    person's eye. `confidence` (0…1) is how surely the row stands in the right cluster. `progress` is
    told steps as by `match`, after 'read' and before 'write'. Raises MatchingRefused, with the mend in
    Chinese and English; the output is written whole or not at all.
    """
    tell = progress or (lambda step, share: None)
    source, out = Path(source), Path(out)
    for path in (source, out):
        if path.suffix.lower() not in (".csv", ".parquet"):
            raise MatchingRefused("unknown_format", {"path": path.name})
    if not source.is_file():
        raise MatchingRefused("not_found", {"path": str(source)})
    if out.exists() and os.path.samefile(source, out):
        raise MatchingRefused("same_file")
    tell("read", 0.0)
    frame, bom = _read(source)
    found = match(_matching_columns(frame), progress=progress)
    clusters = (found.clusters if safe else found.answer).sort("id")
    tell("write", 1.0)
    result = frame.with_columns(clusters["cluster"], clusters["confidence"].round(6))
    _write(result, out, bom)
    return MatchedFile(out=out, rows=len(frame), clusters=clusters["cluster"].n_unique())


def _matching_columns(frame: pl.DataFrame) -> pl.DataFrame:
    """The columns that matching reads, under their own names, with the row number as id."""
    names = {c.strip().lower(): c for c in frame.columns}
    if not any(c in names for c in _NEEDED):
        raise MatchingRefused(
            "no_columns", {"wanted": ", ".join(_NEEDED), "found": ", ".join(frame.columns) or "—"}
        )
    for column in COLUMNS:
        same = [c for c in frame.columns if c.strip().lower().removesuffix("_duplicated_0") == column]
        if len(same) > 1:
            raise MatchingRefused("repeated_column", {"column": column})
    for column in _ADDED:
        if column in names:
            raise MatchingRefused("column_taken", {"column": column})
    wanted = frame.select(pl.col(names[c]).alias(c) for c in COLUMNS if c in names)
    return wanted.with_row_index("id")


def _read(path: Path) -> tuple[pl.DataFrame, bool]:
    """The file with text columns only for a CSV, and whether the result needs a BOM."""
    try:
        if path.suffix.lower() == ".parquet":
            return pl.read_parquet(path), False
        data = path.read_bytes()
        bom = data.startswith(_BOM)
        plain = data[len(_BOM) :] if bom else data
        text, legacy = _utf8(plain, path)
        if b"\n" not in text:
            text = text.replace(b"\r", b"\n")
        head = text[: text.find(b"\n")] if b"\n" in text else text
        separator = max(",\t;", key=lambda s: head.count(s.encode()))
        frame = pl.read_csv(
            io.BytesIO(text), infer_schema=False, separator=separator, empty_string_is_null=False
        )
        return frame, bom or legacy
    except (pl.exceptions.PolarsError, OSError) as error:
        detail = str(error).splitlines()[0]
        raise MatchingRefused("unreadable", {"path": path.name, "detail": detail}) from error


def _utf8(data: bytes, path: Path) -> tuple[bytes, bool]:
    """The text as UTF-8, and whether it was something else. GB18030 is what Chinese Excel saves by default."""
    try:
        if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return data.decode("utf-16").encode("utf-8"), True
        data.decode("utf-8")
    except UnicodeDecodeError:
        try:
            return data.decode("gb18030").encode("utf-8"), True
        except UnicodeDecodeError as error:
            raise MatchingRefused("unknown_encoding", {"path": path.name}) from error
    return data, False


def _write(frame: pl.DataFrame, out: Path, bom: bool) -> None:
    """Beside the target first, then in one step: a reader never sees half a file."""
    draft = out.with_name(f".{out.name}.{os.getpid()}.part")
    try:
        if out.suffix.lower() == ".parquet":
            frame.write_parquet(draft)
        else:
            # Null, because polars writes an empty text as "" in quotes.
            texts = pl.col(pl.String).replace({"": None})
            frame.with_columns(texts).write_csv(draft, include_bom=bom)
        draft.replace(out)
    except OSError as error:
        raise MatchingRefused("not_writable", {"path": str(out), "detail": str(error)}) from error
    finally:
        draft.unlink(missing_ok=True)
