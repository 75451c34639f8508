"""A target: what rows of a file can become. Apps above register theirs; the engine knows none by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, Protocol
from uuid import UUID

from django.utils.translation import gettext

from nuanxin.foundation.sheets.rules.mapping import FieldSpec
from nuanxin.foundation.sheets.rules.table import Column

from .checker import Checked


def name_key(text: str) -> str:
    """A name without spaces and signs, in lower case: how names are looked up."""
    return "".join(filter(str.isalnum, text)).casefold()


@dataclass(frozen=True, slots=True)
class PlaceAnswer:
    """What a text means as a place inside the upload's area.

    `found` has the code; `wide` names a place around ours, which says nothing new; `outside` one elsewhere;
    `unknown` and `several` name no single place.
    """

    outcome: Literal["found", "wide", "outside", "unknown", "several"]
    code: int = 0


@dataclass(frozen=True)
class CheckContext:
    """Everything a check may know beside the cells: it reads neither clock nor database."""

    today: date
    area: int  # rows may not stand outside it
    sector: str = ""  # of rows that name none
    sectors: frozenset[str] | None = None  # those of the unit; None: all
    # what a text means as a place; True: as an address, whatever follows the place
    place: Callable[[str, bool], PlaceAnswer] = lambda text, address: PlaceAnswer("unknown")
    platforms: Mapping[str, str] = field(
        default_factory=dict
    )  # code by name and alias, written as `name_key`


class Check(Protocol):
    """Checks a whole table at once, column by column. Pure."""

    def __call__(self, columns: Mapping[str, Column], size: int, context: CheckContext, /) -> Checked: ...


@dataclass(frozen=True, slots=True)
class ContextOffer:
    """What a file would belong to (a survey round), offered for an area; `label` is for people."""

    context: dict[str, Any]
    label: str


class NoContext(Exception):
    """There is nothing a file could belong to; `str()` is the sentence for people."""


def _nothing_needed(area: int) -> ContextOffer:
    return ContextOffer({}, "")


def _nothing_follows(upload: UUID) -> None:
    return None


@dataclass(frozen=True)
class Target:
    """`fields` describe the columns (aliases, kinds, required); `check` turns cells into values and findings.

    `context_form(area)` offers what the file belongs to or raises NoContext. `on_committed` and `on_undone` run as
    jobs that are queued in the transaction of the change. `one_of`: at least one of these columns must be there.
    `masks` names for each field how its values are hidden on screens.
    """

    code: str
    label: Any
    fields: Sequence[FieldSpec]
    check: Check
    one_of: tuple[str, ...] = ()
    masks: Mapping[str, str] = field(default_factory=dict)
    context_form: Callable[[int], ContextOffer] = _nothing_needed
    on_committed: Callable[[UUID], None] = _nothing_follows
    on_undone: Callable[[UUID], None] = _nothing_follows

    def spec(self, code: str) -> FieldSpec | None:
        return next((f for f in self.fields if f.code == code), None)

    def label_of(self, code: str) -> str:
        """In the active language: the specs carry the Chinese text, because it is also a header."""
        spec = self.spec(code)
        return gettext(spec.label) if spec else code
