"""One enterprise by hand: registered, changed, closed, merged, with its sites and links."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from nuanxin.foundation.access.actions import note_unmask
from nuanxin.foundation.access.enums import Permission
from nuanxin.foundation.access.rules import Scope
from nuanxin.foundation.codes.rules.credit_code import parse_credit_code
from nuanxin.foundation.codes.rules.phone import parse_phone
from nuanxin.foundation.codes.rules.refusal import CodeRefused, Masked
from nuanxin.foundation.facts import actions as facts
from nuanxin.foundation.vault.queries import keyring

from ..enums import EnterpriseFact, EnterpriseStatus, LinkKind
from ..models import Enterprise, EnterpriseLink, EnterpriseVersion, Site
from ..rules import PLAIN_COLUMNS, changed_columns, columns_of
from .versions import comparable, contents, put_versions, successor


class EnterpriseRefused(Exception):
    """What cannot be done with an enterprise. `str()` is the sentence for the person; `field` the place in a form."""

    def __init__(self, code: str, *, field: str = "", message: object = "", **params: object) -> None:
        super().__init__(code)
        self.code, self.field, self.params = code, field, params
        self.message = message or MESSAGES[code]

    def __str__(self) -> str:
        return str(self.message) % self.params if self.params else str(self.message)


MESSAGES = {
    "name": _("请填写企业名称"),
    "area": _("请选择企业所在的街道或社区"),
    "credit_known": _("这个统一社会信用代码已登记在“%(name)s”名下，请直接修改那一家"),
    "credit_masked": _("统一社会信用代码要填完整"),
    "merged": _("这家企业已并入另一家，请到那一家修改"),
    "same": _("请选择两家不同的企业"),
    "two_codes": _("两家企业的统一社会信用代码都有且不同，不是同一家"),
    "site_name": _("请填写站点名称"),
    "linked": _("这两家企业已有这种关联"),
    "before": _("这家企业从 %(first)s 起才有记录，生效日期不能更早"),
}


@transaction.atomic
def register_enterprise(*, by: int | None, on: date, credit_code: str = "", **values: Any) -> Enterprise:
    """A firm that no roster has named yet. `values` are columns of the version: name, area and sector at least.

    Raises EnterpriseRefused.
    """
    said = _checked(columns_of(values))
    for needed, field in (("name", "name"), ("area_id", "area")):
        if not said.get(needed):
            raise EnterpriseRefused(field, field=field)
    code = _credit_code(credit_code)
    if code and (known := Enterprise.objects.filter(credit_code=code).first()):
        raise EnterpriseRefused("credit_known", field="credit_code", name=_name_of(known.pk))
    enterprise = Enterprise.objects.create(credit_code=code)
    version = _by_hand(successor(None, enterprise.pk, on, said), said)
    put_versions([version], by=by, origin="")
    _record(EnterpriseFact.REGISTERED, version, by)
    return enterprise


@transaction.atomic
def change_enterprise(
    *, by: int | None, enterprise: UUID, valid_from: date, changes: Mapping[str, Any]
) -> bool:
    """What is different from `valid_from` on; False when nothing is. Later versions stay as they are.

    What is set by hand is held: rosters imported later do not overwrite it. `credit_code` may be among the
    changes; it belongs to the firm, not to a version. Raises EnterpriseRefused, Enterprise.DoesNotExist.
    """
    row, base = _locked(enterprise, valid_from)
    wanted = dict(changes)
    code = _credit_code(wanted.pop("credit_code")) if "credit_code" in wanted else row.credit_code
    said = _checked(columns_of(wanted))
    if "name" in said and not said["name"]:
        raise EnterpriseRefused("name", field="name")
    different = changed_columns(contents(base), comparable(said))
    if code != row.credit_code:
        other = Enterprise.objects.filter(credit_code=code).exclude(pk=row.pk).first() if code else None
        if other is not None:
            raise EnterpriseRefused("credit_known", field="credit_code", name=_name_of(other.pk))
        row.credit_code = code
        row.save(update_fields=["credit_code"])
    elif not different:
        return False
    version = base
    if different:
        version = _by_hand(
            successor(base, row.pk, valid_from, {c: said[c] for c in different}),
            {c: said[c] for c in different},
        )
        put_versions([version], by=by, origin="")
    _record(EnterpriseFact.CHANGED, version, by, columns=different, valid_from=valid_from.isoformat())
    return True


@transaction.atomic
def close_enterprise(
    *,
    by: int | None,
    enterprise: UUID,
    on: date,
    status: EnterpriseStatus = EnterpriseStatus.CLOSED,
    note: str = "",
) -> bool:
    """The firm is out of business, or has moved away, from `on`; False when the ledger says so already."""
    row, base = _locked(enterprise, on)
    said: dict[str, Any] = {"status": status.value} | ({"note": note} if note else {})
    if base.status == status.value:
        return False
    version = _by_hand(successor(base, row.pk, on, said), said)
    put_versions([version], by=by, origin="")
    _record(EnterpriseFact.CLOSED, version, by, status=status.value)
    return True


@transaction.atomic
def merge_enterprises(*, by: int | None, keep: UUID, gone: UUID, on: date) -> None:
    """Two entries were one firm: `keep` stays and takes what it does not know itself, its sites and links.

    What other apps hang on a firm (persons, checks) follows by their subscription to MERGED, whose detail
    names both. Raises EnterpriseRefused.
    """
    if keep == gone:
        raise EnterpriseRefused("same")
    rows = {
        e.pk: e for e in Enterprise.objects.select_for_update().filter(pk__in=[keep, gone]).order_by("pk")
    }
    if len(rows) < 2:
        raise Enterprise.DoesNotExist
    kept, lost = rows[keep], rows[gone]
    if kept.merged_into_id or lost.merged_into_id:
        raise EnterpriseRefused("merged")
    if kept.credit_code and lost.credit_code:
        raise EnterpriseRefused("two_codes")
    code, lost.credit_code, lost.merged_into = lost.credit_code, None, kept
    lost.save(update_fields=["credit_code", "merged_into"])
    if code:
        kept.credit_code = code
        kept.save(update_fields=["credit_code"])
    Enterprise.objects.filter(merged_into=lost).update(merged_into=kept)
    base, other = _on_day(keep, on), _on_day(gone, on)
    gained = {
        c: getattr(other, c)
        for c in PLAIN_COLUMNS
        if getattr(base, c) in (None, "") and getattr(other, c) not in (None, "")
    }
    if gained or (other.phone_index and not base.phone_index):
        version = successor(base, keep, on, gained)
        if not base.phone_index:
            version.phone, version.phone_index = other.phone, other.phone_index
        put_versions([version], by=by, origin="")
    Site.objects.filter(enterprise=lost).update(enterprise=kept)
    _move_links(kept, lost)
    _record(EnterpriseFact.MERGED, base, by, gone=str(gone), keep=str(keep))


@transaction.atomic
def add_site(*, by: int | None, enterprise: UUID, name: str, area: int, on: date, address: str = "") -> Site:
    """A 网点站点 of a firm. Raises EnterpriseRefused."""
    row, version = _locked(enterprise, on)
    if not name.strip():
        raise EnterpriseRefused("site_name", field="name")
    site = Site.objects.create(
        enterprise=row, name=name.strip(), area_id=area, address=address.strip(), valid_from=on
    )
    _record(EnterpriseFact.SITE_ADDED, version, by, site=str(site.pk))
    return site


@transaction.atomic
def link_enterprises(*, by: int | None, head: UUID, member: UUID, kind: LinkKind, on: date) -> EnterpriseLink:
    """`member` belongs to the chain of `head` from `on`. Raises EnterpriseRefused."""
    if head == member:
        raise EnterpriseRefused("same", field="member")
    link, new = EnterpriseLink.objects.get_or_create(
        head_id=head, member_id=member, kind=kind, valid_to=None, defaults={"valid_from": on}
    )
    if not new:
        raise EnterpriseRefused("linked", field="member")
    _record(EnterpriseFact.LINKED, _on_day(head, on), by, member=str(member), link=kind.value)
    return link


@transaction.atomic
def unmask_phone(*, scope: Scope, enterprise: UUID, reason: str, by: int) -> str:
    """The firm's full number, for a reason; the watch on openings counts it.

    Raises Enterprise.DoesNotExist outside the scope, UnmaskRefused with the sentence for the reader.
    """
    version = EnterpriseVersion.objects.filter(enterprise_id=enterprise, valid_to=None).first()
    if version is None or not scope.allows(Permission.WORKERS_UNMASK, version.area_id, version.sector):
        raise Enterprise.DoesNotExist
    note_unmask(
        by=by,
        subject=f"enterprise:{enterprise}",
        reason=reason,
        area=version.area_id,
        sector=version.sector,
    )
    return keyring().open("enterprise.phone", bytes(version.phone))


def _locked(enterprise: UUID, on: date) -> tuple[Enterprise, EnterpriseVersion]:
    row = Enterprise.objects.select_for_update().get(pk=enterprise)
    if row.merged_into_id:
        raise EnterpriseRefused("merged")
    return row, _on_day(enterprise, on)


def _on_day(enterprise: UUID, on: date) -> EnterpriseVersion:
    versions = EnterpriseVersion.objects.filter(enterprise_id=enterprise).order_by("valid_from", "id")
    version = versions.filter(valid_from__lte=on).last()
    if version is None:
        first = versions.first()
        if first is None:
            raise Enterprise.DoesNotExist
        raise EnterpriseRefused("before", field="valid_from", first=first.valid_from.isoformat())
    return version


def _by_hand(version: EnterpriseVersion, said: Mapping[str, Any]) -> EnterpriseVersion:
    version.held = sorted({*version.held, *(c for c, v in said.items() if v not in (None, ""))})
    try:
        version.clean_fields(exclude=["enterprise", "valid_to", "recorded_by", "phone"])
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise EnterpriseRefused("invalid", field=field, message=messages[0]) from error
    return version


def _checked(said: dict[str, Any]) -> dict[str, Any]:
    """Texts without spaces at their ends, the phone as it is dialled."""
    found = {c: v.strip() if isinstance(v, str) else v for c, v in said.items()}
    if found.get("phone"):
        try:
            found["phone"] = parse_phone(found["phone"])
        except CodeRefused as error:
            raise EnterpriseRefused("phone", field="phone", message=str(error)) from error
    return found


def _credit_code(text: str | None) -> str | None:
    if not (text or "").strip():
        return None
    try:
        code = parse_credit_code(text or "")
    except CodeRefused as error:
        raise EnterpriseRefused("credit", field="credit_code", message=str(error)) from error
    if isinstance(code, Masked):
        raise EnterpriseRefused("credit_masked", field="credit_code")
    return str(code)


def _name_of(enterprise: UUID) -> str:
    version = EnterpriseVersion.objects.filter(enterprise_id=enterprise).order_by("valid_from", "id").last()
    return version.name if version else ""


def _move_links(kept: Enterprise, lost: Enterprise) -> None:
    """The links of the lost firm, without those that would stand twice or lead a firm to itself."""
    for link in EnterpriseLink.objects.filter(head=lost) | EnterpriseLink.objects.filter(member=lost):
        head = kept.pk if link.head_id == lost.pk else link.head_id
        member = kept.pk if link.member_id == lost.pk else link.member_id
        twice = EnterpriseLink.objects.filter(head_id=head, member_id=member, kind=link.kind, valid_to=None)
        if head == member or (link.valid_to is None and twice.exists()):
            link.delete()
        else:
            link.head_id, link.member_id = head, member
            link.save(update_fields=["head", "member"])


def _record(kind: EnterpriseFact, version: EnterpriseVersion, by: int | None, **detail: Any) -> None:
    facts.record(
        kind,
        subject=f"enterprise:{version.enterprise_id}",
        by=by,
        area=version.area_id,
        sector=version.sector,
        **detail,
    )
