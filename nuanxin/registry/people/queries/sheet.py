"""从业人员花名册 and 党员名册 (dossier 5) as sheets, and compared when they come back."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nuanxin.foundation.access.enums import Permission, Sector
from nuanxin.foundation.sheets.rules import Table
from nuanxin.registry.enterprises.queries.sheet import SheetContext, choice, heads, said, yes_no
from nuanxin.registry.enterprises.rules import parse_record_key, record_key
from nuanxin.registry.enterprises.rules.sheet import CellRefused, Comparison, SheetColumn, compare, lines_of

from ..enums import EngagementKind, Membership, Sex
from ..models import PartyDeclaration, Worker
from .page import declared, number

WORKERS_TITLE = gettext_lazy("从业人员花名册")
MEMBERS_TITLE = gettext_lazy("党员名册")
FLOATING_TITLE = gettext_lazy("流动党员名册")


def employers(row: Worker) -> str:
    """For whom: firms and, where no firm is known, what the source wrote; each once."""
    return "、".join(dict.fromkeys(n for w in row.works if (n := w.firm or w.employer_text)))  # type: ignore[attr-defined]


def platforms(row: Worker) -> str:
    """The platforms, each once."""
    return "、".join(dict.fromkeys(w.platform.name for w in row.works if w.platform))  # type: ignore[attr-defined]


def kinds(row: Worker) -> str:
    """The ways of being engaged, each once."""
    return "、".join(dict.fromkeys(str(EngagementKind(w.kind).label) for w in row.works if w.kind))  # type: ignore[attr-defined]


def worker_columns(context: SheetContext) -> list[SheetColumn]:
    """The columns of the roster of workers. Membership is none of them: it has its own roster (dossier 6.4)."""

    def plain(column: str, header: Any, width: float = 12) -> SheetColumn:
        return SheetColumn(
            column, str(header), lambda r, _c: getattr(r, column), width=width, change=column, parse=str
        )

    def label(column: str, header: Any, labels: Any) -> SheetColumn:
        def show(row: Any, _context: Any) -> str:
            return str(getattr(row, f"get_{column}_display")()) if getattr(row, column) else ""

        return SheetColumn(column, str(header), show, width=9, change=column, parse=choice(labels))

    def sealed(column: str, header: Any, width: float) -> SheetColumn:
        return SheetColumn(
            column,
            str(header),
            lambda r, c: number(r, column, full=c.full),
            width=width,
            change=column,
            parse=str,
        )

    def shown(code: str, header: Any, show: Any, width: float = 16) -> SheetColumn:
        return SheetColumn(code, str(header), lambda r, _c: show(r), width=width)

    def tick(column: str, header: Any) -> SheetColumn:
        return SheetColumn(
            column,
            str(header),
            lambda r, _c: said(getattr(r, column)),
            width=9,
            change=column,
            parse=yes_no,
        )

    def area(text: str) -> int:
        found = context.places.resolve(text)
        if found.code is None or not context.scope.allows(Permission.WORKERS_EDIT, found.code):
            raise CellRefused(_("找不到这个街道或社区，或不在您的管辖范围内"))
        return found.code

    return [
        SheetColumn("number", _("序号"), lambda r, _c: None, kind="integer", width=6),
        plain("name", _("姓名")),
        label("sex", _("性别"), Sex.choices),
        plain("birth_month", _("出生年月")),
        plain("education", _("文化程度")),
        label("sector", _("职业类型"), Sector.choices),
        shown("platform", _("平台/站点"), platforms),
        shown("employer", _("所在企业"), employers, 26),
        shown("kind", _("用工形式"), kinds, 9),
        SheetColumn(
            "area", _("常驻街道"), lambda r, _c: r.area.full_name, width=28, change="area_id", parse=area
        ),
        sealed("phone", _("电话"), 14),
        sealed("id_number", _("身份证号"), 21),
        sealed("plate", _("车牌号"), 11),
        tick("union_member", _("入会")),
        tick("injury_cover", _("职业伤害保障")),
        shown("hardship", _("困难情况"), lambda r: _("有") if r.hardship else "", 9),
        shown("verified_on", _("最近核实"), lambda r: r.verified_on, 12),
        plain("note", _("备注"), 20),
        SheetColumn("key", _("编号"), lambda r, _c: record_key("W", r.pk), width=26),
    ]


def member_columns(context: SheetContext) -> list[SheetColumn]:
    """The columns of the roster of members. None is taken back from a sheet: members declare themselves."""

    def detail(code: str, header: Any, width: float = 14) -> SheetColumn:
        return SheetColumn(code, str(header), lambda r, _c: declared(r).get(code, ""), width=width)

    def kind(row: PartyDeclaration) -> str:
        word = declared(row).get("political", "")
        text = str(Membership(word).label) if word in Membership.values else ""
        return text + "（" + _("流动") + "）" if row.floating else text

    return [
        SheetColumn("number", _("序号"), lambda r, _c: None, kind="integer", width=6),
        SheetColumn("name", _("姓名"), lambda r, _c: r.worker.name),
        SheetColumn("sex", _("性别"), lambda r, _c: r.worker.get_sex_display() if r.worker.sex else ""),
        detail("ethnicity", _("民族"), 10),
        SheetColumn("birth_month", _("出生年月"), lambda r, _c: r.worker.birth_month),
        SheetColumn("education", _("学历"), lambda r, _c: declared(r).get("education") or r.worker.education),
        detail("joined_on", _("入党日期")),
        detail("confirmed_on", _("转正日期")),
        detail("organisation", _("组织关系所在党组织"), 30),
        SheetColumn("kind", _("类型"), lambda r, _c: kind(r), width=16),
        detail("origin", _("流出地"), 20),
        detail("destination", _("流入地"), 20),
        detail("reported_on", _("报到日期")),
        detail("contact", _("联系人")),
        SheetColumn("key", _("编号"), lambda r, _c: record_key("W", r.worker_id), width=26),
    ]


def worker_differences(
    rows: QuerySet[Worker],
    table: Table,
    context: SheetContext,
    *,
    within_list: QuerySet[Worker] | None = None,
) -> Comparison:
    """What a roster of workers that came back says against `rows`. Raises KeyError without 编号."""
    return _compare(worker_columns(context), rows, "pk", table, context, within_list)


def member_differences(
    rows: QuerySet[PartyDeclaration],
    table: Table,
    context: SheetContext,
    *,
    within_list: QuerySet[PartyDeclaration] | None = None,
) -> Comparison:
    """The same for a roster of members, only to look at."""
    return _compare(member_columns(context), rows, "worker_id", table, context, within_list)


def _compare(
    columns: Sequence[SheetColumn],
    rows: QuerySet[Any],
    key: str,
    table: Table,
    context: SheetContext,
    within_list: QuerySet[Any] | None,
) -> Comparison:
    lines = lines_of(columns, heads(table), table.row_numbers)
    ids = [k for line in lines if (k := parse_record_key("W", line.key))]
    records = {record_key("W", getattr(r, key)): r for r in rows.filter(**{f"{key}__in": ids})}
    result = compare(columns, lines, records, context)
    if within_list is not None:
        result.gone = list(within_list.exclude(**{f"{key}__in": ids})[:200])
    return result
