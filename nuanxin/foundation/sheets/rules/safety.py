"""Refuses harmful and unreadable files before anything is unpacked into memory.

A workbook is a zip of XML. Known harm: zip bombs (also with forged sizes and overlapping members), entity
declarations, one cell at XFD1048576 (the reader would reserve a dense grid of half a terabyte), attached
archives.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import Literal

from .problems import SheetRefused

Kind = Literal["xlsx", "xls", "text"]

SUFFIXES: dict[str, Kind] = {
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".xls": "xls",
    ".csv": "text",
    ".tsv": "text",
    ".txt": "text",
}
_MB = 1024 * 1024
_CHUNK = 4 * _MB
_PROLOG = 65_536
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ARCHIVES = (b"PK\x03\x04", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")
_TEXT_MARKUP = re.compile(rb"\s*<(?:\?xml|!doctype|html|table|meta|head)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Limits:
    """Generous for a district's real files; stated on the upload page."""

    size: int = 50 * _MB
    unpacked: int = 800 * _MB
    ratio: int = 200
    ratio_from: int = 16 * _MB  # small members may shrink as they like
    members: int = 2000
    rows: int = 200_000
    columns: int = 200


LIMITS = Limits()


def check_file(data: bytes, filename: str, limits: Limits = LIMITS) -> Kind:
    """The kind of the file, when it is safe to open; raises SheetRefused otherwise."""
    return inspect_file(data, filename, limits)[0]


def inspect_file(data: bytes, filename: str, limits: Limits = LIMITS) -> tuple[Kind, int]:
    """As `check_file`, with the number of cells that hold a formula's error, which read as empty."""
    suffix = PurePath(filename).suffix.lower()
    if len(data) > limits.size:
        raise SheetRefused("file.size", size=-(-len(data) // _MB), limit=limits.size // _MB)
    if not data:
        raise SheetRefused("file.empty")
    if suffix not in SUFFIXES:
        raise SheetRefused("file.suffix", suffix=suffix or "?")
    kind = SUFFIXES[suffix]
    actual = _actual(data)
    if actual == "password":
        raise SheetRefused("file.password")
    if actual != kind:
        raise SheetRefused("file.mismatch", suffix=suffix, actual=actual)
    return kind, check_workbook(data, limits) if kind == "xlsx" else 0


def _actual(data: bytes) -> str:
    if data.startswith(_OLE):
        # Excel wraps an encrypted .xlsx into an OLE file with this stream.
        return "password" if "EncryptedPackage".encode("utf-16-le") in data else "xls"
    if data.startswith(b"PK"):
        return "xlsx"
    if _TEXT_MARKUP.match(data[:400].lstrip(b"\xef\xbb\xbf")):
        return "html"
    if data.startswith((b"%PDF", b"{\\rtf", *_ARCHIVES)):
        return "pdf" if data.startswith(b"%PDF") else "?"
    # A worksheet of Excel 2 to 4 begins with a bare BOF record.
    return "xls" if data[:2] == b"\x09\x08" else "text"


def check_workbook(data: bytes, limits: Limits = LIMITS) -> int:
    """Looks at every member of an .xlsx once, a few MB at a time; the number of error cells."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if len(members) > limits.members:
                raise SheetRefused("zip.members", count=len(members), limit=limits.members)
            if any(member.flag_bits & 1 for member in members):
                raise SheetRefused("file.password")
            names = {member.filename for member in members}
            if len(names) != len(members):
                raise SheetRefused("file.damaged")
            _check_declared(members, limits)
            total = errors = 0
            for member in members:
                size, found = _check_member(data, member, limits, limits.unpacked - total)
                total += size
                errors += found
            if "[Content_Types].xml" not in names:
                raise SheetRefused("file.mismatch", suffix=".xlsx", actual="zip")
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        OSError,
        ValueError,
        RuntimeError,
        struct.error,
    ) as error:
        if isinstance(error, SheetRefused):
            raise
        raise SheetRefused("file.damaged") from error
    return errors


def _check_declared(members: list[zipfile.ZipInfo], limits: Limits) -> None:
    if sum(member.file_size for member in members) > limits.unpacked:
        raise SheetRefused("zip.unpacked", limit=limits.unpacked // _MB)
    for member in members:
        if member.file_size > limits.ratio_from and member.file_size > limits.ratio * max(
            member.compress_size, 1
        ):
            raise SheetRefused("zip.ratio", limit=limits.ratio)


def _check_member(data: bytes, member: zipfile.ZipInfo, limits: Limits, room: int) -> tuple[int, int]:
    """(bytes, error cells) the member really has; the declared size may lie, so it is inflated and counted."""
    size = 0
    scan: SheetScan | None = None
    for chunk in _inflated(data, member):
        if not size:
            if chunk.startswith(_ARCHIVES) or (
                chunk.startswith(_OLE) and "vbaProject" not in member.filename
            ):
                raise SheetRefused("zip.nested")
            if _is_xml(member.filename, chunk):
                _check_prolog(chunk)
                # All XML, because the reader takes what the relations name, whatever its root element.
                scan = SheetScan(limits)
        size += len(chunk)
        if size > room:
            raise SheetRefused("zip.unpacked", limit=limits.unpacked // _MB)
        if size > limits.ratio_from and size > limits.ratio * max(member.compress_size, 1):
            raise SheetRefused("zip.ratio", limit=limits.ratio)
        if scan:
            scan.feed(chunk)
    return size, scan.errors if scan else 0


def _inflated(data: bytes, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """The member's bytes in chunks; zipfile would stop at the declared size where the reader goes on."""
    name, extra = struct.unpack_from("<HH", data, member.header_offset + 26)
    start = member.header_offset + 30 + name + extra
    body = memoryview(data)[start : start + member.compress_size]
    if member.compress_type == zipfile.ZIP_STORED:
        for place in range(0, len(body), _CHUNK):
            yield bytes(body[place : place + _CHUNK])
    elif member.compress_type == zipfile.ZIP_DEFLATED:
        stream = zlib.decompressobj(-zlib.MAX_WBITS)
        rest: bytes | memoryview = body
        while not stream.eof and (chunk := stream.decompress(rest, _CHUNK)):
            yield chunk
            rest = stream.unconsumed_tail
    else:
        raise SheetRefused("file.damaged")


def _is_xml(name: str, chunk: bytes) -> bool:
    return name.endswith((".xml", ".rels", ".vml")) or chunk.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<")


def _check_prolog(chunk: bytes) -> None:
    """A document type can only stand before the root element; a prolog of more than 64 KB is nobody's."""
    text = chunk[:_PROLOG]
    wide = text[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in text[:4]
    if wide:
        text = text.replace(b"\x00", b"")
    text = re.sub(rb"<!--.*?-->|<\?.*?\?>", b"", text, flags=re.DOTALL)
    root = re.search(rb"<[^!?\s]", text)
    prolog = text[: root.start()] if root else text
    if b"<!DOCTYPE" in prolog.upper() or b"<!ENTITY" in prolog.upper():
        raise SheetRefused("xml.entities")
    # No program writes workbooks in UTF-16, and the search for far cells could not read them.
    if wide or b"<!" in prolog or (not root and len(chunk) >= _PROLOG):
        raise SheetRefused("file.damaged")


class SheetScan:
    """Finds cells with content beyond the limits, which the reader would make room for.

    Cells that are styled but empty (`<c r="A1048576" s="3"/>`) are harmless and common. Nearly every program
    writes `<c r="…"`, which is searched fast; a block with any other spelling is searched thoroughly.
    """

    # Columns from GA on, or rows of six digits from 200000 on; the numbers are then compared.
    _place = rb"""(?:([A-Za-z]{3,}|[G-Zg-z][A-Za-z])[0-9]*|[A-Za-z]{1,2}([2-9][0-9]{5}|[0-9]{7,}))"""
    # An empty element with plain attributes needs no room; a `>` inside a value must not make one look empty.
    _far = re.compile(rb'r="' + _place + rb'"(?!(?: [a-z]+="[0-9A-Za-z]*")* ?/>)')
    _far_any = re.compile(
        rb"""\br\s*=\s*["']\s*""" + _place + rb"""\s*["'](?!(?:\s+[a-z]+\s*=\s*["'][0-9A-Za-z]*["'])*\s*/>)"""
    )
    _other = re.compile(rb'<c(?! r="|[A-Za-z])')
    _prefixed = re.compile(rb":c[\s>]")
    _row = re.compile(rb"<(?:\w+:)?row\b")
    _row_number = re.compile(rb"""(?:\s+[^\s=>]+\s*=\s*(?:"[^"]*"|'[^']*'))*?\s+r\s*=\s*["']\s*([0-9]+)""")
    _cell = re.compile(rb"<(?:\w+:)?c[\s>/]")

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.rest = b""
        self.run = 0
        self.errors = 0

    def feed(self, chunk: bytes) -> None:
        """Looks at the next bytes of the worksheet; raises SheetRefused."""
        block = self.rest + chunk
        end = block.rfind(b">") + 1
        block, self.rest = block[:end], block[end:]
        if len(self.rest) > _MB:
            raise SheetRefused("file.damaged")
        self.errors += block.count(b' t="e"')
        unusual = self._other.search(block) or self._prefixed.search(block)
        for match in (self._far_any if unusual else self._far).finditer(block):
            letters, row = match.groups()
            if letters and column_number(letters.decode().upper()) > self.limits.columns:
                raise SheetRefused("sheet.columns", limit=self.limits.columns)
            self._check_row(row)
        if unusual:
            self._count_cells(block)
        else:
            self.run = 0

    def _check_row(self, number: bytes | None) -> None:
        # A hundred rows above the limit are left for titles and header.
        if number and (len(number) > 9 or int(number) > self.limits.rows + 100):
            raise SheetRefused("sheet.rows", limit=self.limits.rows)

    def _count_cells(self, block: bytes) -> None:
        """Cells without a reference are placed one after the other: their number is the width."""
        for place, row in enumerate(self._row.split(block)):
            if place:
                self.run = 0
                if number := self._row_number.match(row):
                    self._check_row(number.group(1))
            self.run += len(self._cell.findall(row))
            if self.run > self.limits.columns:
                raise SheetRefused("sheet.columns", limit=self.limits.columns)


def column_number(letters: str) -> int:
    """A → 1, Z → 26, AA → 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def column_letter(index: int) -> str:
    """0 → A, 25 → Z, 26 → AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
