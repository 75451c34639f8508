"""What rosters say of firms, put into the ledger many at a time."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from uuid_utils.compat import uuid7

from ..enums import EnterpriseFact, EnterpriseStatus
from ..models import Enterprise, EnterpriseVersion, Platform
from ..rules import changed_columns, columns_of, contains, from_roster, name_key
from .versions import BATCH, comparable, contents, put_versions, record_by_place, successor

_LOCK = 7_260_421
"""First number of the advisory lock that lets one consolidation of a county write firms at a time."""


@dataclass
class _Firm:
    """A firm of the batch: known already, or to be made."""

    id: UUID
    credit_code: str | None
    new: bool
    said: dict[str, Any] = field(default_factory=dict)


@transaction.atomic
def upsert_enterprises(
    rows: Sequence[Mapping[str, Any]], *, on: date, by: int | None, origin: str
) -> list[UUID]:
    """The enterprise of each row, made or brought up to date as of `on`; in the order of the rows.

    A row names columns of EnterpriseVersion (`name` and `area` at least; other keys are passed over) and
    `credit_code`; values may stand as JSON keeps them, the phone is plain text. The same firm: the same credit code; else the same
    name (`rules.name_key`) within the county, where not both have a code. Of several rows for one firm the
    first to say something counts. What a row leaves empty stays as it was, what was set by hand stays, a masked
    phone replaces nothing, and a row that says nothing new makes no version.
    """
    codes = [str(row.get("credit_code") or "").strip().upper() for row in rows]
    codes = ["" if "*" in code else code for code in codes]
    said = _said(rows)
    counties = [values["area_id"] // 10**9 for values in said]
    with connection.cursor() as cursor:
        for county in sorted(set(counties)):
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, county])
    firms = _assign(codes, [name_key(v["name"]) for v in said], counties)
    for firm, values in zip(firms, said, strict=True):
        for column, value in values.items():
            if value in (None, ""):
                continue
            known = firm.said.setdefault(column, value)
            if column == "area_id" and contains(known, value):
                firm.said[column] = value  # the finer place of two
    distinct = list({firm.id: firm for firm in firms}.values())
    _write(distinct, on=on, by=by, origin=origin)
    return [firm.id for firm in firms]


def _said(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What the rows say, by column and as the columns hold it; platforms may be named by id, code, name or alias."""
    platforms: dict[Any, int] = {}
    for platform in Platform.objects.order_by("-code"):
        for word in (platform.pk, platform.code, platform.name, *platform.aliases):
            platforms[word] = platform.pk
    fields = {f.attname: f for f in EnterpriseVersion._meta.concrete_fields}
    found = []
    for row in rows:
        said = columns_of(row, strict=False)
        said["platform_id"] = platforms.get(said.get("platform_id"))
        found.append(
            {c: v if v in (None, "") else fields[c].to_python(v) for c, v in said.items() if c != "phone"}
        )
        found[-1]["phone"] = said.get("phone")
    return found


def _assign(codes: Sequence[str], names: Sequence[str], counties: Sequence[int]) -> list[_Firm]:
    """Which firm each row speaks of."""
    by_code, by_name = _known(codes, names, counties)
    firms = []
    for code, name, county in zip(codes, names, counties, strict=True):
        place = (name, county)
        firm = by_code.get(code) if code else None
        if firm is None:
            fitting = (f for f in by_name[place] if not code or f.credit_code in (None, code))
            firm = next(fitting, None) if name else None
        if firm is None:
            firm = _Firm(uuid7(), code or None, new=True)
            by_name[place].append(firm)
        if code:
            firm.credit_code = firm.credit_code or code
            by_code.setdefault(code, firm)
        elif not firm.new and firm not in by_name[place]:
            by_name[place].append(firm)
        firms.append(firm)
    return firms


def _known(
    codes: Sequence[str], names: Sequence[str], counties: Sequence[int]
) -> tuple[dict[str, _Firm], defaultdict[tuple[str, int], list[_Firm]]]:
    """The firms of the ledger that the rows may mean; one that was merged stands for the one it went into."""
    firms: dict[UUID, _Firm] = {}

    def firm(pk: UUID, code: str | None) -> _Firm:
        return firms.setdefault(pk, _Firm(pk, code, new=False))

    by_code = {}
    wanted = {code for code in codes if code}
    found = Enterprise.objects.filter(credit_code__in=wanted).select_related("merged_into")
    for enterprise in found:
        target = enterprise.merged_into or enterprise
        by_code[enterprise.credit_code or ""] = firm(target.pk, target.credit_code)
    by_name: defaultdict[tuple[str, int], list[_Firm]] = defaultdict(list)
    current = (
        EnterpriseVersion.objects.filter(valid_to=None, name_key__in=set(names) - {""})
        .filter(enterprise__merged_into=None)
        .order_by("enterprise_id")
        .values_list("name_key", "area_id", "enterprise_id", "enterprise__credit_code")
    )
    for key, area, pk, code in current:
        if area // 10**9 in counties:
            by_name[key, area // 10**9].append(firm(pk, code))
    return by_code, by_name


def _write(firms: Sequence[_Firm], *, on: date, by: int | None, origin: str) -> None:
    known = [firm for firm in firms if not firm.new]
    before = {
        version.enterprise_id: version
        for version in EnterpriseVersion.objects.select_for_update()
        .filter(enterprise_id__in=[firm.id for firm in known], valid_from__lte=on)
        .order_by("enterprise_id", "valid_from", "id")
    }  # the last one of each firm is the version of the day
    versions: list[EnterpriseVersion] = []
    fresh: list[tuple[int, str]] = []
    changed: list[tuple[int, str]] = []
    for firm in firms:
        base = before.get(firm.id)
        # a firm that a roster names is in business, unless somebody who knew closed it
        active = {"status": EnterpriseStatus.ACTIVE.value}
        said = from_roster(active | firm.said, base.held if base else (), contents(base))
        if base is not None and not changed_columns(contents(base), comparable(said)):
            continue
        version = successor(base, firm.id, on, said)
        versions.append(version)
        (fresh if firm.new else changed).append((version.area_id, version.sector))
    Enterprise.objects.bulk_create(
        [Enterprise(pk=firm.id, credit_code=firm.credit_code) for firm in firms if firm.new], batch_size=BATCH
    )
    coded = [Enterprise(pk=f.id, credit_code=f.credit_code) for f in known if f.credit_code]
    without = set(
        Enterprise.objects.filter(pk__in=[e.pk for e in coded], credit_code=None).values_list("pk", flat=True)
    )
    Enterprise.objects.bulk_update([e for e in coded if e.pk in without], ["credit_code"], batch_size=BATCH)
    put_versions(versions, by=by, origin=origin)
    record_by_place(EnterpriseFact.REGISTERED, fresh, subject=origin, by=by)
    record_by_place(EnterpriseFact.CHANGED, changed, subject=origin, by=by)
