"""What holds of enterprises whatever the database: names, owners, keys of records, what a change is."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pypinyin import Style, lazy_pinyin

from nuanxin.foundation.access.enums import Sector
from nuanxin.foundation.access.rules import area_level, area_range
from nuanxin.foundation.codes.rules.text import clean_text
from nuanxin.registry.units.enums import UnitKind


class SearchKeys(NamedTuple):
    """How a name is found: whole pinyin, initials, and the set of its characters."""

    pinyin: str
    initials: str
    chars: list[str]


def search_keys(name: str) -> SearchKeys:
    """长沙蜂鸟（星沙）站 → changshafengniaoxingshazhan, csfnxsz, its characters sorted. Latin and digits stay."""
    syllables = [s for part in lazy_pinyin(name, style=Style.NORMAL) if (s := _letters(part))]
    initials = "".join(s if s.isascii() and s.isdigit() else s[0] for s in syllables)
    return SearchKeys("".join(syllables)[:400], initials[:120], characters(name))


def characters(name: str) -> list[str]:
    """The distinct characters of a name that a search can ask for, in order, letters small."""
    return sorted({c for c in name.lower() if c.isalnum()})


def _letters(text: str) -> str:
    return "".join(c for c in text.lower() if c.isalnum())


def name_key(name: str) -> str:
    """One spelling of a firm's name: no spaces or signs, half-width letters, small."""
    return _letters(unicodedata.normalize("NFKC", clean_text(name)))[:120]


ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
"""Base 58: no 0, O, I, l, so that a key can be read aloud."""


def record_key(prefix: str, record: UUID) -> str:
    """The 编号 of a record in exported sheets: a letter and 22 signs, always text for a spreadsheet."""
    number, signs = record.int, []
    for _step in range(22):
        number, rest = divmod(number, 58)
        signs.append(ALPHABET[rest])
    return prefix + "".join(reversed(signs))


def parse_record_key(prefix: str, key: str) -> UUID | None:
    """The record behind a 编号, None when the text is none."""
    if len(key) != 23 or not key.startswith(prefix):
        return None
    number = 0
    for sign in key[1:]:
        if (place := ALPHABET.find(sign)) < 0:
            return None
        number = number * 58 + place
    return UUID(int=number) if number < 2**128 else None


class Office(Protocol):
    """What `owners` reads of a unit."""

    id: int
    kind: str
    area_id: int
    sectors: list[str]


@dataclass(frozen=True)
class Owners:
    """Who answers for an enterprise (条抓块统): by line, by area; the area answers where no line holds it (兜底)."""

    industry: Any | None
    territory: Any | None

    @property
    def responsible(self) -> Any | None:
        return self.industry or self.territory

    @property
    def fallback(self) -> bool:
        return self.industry is None and self.territory is not None


def owners(
    area: int,
    sector: str,
    units: Iterable[Office],
    *,
    industry: Any | None = None,
    territory: Any | None = None,
) -> Owners:
    """The owners of an enterprise in `area` and `sector`, from the open units; what is set by hand stands.

    Industry owner: the department nearest above the place that answers for the sector by name (a department
    without sectors answers for none). Territory owner: the community, else the street, around the place. Of
    two at the same level the first by id, so that the answer does not change from one look to the next.
    """
    line, place = [], []
    for unit in units:
        lower, upper = area_range(unit.area_id)
        if not lower <= area < upper:
            continue
        rank = (-area_level(unit.area_id), unit.id)
        if unit.kind == UnitKind.DEPARTMENT and sector in unit.sectors:
            line.append((rank, unit))
        elif unit.kind in (UnitKind.COMMUNITY, UnitKind.STREET):
            place.append((rank, unit))
    return Owners(
        industry or (min(line, key=lambda r: r[0])[1] if line else None),
        territory or (min(place, key=lambda r: r[0])[1] if place else None),
    )


PLAIN_COLUMNS = (
    *("name", "area_id", "sector", "industry_code", "platform_id", "business_model", "status"),
    *("registered_address", "address", "principal"),
    *("staff_full", "staff_part", "staff_crowd"),
    *("members_full", "members_probationary", "members_floating", "applicants", "activists"),
    *("formation", "party_org", "party_org_since", "secretary", "instructor", "mass_orgs"),
    *("charter_clause", "not_formed_reason", "surveyor", "surveyed_on", "note"),
    *("industry_owner_id", "territory_owner_id"),
)
"""The columns of a version that a change can name; the phone comes beside them, sealed."""

COLUMNS = (*PLAIN_COLUMNS, "phone")

LABELS = {
    "name": _("企业名称"),
    "area_id": _("实际经营地"),
    "sector": _("行业类别"),
    "industry_code": _("国民经济行业代码"),
    "platform_id": _("所属平台/品牌"),
    "business_model": _("经营模式"),
    "status": _("状态"),
    "registered_address": _("注册地"),
    "address": _("经营地址"),
    "principal": _("负责人"),
    "phone": _("电话"),
    "staff_full": _("全职"),
    "staff_part": _("兼职"),
    "staff_crowd": _("众包"),
    "members_full": _("正式党员"),
    "members_probationary": _("预备党员"),
    "members_floating": _("流动党员"),
    "applicants": _("入党申请人"),
    "activists": _("积极分子"),
    "formation": _("组建方式"),
    "party_org": _("党组织名称"),
    "party_org_since": _("成立时间"),
    "secretary": _("书记"),
    "instructor": _("指导员"),
    "mass_orgs": _("工会/团/妇"),
    "charter_clause": _("党建入章"),
    "not_formed_reason": _("未组建原因"),
    "surveyor": _("摸排人"),
    "surveyed_on": _("摸排日期"),
    "note": _("备注"),
    "industry_owner_id": _("行业主管单位"),
    "territory_owner_id": _("属地责任单位"),
}
"""What each column is called (新业态企业摸排表, dossier 5)."""

_WITHOUT_ID = {"area": "area_id", "platform": "platform_id", "industry_owner": "industry_owner_id"} | {
    "territory_owner": "territory_owner_id"
}


def columns_of(values: Mapping[str, Any], *, strict: bool = True) -> dict[str, Any]:
    """`values` under the names of the columns (`area` is `area_id`).

    Others are left out, as a roster says more than the ledger keeps; `strict` raises KeyError for them.
    """
    found = {}
    for key, value in values.items():
        column = _WITHOUT_ID.get(key, key)
        if column in COLUMNS:
            found[column] = value
        elif strict:
            raise KeyError(key)
    return found


def changed_columns(before: Mapping[str, Any], wanted: Mapping[str, Any]) -> list[str]:
    """The columns in which `wanted` says something else than `before`."""
    return [column for column, value in wanted.items() if before.get(column) != value]


def from_roster(
    said: Mapping[str, Any], held: Iterable[str] = (), before: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """What a roster may change of what was known `before`: nothing set by hand, nothing by an empty cell.

    A masked number replaces no full one. A wider place around the known one (the district of an upload whose
    rows name no street) and the sector "other" say less than what is known.
    """
    kept = set(held)
    wanted = {c: v for c, v in said.items() if v not in (None, "") and c not in kept}
    if "*" in str(wanted.get("phone", "")):
        del wanted["phone"]
    if before:
        if "area_id" in wanted and contains(wanted["area_id"], before.get("area_id")):
            del wanted["area_id"]
        if wanted.get("sector") == Sector.OTHER and before.get("sector"):
            del wanted["sector"]
    return wanted


def contains(area: int, other: int | None) -> bool:
    """Whether a place contains another one, or is the same."""
    lower, upper = area_range(area)
    return other is not None and lower <= other < upper
