"""The versions of an enterprise: how they are put, linked into one chain of days, and taken back."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from nuanxin.foundation.facts import actions as facts
from nuanxin.foundation.vault.queries import keyring

from ..enums import EnterpriseFact
from ..models import Enterprise, EnterpriseVersion
from ..rules import PLAIN_COLUMNS, name_key, search_keys

BATCH = 1000

_CHAIN = """
    SELECT id, valid_to, LEAD(valid_from) OVER (PARTITION BY enterprise_id ORDER BY valid_from, id) AS ends
    FROM enterprises_enterpriseversion WHERE enterprise_id = ANY(%s)
"""
# Two statements, because each row is checked against the others as it is written: first those that end
# earlier make room, then those that end later grow into it.
_SHRINK = f"""
    UPDATE enterprises_enterpriseversion v SET valid_to = c.ends FROM ({_CHAIN}) c
    WHERE c.id = v.id AND c.ends IS NOT NULL AND (v.valid_to IS NULL OR v.valid_to > c.ends)
"""  # noqa: S608 no value stands in the text
_GROW = f"""
    UPDATE enterprises_enterpriseversion v SET valid_to = c.ends FROM ({_CHAIN}) c
    WHERE c.id = v.id AND v.valid_to IS DISTINCT FROM c.ends
"""  # noqa: S608


def relink(enterprises: Iterable[UUID]) -> None:
    """Each version ends where the next begins, the last one never; of two that begin on a day the later row counts."""
    ids = list(enterprises)
    with connection.cursor() as cursor:
        cursor.execute(_SHRINK, [ids])
        cursor.execute(_GROW, [ids])


def put_versions(versions: Sequence[EnterpriseVersion], *, by: int | None, origin: str) -> None:
    """Adds versions, thousands in a few statements; the days before and after are linked anew.

    The caller gives `enterprise_id`, `valid_from` and the columns; search keys, `recorded_by` and `origin` are
    filled in here. Must be called inside a transaction; the facts are the caller's.
    """
    for version in versions:
        keys = search_keys(version.name)
        version.pinyin, version.initials, version.chars = keys
        version.name_key = name_key(version.name)
        version.valid_to = version.valid_from  # no day yet: `relink` gives it its days
        version.recorded_by, version.origin = by, origin
    EnterpriseVersion.objects.bulk_create(versions, batch_size=BATCH)
    relink({v.enterprise_id for v in versions})


def contents(version: EnterpriseVersion | None) -> dict[str, Any]:
    """What a version says, for comparison; the phone stands as its blind index, for two seals never look alike."""
    if version is None:
        return {}
    return {c: getattr(version, c) for c in PLAIN_COLUMNS} | {"phone": _bytes(version.phone_index)}


def comparable(said: Mapping[str, Any]) -> dict[str, Any]:
    """Values of a change in the form of `contents`."""
    found = dict(said)
    if "phone" in found:
        found["phone"] = keyring().index("enterprise.phone", found["phone"])
    return found


def successor(
    base: EnterpriseVersion | None, enterprise: UUID, on: date, said: Mapping[str, Any]
) -> EnterpriseVersion:
    """The next version, not saved: the columns of `base` with what is said now."""
    version = EnterpriseVersion(enterprise_id=enterprise, valid_from=on)
    if base is not None:
        for column in (*PLAIN_COLUMNS, "phone", "phone_index"):
            setattr(version, column, getattr(base, column))
        version.held = list(base.held)
    for column, value in said.items():
        if column == "phone":
            version.phone = keyring().seal("enterprise.phone", value)
            version.phone_index = keyring().index("enterprise.phone", value)
        else:
            setattr(version, column, value)
    return version


def record_by_place(
    kind: EnterpriseFact, places: Iterable[tuple[int, str]], *, subject: str, by: int | None, **detail: object
) -> None:
    """The facts of a bulk action: one per area and sector, with its quantity."""
    for (area, sector), quantity in sorted(Counter(places).items()):
        facts.record(kind, subject=subject, by=by, area=area, sector=sector, quantity=quantity, **detail)


@transaction.atomic
def remove_origin(origin: str, *, by: int | None = None) -> int:
    """Takes back what one import said (`origin` as given to the upsert); how many versions went.

    The version before is current again, one made later by hand stays. An enterprise of which nothing is left
    goes too, unless a person is still engaged there: then its last version stays, so that it keeps its name.
    """
    if not origin:
        raise ValueError("what was written by hand has no origin")
    touched = set(EnterpriseVersion.objects.filter(origin=origin).values_list("enterprise_id", flat=True))
    list(Enterprise.objects.select_for_update().filter(pk__in=touched).order_by("pk").values_list("pk"))
    others = EnterpriseVersion.objects.filter(enterprise_id__in=touched).exclude(origin=origin)
    bare = touched - set(others.values_list("enterprise_id", flat=True))
    needed = set(
        Enterprise.objects.filter(pk__in=bare, engagements__isnull=False).values_list("pk", flat=True)
    )
    needed |= set(Enterprise.objects.filter(merged_into__in=bare).values_list("merged_into_id", flat=True))
    leaving = EnterpriseVersion.objects.filter(origin=origin).exclude(enterprise_id__in=needed)
    places = list(leaving.values_list("area_id", "sector"))
    leaving.delete()
    Enterprise.objects.filter(pk__in=bare - needed).delete()
    relink(touched - bare)
    record_by_place(EnterpriseFact.UNDONE, places, subject=origin, by=by)
    return len(places)


def _bytes(value: Any) -> bytes | None:
    return None if value is None else bytes(value)
