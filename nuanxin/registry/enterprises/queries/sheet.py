"""新业态企业摸排表 (dossier 5): how the ledger is written as a sheet, and compared when the sheet comes back."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nuanxin.foundation.access.enums import Permission, Sector
from nuanxin.foundation.access.rules import Scope
from nuanxin.foundation.codes.rules.masking import mask_phone
from nuanxin.foundation.sheets.rules import Table
from nuanxin.foundation.vault.queries import keyring
from nuanxin.registry.areas.queries import resolver

from ..enums import BusinessModel, EnterpriseStatus, Formation
from ..models import EnterpriseVersion, Platform
from ..rules import parse_record_key, record_key
from ..rules.sheet import CellRefused, Comparison, SheetColumn, compare, lines_of

SUPPRESSED_UNDER = 5


@dataclass
class SheetContext:
    """Who reads the sheet, and whether full numbers were asked for with a reason."""

    scope: Scope
    full: bool = False
    county: int = 0

    @cached_property
    def platforms(self) -> dict[str, int]:
        return {
            word: p.pk for p in Platform.objects.order_by("-code") for word in (*p.aliases, p.code, p.name)
        }

    @cached_property
    def places(self) -> Any:
        return resolver(self.county)


def members(row: EnterpriseVersion, column: str, context: SheetContext) -> str | int | None:
    """A count of members: small ones only for those who handle members at the place (dossier 6.4)."""
    count = getattr(row, column)
    handling = context.scope.allows(Permission.PARTY_VIEW, row.area_id, row.sector)
    return count if count is None or handling or not 0 < count < SUPPRESSED_UNDER else f"<{SUPPRESSED_UNDER}"


def phone(row: EnterpriseVersion, *, full: bool = False) -> str:
    """The firm's number as a list shows it."""
    text = keyring().open("enterprise.phone", bytes(row.phone))
    return text if full or "*" in text else mask_phone(text)


def choice(labels: Iterable[tuple[str, Any]]) -> Callable[[str], str]:
    """Reads a label back into its code."""
    words = {str(label): code for code, label in labels if code}

    def parse(text: str) -> str:
        if not text:
            return ""
        if text in words:
            return words[text]
        raise CellRefused(_("只能填：%(choices)s") % {"choices": "、".join(words)})

    return parse


def whole_number(text: str) -> int | None:
    if not text:
        return None
    if text.isascii() and text.isdigit() and len(text) < 8:
        return int(text)
    raise CellRefused(_("请填写整数"))


def yes_no(text: str) -> bool | None:
    words = {"": None, "是": True, "有": True, "√": True, "否": False, "无": False, "×": False}
    if text in words:
        return words[text]
    raise CellRefused(_("只能填：是、否"))


def day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise CellRefused(_("日期请写成 2026-10-01 的样子")) from None


def columns(context: SheetContext) -> list[SheetColumn]:
    """The columns of the sheet for this reader, with the merged heads of the local layout."""

    def plain(column: str, header: Any, width: float = 12, group: str = "") -> SheetColumn:
        return SheetColumn(
            column,
            str(header),
            lambda r, _c: getattr(r, column),
            group,
            width=width,
            change=column,
            parse=str,
        )

    def label(column: str, header: Any, labels: Any, width: float = 10) -> SheetColumn:
        def show(row: Any, _context: Any) -> str:
            return str(getattr(row, f"get_{column}_display")()) if getattr(row, column) else ""

        return SheetColumn(column, str(header), show, width=width, change=column, parse=choice(labels))

    def number(column: str, header: Any, group: str = "") -> SheetColumn:
        def show(row: Any, _context: Any) -> Any:
            return getattr(row, column)

        return SheetColumn(column, str(header), show, group, "integer", 8, change=column, parse=whole_number)

    def counted(column: str, header: Any, group: str = "") -> SheetColumn:
        def show(row: Any, c: SheetContext) -> Any:
            return members(row, column, c)

        return SheetColumn(column, str(header), show, group, "integer", 8, change=column, parse=whole_number)

    def platform(text: str) -> int | None:
        if not text:
            return None
        if found := context.platforms.get(text):
            return found
        raise CellRefused(_("平台目录里没有“%(name)s”") % {"name": text})

    def area(text: str) -> int:
        found = context.places.resolve(text)
        if found.code is None or not context.scope.allows(Permission.ENTERPRISES_EDIT, found.code):
            raise CellRefused(_("找不到这个街道或社区，或不在您的管辖范围内"))
        return found.code

    staff, people = _("从业人员数"), _("党员数")
    return [
        SheetColumn("number", _("序号"), lambda r, _c: None, kind="integer", width=6),
        plain("name", _("企业名称"), 30),
        SheetColumn(
            "credit_code", _("统一社会信用代码"), lambda r, _c: r.enterprise.credit_code, width=22,
            change="credit_code", parse=str,
        ),
        label("sector", _("行业类别"), Sector.choices),
        SheetColumn(
            "platform", _("所属平台/品牌"), lambda r, _c: r.platform.name if r.platform else "",
            change="platform_id", parse=platform,
        ),
        label("business_model", _("经营模式"), BusinessModel.choices),
        plain("registered_address", _("注册地"), 24),
        SheetColumn(
            "area", _("街道/社区/网格"), lambda r, _c: r.area.full_name, _("实际经营地"), width=28,
            change="area_id", parse=area,
        ),
        plain("address", _("详细地址"), 24, _("实际经营地")),
        plain("principal", _("负责人")),
        SheetColumn(
            "phone", _("电话"), lambda r, c: phone(r, full=c.full), width=14, change="phone", parse=str
        ),
        number("staff_full", _("全职"), staff),
        number("staff_part", _("兼职"), staff),
        number("staff_crowd", _("众包"), staff),
        counted("members_full", _("正式"), people),
        counted("members_probationary", _("预备"), people),
        counted("members_floating", _("流动"), people),
        counted("applicants", _("入党申请人")),
        counted("activists", _("积极分子")),
        label("formation", _("组建方式"), Formation.choices),
        plain("party_org", _("党组织名称"), 24),
        plain("party_org_since", _("成立时间")),
        plain("secretary", _("书记")),
        plain("instructor", _("指导员")),
        plain("mass_orgs", _("工会/团/妇")),
        SheetColumn(
            "charter_clause", _("党建入章"), lambda r, _c: said(r.charter_clause), width=8,
            change="charter_clause", parse=yes_no,
        ),
        plain("not_formed_reason", _("未组建原因"), 20),
        plain("surveyor", _("摸排人")),
        SheetColumn(
            "surveyed_on", _("日期"), lambda r, _c: r.surveyed_on, kind="date",
            change="surveyed_on", parse=day,
        ),
        label("status", _("状态"), EnterpriseStatus.choices),
        plain("note", _("备注"), 20),
        SheetColumn("key", _("编号"), lambda r, _c: record_key("E", r.enterprise_id), width=26),
    ]  # fmt: skip


TITLE = gettext_lazy("新业态企业摸排表")


def said(value: bool | None) -> str:
    """Yes, no, or nothing known."""
    return "" if value is None else _("是") if value else _("否")


def differences(
    rows: QuerySet[EnterpriseVersion],
    table: Table,
    context: SheetContext,
    *,
    within_list: QuerySet[EnterpriseVersion] | None = None,
) -> Comparison:
    """What a sheet that came back says against `rows` (what the reader may see).

    `within_list`: the list as it stands on the screen; what it shows and the file does not name is `gone`.
    Raises KeyError when the sheet has no 编号.
    """
    wanted = columns(context)
    lines = lines_of(wanted, heads(table), table.row_numbers)
    ids = [k for line in lines if (k := parse_record_key("E", line.key))]
    records = {record_key("E", r.enterprise_id): r for r in rows.filter(enterprise_id__in=ids)}
    result = compare(wanted, lines, records, context)
    if within_list is not None:
        result.gone = list(within_list.exclude(enterprise_id__in=ids)[:200])
    return result


def heads(table: Table) -> Sequence[tuple[Sequence[str], Sequence[str]]]:
    """Header and texts of every column of a sheet as read."""
    return [(c.parts, [str(t) for t in c.texts()]) for c in table.columns]
