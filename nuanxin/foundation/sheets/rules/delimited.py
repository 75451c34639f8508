"""Text tables: which encoding, which delimiter, and the rows as a spreadsheet program would number them."""

from __future__ import annotations

import csv
import io
import re

from .problems import SheetRefused

DELIMITERS = ",\t;；|，"
_SAMPLE_LINES = 60
_FIELD_LIMIT = 131_072

# Exporting programs force text with ="0123"; our own writer guards formulas with an apostrophe.
_FORCED = re.compile(r'="([^"]*)"')
_GUARDED = re.compile(r"'[=+\-@\t\r']")


def decode(data: bytes) -> str:
    """UTF-8 with or without BOM, UTF-16 with BOM or plainly so, else GB18030; refused when none fits."""
    if data.startswith(b"\xef\xbb\xbf"):
        return _strictly(data[3:], "utf-8")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _strictly(data, "utf-16")
    sample = data[:4096]
    if zeros := sample.count(0):
        # Plain letters, commas and line ends have a zero byte in UTF-16, first or second by byte order.
        if zeros < len(sample) // 50:
            raise SheetRefused("file.encoding", position=sample.index(0) + 1)
        return _strictly(data, "utf-16-be" if sample[::2].count(0) > sample[1::2].count(0) else "utf-16-le")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _strictly(data, "gb18030")


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise SheetRefused("file.encoding", position=error.start + 1) from error


def sniff_delimiter(text: str, suffix: str = "") -> str:
    """The delimiter that splits most of the first lines into the same number of fields, at least two."""
    sample = "".join(text[: 64 * 1024].splitlines(keepends=True)[:_SAMPLE_LINES])
    best, best_score = "\t" if suffix == ".tsv" else ",", 0.0
    for delimiter in DELIMITERS:
        widths = [len(row) for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter) if row]
        wide = [width for width in widths if width > 1]
        if not wide:
            continue
        common = max(set(wide), key=wide.count)
        score = wide.count(common) * common + (0.5 if delimiter == best else 0)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def read_rows(data: bytes, suffix: str = "", *, max_rows: int) -> list[list[str]]:
    """All rows, padded to the same width; the n-th is row n+1 of the file as a spreadsheet shows it."""
    text = decode(data)
    if "\x00" in text:
        raise SheetRefused("file.encoding", position=text.index("\x00") + 1)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sniff_delimiter(text, suffix))
    rows: list[list[str]] = []
    old_limit = csv.field_size_limit(_FIELD_LIMIT)
    try:
        for row in reader:
            rows.append(row)
            if len(rows) > max_rows:
                raise SheetRefused("sheet.rows", limit=max_rows)
    except csv.Error as error:
        raise SheetRefused("file.quotes", row=len(rows) + 1) from error
    finally:
        csv.field_size_limit(old_limit)
    width = max(map(len, rows), default=0)
    needs_unguarding = "'" in text or '="' in text
    for place, row in enumerate(rows):
        if len(row) < width:
            row.extend([""] * (width - len(row)))
        if needs_unguarding:
            rows[place] = list(map(unguard, row))
    return rows


def unguard(text: str) -> str:
    """The value behind the signs that keep spreadsheet programs from calculating it."""
    if text[:1] == "'":
        return text[1:] if _GUARDED.match(text) or text[1:2].isdigit() else text
    if text[:2] == '="' and (match := _FORCED.fullmatch(text)):
        return match[1]
    return text
