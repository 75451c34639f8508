"""Who may see what: area × sector, permission by permission (块 × 条)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from .enums import Permission

ADMIN_PERMISSIONS = frozenset({Permission.SYSTEM_ADMIN, Permission.SECURITY_ADMIN, Permission.AUDIT_ADMIN})
"""三员分立 (GB/T 22239, dossier 4): one person never holds two of these, nor one of them with daily work."""

HOUSEKEEPING = frozenset({Permission.AREAS_EDIT, Permission.UNITS_EDIT})
"""What the system administrator keeps beside the lead department: neither personal data nor anybody's
rights."""

SECOND_FACTOR_PERMISSIONS = ADMIN_PERMISSIONS | {Permission.WORKERS_UNMASK}
"""Holding one of these, a person signs in with a second factor (GB/T 22239-2019 8.1.4.1 d)."""

LEVEL_DIGITS = (0, 2, 4, 6, 9, 12, 15)
"""Digits of a 15-digit area code that are significant at each level: country … grid."""


@lru_cache(maxsize=65536)
def area_range(code: int) -> tuple[int, int]:
    """The half-open range of all codes inside an area: 430121000000000 → (430121000000000, 430122000000000).

    0 is the whole country. The level is where the trailing zeros begin (code structure: dossier 3).
    """
    if not 0 <= code < 10**15:
        raise ValueError(f"area codes have 15 digits: {code}")
    text = f"{code:015d}"
    for digits in LEVEL_DIGITS:
        if text[digits:].strip("0") == "":
            return code, code + 10 ** (15 - digits)
    raise AssertionError("unreachable: 15 digits are the last level")


@lru_cache(maxsize=65536)
def area_level(code: int) -> int:
    """0 country, 1 province, 2 city, 3 county, 4 street, 5 village or community, 6 grid."""
    lower, upper = area_range(code)
    return LEVEL_DIGITS.index(15 - (len(str(upper - lower)) - 1))


def area_parent(code: int) -> int:
    """The code one level up; 0 stands above a province and above itself."""
    level = area_level(code)
    unit = 10 ** (15 - LEVEL_DIGITS[max(level - 1, 0)])
    return code // unit * unit


@dataclass(frozen=True)
class Grant:
    """What one posting gives: permissions over an area and over some sectors (None: all)."""

    area: int
    permissions: frozenset[str]
    unit_id: int
    sectors: frozenset[str] | None = None

    @property
    def bounds(self) -> tuple[int, int]:
        """The half-open range of the area codes inside."""
        return area_range(self.area)

    def part_of(self, other: "Grant") -> bool:
        """Gives nothing that `other` does not give: same unit, area inside, permissions and sectors among them."""
        lower, upper = other.bounds
        return (
            self.unit_id == other.unit_id
            and lower <= self.area < upper
            and self.permissions <= other.permissions
            and (other.sectors is None or (self.sectors is not None and self.sectors <= other.sectors))
        )

    def covers(self, area: int, sector: str = "") -> bool:
        lower, upper = self.bounds
        return lower <= area < upper and (self.sectors is None or sector in self.sectors)


@dataclass(frozen=True)
class Scope:
    """The postings in force of the person who asks. Every query takes one; the empty scope sees nothing."""

    user_id: int | None = None
    grants: tuple[Grant, ...] = field(default=())

    def grants_for(self, permission: str) -> tuple[Grant, ...]:
        return tuple(g for g in self.grants if permission in g.permissions)

    def may(self, permission: str) -> bool:
        """Holds the permission anywhere: enough to open a screen, never enough to see a record."""
        return bool(self.grants_for(permission))

    def allows(self, permission: str, area: int, sector: str = "") -> bool:
        """Holds the permission for this very place and sector."""
        return any(g.covers(area, sector) for g in self.grants_for(permission))

    def units(self, permission: str) -> frozenset[int]:
        return frozenset(g.unit_id for g in self.grants_for(permission))

    def part_of(self, other: "Scope") -> bool:
        """Whether everything this scope gives is given by `other` as well (it may be narrowed to one area)."""
        return self.user_id == other.user_id and all(
            any(mine.part_of(theirs) for theirs in other.grants) for mine in self.grants
        )

    @property
    def home_area(self) -> int:
        """The widest area of the person's postings: where lists and maps open."""
        return min((g.area for g in self.grants), key=lambda a: (area_level(a), a), default=0)


def clash(permissions: Iterable[str]) -> frozenset[str]:
    """The administrators' permissions in a set that must not be together; empty when the set is sound."""
    held = frozenset(permissions)
    admin = held & ADMIN_PERMISSIONS
    with_admin = HOUSEKEEPING if admin == {Permission.SYSTEM_ADMIN} else frozenset()
    daily = held - ADMIN_PERMISSIONS - {Permission.CONSOLE} - with_admin
    return admin if len(admin) > 1 or (admin and daily) else frozenset()


def granting_permission(permissions: Iterable[str]) -> Permission:
    """Which administrator gives a role with these permissions to a person.

    The system administrator staffs the daily work; whoever becomes an administrator is decided by the
    security administrator, so that the person who opens accounts cannot make a second self with more rights.
    """
    return Permission.SECURITY_ADMIN if ADMIN_PERMISSIONS & set(permissions) else Permission.SYSTEM_ADMIN


def needs_second_factor(permissions: Iterable[str]) -> bool:
    return bool(SECOND_FACTOR_PERMISSIONS & set(permissions))


@dataclass(frozen=True)
class UnmaskLimits:
    """How many full numbers one person may open in an hour before somebody looks, and before it stops."""

    alert: int = 50
    stop: int = 200


LONG_NUMBER = re.compile(r"[0-9０-９]{7}")


def reason_fault(reason: str) -> str:
    """What is wrong with a reason for opening a number: `short`, `number` or nothing.

    The reason goes into the facts, which carry no personal data: a reason with a phone or ID number in it is
    sent back.
    """
    if len(reason.strip()) < 4:
        return "short"
    return "number" if LONG_NUMBER.search(re.sub(r"[\s-]", "", reason)) else ""
