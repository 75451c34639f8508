"""一台账三名册 at a glance, the rosters of members, and sheets that come back."""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from nuanxin.foundation.access.enums import Permission
from nuanxin.foundation.sheets.rules import SheetRefused, read_table
from nuanxin.foundation.vault.queries import keyring
from nuanxin.registry.enterprises import actions as firm_actions
from nuanxin.registry.enterprises.queries import ledger
from nuanxin.registry.enterprises.queries import sheet as firm_sheet
from nuanxin.registry.enterprises.rules import parse_record_key
from nuanxin.registry.enterprises.rules.sheet import Comparison
from nuanxin.registry.people import actions as people_actions
from nuanxin.registry.people.enums import PeopleFact
from nuanxin.registry.people.queries import page as pages
from nuanxin.registry.people.queries import rosters, sheet
from nuanxin.web.shared.areas import area_tree
from nuanxin.web.shared.routes import StaffRequest, needs
from nuanxin.web.shared.tables import AreaFilter, Column

from ..layout_table import LAYOUT_LANGUAGE, LayoutTable
from . import enterprises, workers

PARTY = Permission.PARTY_VIEW
MAX_SHEET = 20 * 1024 * 1024
SHOWN = 500
"""How many changed rows a comparison shows and can apply at once."""


class MembersTable(LayoutTable):
    name = "members"
    title = gettext_lazy("党员名册")
    layout_title = sheet.MEMBERS_TITLE
    export_fact = PeopleFact.ROSTER_EXPORTED
    place_fields = ("worker__area_id", "worker__sector")
    noun = gettext_lazy("人")
    private = True
    search_hint = gettext_lazy("姓名、拼音、首字母")
    empty_title = gettext_lazy("还没有人登记")
    empty_text = gettext_lazy("这里只有本人自愿登记、并且没有撤回的党员。在个人页上由本人确认后登记。")
    filters = (AreaFilter("area", gettext_lazy("区域"), tree=area_tree, lookup="worker__area_id"),)
    columns = (
        Column("name", gettext_lazy("姓名"), value="worker.name", sort=("worker__pinyin",), nowrap=True),
        Column("area", gettext_lazy("常驻"), value="worker.area.name", sort="worker__area_id", nowrap=True),
        Column("organisation", gettext_lazy("组织关系所在党组织"), value=lambda r: pages.declared(r).get("organisation")),
        Column("floating", gettext_lazy("类型"), badges={True: ("blue", gettext_lazy("流动")), False: ("", gettext_lazy("在册"))}),
        Column("origin", gettext_lazy("流出地"), value=lambda r: pages.declared(r).get("origin")),
        Column("destination", gettext_lazy("流入地"), value=lambda r: pages.declared(r).get("destination")),
        Column("reported_on", gettext_lazy("报到日期"), value=lambda r: pages.declared(r).get("reported_on"), nowrap=True),
        Column("contact", gettext_lazy("联系人"), value=lambda r: pages.declared(r).get("contact"), hidden=True),
        Column("declared_on", gettext_lazy("登记日期"), kind="date", sort="declared_on"),
    )  # fmt: skip

    @property
    def may_unmask(self) -> bool:
        return False  # the roster holds no numbers

    @property
    def may_export(self) -> bool:
        return super().may_export and self.scope.may(PARTY)

    def layout(self, context: firm_sheet.SheetContext) -> Any:
        return sheet.member_columns(context)

    def row_url(self, row: Any) -> str:
        return reverse("console:worker", args=[row.worker_id])


class FloatingTable(MembersTable):
    name = "floating"
    title = gettext_lazy("流动党员名册")
    layout_title = sheet.FLOATING_TITLE


def members_table(request: StaffRequest, *, floating: bool, url: str = "") -> MembersTable:
    rows = rosters.members(request.scope, floating=True if floating else None)
    kind = FloatingTable if floating else MembersTable
    address = url or reverse("console:floating" if floating else "console:party")
    return kind(request, rows, search=rosters.search_members, url=address)


@needs(PARTY)
def party(request: StaffRequest) -> HttpResponseBase:
    table = members_table(request, floating=False)
    return table.respond("console/rosters/members.html", {"floating": False, "list": "members"})


@needs(PARTY)
def floating(request: StaffRequest) -> HttpResponseBase:
    table = members_table(request, floating=True)
    return table.respond("console/rosters/members.html", {"floating": True, "list": "floating"})


@needs(Permission.ENTERPRISES_VIEW)
@require_GET
def ledger_home(request: StaffRequest) -> HttpResponse:
    """一套台账、三本名册 (F86): what each holds now, and where it opens."""
    scope = request.scope
    firms = ledger.active(ledger.enterprises(scope)).order_by().count()
    books = [
        (_("企业台账"), firms, _("家"), reverse("console:enterprises") + "?status=active", "building-store")
    ]
    if scope.may(Permission.WORKERS_VIEW):
        people = rosters.workers(scope).order_by().count()
        books.append((_("从业人员名册"), people, _("人"), reverse("console:workers"), "motorbike"))
    if scope.may(PARTY):
        for label, name, only in ((_("党员名册"), "party", None), (_("流动党员名册"), "floating", True)):
            number = rosters.members(scope, floating=only).order_by().count()
            books.append((label, number, _("人"), reverse(f"console:{name}"), "flag"))
    return render(request, "console/rosters/ledger.html", {"books": books})


# --- a sheet comes back ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Book:
    """A list whose sheet can come back: who may look, who may apply, and how."""

    view: Permission
    edit: Permission | None
    title: Any
    back: str


BOOKS = {
    "enterprises": Book(
        Permission.ENTERPRISES_VIEW,
        Permission.ENTERPRISES_EDIT,
        gettext_lazy("企业台账"),
        "console:enterprises",
    ),
    "workers": Book(
        Permission.WORKERS_VIEW, Permission.WORKERS_EDIT, gettext_lazy("从业人员名册"), "console:workers"
    ),
    "members": Book(PARTY, None, gettext_lazy("党员名册"), "console:party"),
    "floating": Book(PARTY, None, gettext_lazy("流动党员名册"), "console:floating"),
}


def _differences(request: StaffRequest, book: str, table: Any) -> tuple[Comparison, Any]:
    scope = request.scope
    context = firm_sheet.SheetContext(scope, county=scope.home_area)
    if book == "enterprises":
        listed = enterprises.table_of(request).matching
        return firm_sheet.differences(ledger.enterprises(scope), table, context, within_list=listed), context
    if book == "workers":
        shown = workers.table_of(request)
        everybody = rosters.with_work(rosters.workers(scope, on=shown.day), on=shown.day)
        return sheet.worker_differences(everybody, table, context, within_list=shown.matching), context
    listed = members_table(request, floating=book == "floating").matching
    return sheet.member_differences(rosters.members(scope), table, context, within_list=listed), context


def sheet_compare(request: StaffRequest, book: str) -> HttpResponse:
    """The differences between an exported sheet and the ledger; nothing is written."""
    wanted = BOOKS[book]
    scope = request.scope
    back = f"{reverse(wanted.back)}?{request.GET.urlencode()}" if request.GET else reverse(wanted.back)
    file = request.FILES.get("file")
    try:
        if file is None or file.size is None or file.size > MAX_SHEET:
            raise SheetRefused("file.size", size=(file.size or 0) // 1048576 if file else 0, limit=20)
        with translation.override(LAYOUT_LANGUAGE):
            table = read_table(file.read(), file.name or "")
            result, _context = _differences(request, book, table)
    except SheetRefused as refused:
        messages.error(request, str(refused))
        return HttpResponseRedirect(back)
    except KeyError:
        messages.error(request, _("表中没有“编号”一列，不是从这里导出的表格；新表格请用“导入表格”"))
        return HttpResponseRedirect(back)
    may_apply = wanted.edit is not None and scope.may(wanted.edit)
    context = {
        "book": wanted,
        "code": book,
        "result": result,
        "shown": result.changed[:SHOWN],
        "rest": max(0, len(result.changed) - SHOWN),
        "back": back,
        "query": request.GET.urlencode(),
        "may_apply": may_apply,
        "sealed": _seal(request.user.pk, book, result.changed[:SHOWN]) if may_apply else "",
        "applicable": sum(1 for row in result.changed[:SHOWN] for cell in row.cells if cell.applicable),
    }
    return render(request, "console/rosters/compare.html", context)


def _seal(user: int | None, book: str, changed: Any) -> str:
    """The changes travel through the page sealed and signed: they may hold full numbers, and nobody edits them."""
    content = {
        f"{row.line.key}|{cell.column.change}": _plain(cell.value)
        for row in changed
        for cell in row.cells
        if cell.applicable
    }
    sealed = keyring().seal("sheet.changes", json.dumps([user, book, content], ensure_ascii=False))
    return signing.TimestampSigner(salt="sheet.changes").sign(base64.b85encode(sealed).decode())


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def sheet_apply(request: StaffRequest, book: str) -> HttpResponse:
    """Takes over the chosen cells, record by record; what a record refuses is named, the others are saved."""
    wanted = BOOKS[book]
    try:
        signed = signing.TimestampSigner(salt="sheet.changes").unsign(
            request.POST.get("changes", ""), max_age=3600
        )
    except signing.BadSignature:
        messages.error(request, _("核对结果已过期，请重新上传表格核对"))
        return HttpResponseRedirect(reverse(wanted.back))
    user, sealed_book, content = json.loads(keyring().open("sheet.changes", base64.b85decode(signed)))
    if (user, sealed_book) != (request.user.pk, book):
        raise Http404
    by_record: dict[str, dict[str, Any]] = {}
    for choice in request.POST.getlist("cell"):
        if choice in content:
            key, _bar, column = choice.partition("|")
            by_record.setdefault(key, {})[column] = content[choice]
    saved, refused = 0, []
    for key, changes in by_record.items():
        try:
            saved += _apply(request, book, key, changes)
        except (firm_actions.EnterpriseRefused, people_actions.WorkerRefused) as problem:
            refused.append(str(problem))
    messages.success(request, _("已更新 %(n)d 条记录") % {"n": saved})
    for sentence in dict.fromkeys(refused[:5]):
        messages.error(request, sentence)
    return HttpResponseRedirect(f"{reverse(wanted.back)}?{request.GET.urlencode()}")


def _apply(request: StaffRequest, book: str, key: str, changes: dict[str, Any]) -> int:
    scope, today = request.scope, request.today
    if book == "enterprises":
        pk = _record(parse_record_key("E", key))
        version = enterprises.found(
            lambda: ledger.enterprise(scope, pk, permission=Permission.ENTERPRISES_EDIT)
        )
        place = (changes.get("area_id") or version.area_id, changes.get("sector") or version.sector)
        if not scope.allows(Permission.ENTERPRISES_EDIT, *place):
            raise Http404
        return int(
            firm_actions.change_enterprise(
                by=request.user.pk, enterprise=pk, valid_from=today, changes=changes
            )
        )
    pk = _record(parse_record_key("W", key))
    row = workers.found(lambda: pages.worker(scope, pk, permission=Permission.WORKERS_EDIT))
    place = (changes.get("area_id") or row.area_id, changes.get("sector") or row.sector)
    if not scope.allows(Permission.WORKERS_EDIT, *place):
        raise Http404
    return int(people_actions.change_worker(worker_id=pk, by=request.user.pk, on=today, **changes))


def _record(pk: UUID | None) -> UUID:
    if pk is None:
        raise Http404
    return pk


def _for(
    book: str, view: Callable[[StaffRequest, str], HttpResponse], permission: Permission
) -> Callable[[StaffRequest], HttpResponseBase]:
    """Each list's sheet has an address of its own, for the permission of that list."""

    @needs(permission)
    @require_POST
    def answer(request: StaffRequest) -> HttpResponse:
        return view(request, book)

    return answer


urlpatterns = [
    path("ledger/", ledger_home, name="ledger"),
    path("party/", party, name="party"),
    path("party/floating/", floating, name="floating"),
    *(
        path(f"sheets/{book}/compare/", _for(book, sheet_compare, at.view), name=f"sheet_compare_{book}")
        for book, at in BOOKS.items()
    ),
    *(
        path(f"sheets/{book}/apply/", _for(book, sheet_apply, at.edit), name=f"sheet_apply_{book}")
        for book, at in BOOKS.items()
        if at.edit is not None
    ),
]
