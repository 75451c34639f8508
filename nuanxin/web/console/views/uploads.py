"""导入: a file comes in, its columns are confirmed, it is checked, imported, and can be taken back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from nuanxin.engines.intake import actions, queries
from nuanxin.engines.intake.enums import UploadState
from nuanxin.engines.intake.errors import AlreadyImported, IntakeError
from nuanxin.foundation.access.enums import Permission
from nuanxin.foundation.sheets.rules import SheetRefused
from nuanxin.web.shared.errors import Problem, form_errors
from nuanxin.web.shared.routes import needs
from nuanxin.web.shared.tables import ChoiceFilter, Column, MultiChoiceFilter, Table

from ..today import WorkItem, todo
from .upload_new import number

IMPORT = Permission.IMPORT
STATES = {
    UploadState.RECEIVED: ("blue", gettext_lazy("待确认列")),
    UploadState.CHECKING: ("blue", gettext_lazy("正在预检")),
    UploadState.CHECKED: ("blue", gettext_lazy("待导入")),
    UploadState.QUEUED: ("amber", gettext_lazy("等待导入")),
    UploadState.COMMITTING: ("amber", gettext_lazy("正在导入")),
    UploadState.COMMITTED: ("green", gettext_lazy("已导入")),
    UploadState.UNDONE: ("", gettext_lazy("已撤销")),
    UploadState.REFUSED: ("red", gettext_lazy("已拒收")),
    UploadState.FAILED: ("red", gettext_lazy("导入中断")),
}


class UploadsTable(Table):
    name = "uploads"
    title = gettext_lazy("导入记录")
    columns = (
        Column("file", gettext_lazy("文件"), value=queries.upload_name),
        Column("state", gettext_lazy("状态"), badges=STATES, sort="state"),
        Column("target", gettext_lazy("表格"), value=lambda row: str(queries.target(row.target).label)),
        Column("unit", gettext_lazy("单位"), value="unit.name", sort="unit__name"),
        Column("area", gettext_lazy("区域"), value="area.name", sort="area_id"),
        Column("total_rows", gettext_lazy("行数"), kind="number", sort="total_rows"),
        Column("refused", gettext_lazy("拒收"), kind="number", value=lambda row: row.refused or None),
        Column("sender", gettext_lazy("上传人"), value="sender"),
        Column("created_at", gettext_lazy("上传时间"), kind="datetime", sort="created_at"),
    )
    filters = (
        MultiChoiceFilter(
            "state", gettext_lazy("状态"), choices=[(s.value, label) for s, (_t, label) in STATES.items()]
        ),
        ChoiceFilter(
            "target",
            gettext_lazy("表格"),
            choices=lambda table: [(t.code, t.label) for t in queries.targets()],
        ),
    )
    exportable = False
    noun = gettext_lazy("份文件")
    empty_title = gettext_lazy("还没有导入过文件")
    empty_text = gettext_lazy(
        "各部门的名册原样上传即可：表头在第几行、列名怎么叫，系统会先认一遍，由您确认。"
    )

    def row_url(self, row: Any) -> str:
        return reverse("console:import", args=[row.pk])


@needs(IMPORT)
def uploads_list(request: HttpRequest) -> HttpResponseBase:
    table = UploadsTable(request, queries.uploads(request.scope))  # type: ignore[attr-defined]
    table.empty_action = (gettext_lazy("上传第一份文件"), reverse("console:import_new"))
    return table.respond("console/uploads/list.html")


def _found(request: HttpRequest, upload: UUID) -> Any:
    try:
        return queries.get_upload(request.scope, upload)  # type: ignore[attr-defined]
    except ObjectDoesNotExist:
        raise Http404 from None


@needs(IMPORT)
@require_GET
def upload(request: HttpRequest, upload: UUID) -> HttpResponse:
    """The step at which the upload stands."""
    found = _found(request, upload)
    if found.state == UploadState.RECEIVED or (
        found.state == UploadState.CHECKED and "columns" in request.GET
    ):
        return _mapping_page(request, found, [])
    if found.state == UploadState.CHECKED:
        return _page(request, "preview.html", found, **_preview(found))
    if found.state in (UploadState.CHECKING, UploadState.QUEUED, UploadState.COMMITTING):
        return _page(request, "running.html", found, progress=queries.progress(found))
    return _page(request, "result.html", found, **_preview(found), progress=queries.progress(found))


def _page(request: HttpRequest, template: str, found: Any, *, status: int = 200, **more: Any) -> HttpResponse:
    context = {
        "upload": found,
        "name": queries.upload_name(found),
        "target": queries.target(found.target),
        "state": STATES[found.state],
        "ledger": _ledger(found.target),
        **more,
    }
    return render(request, f"console/uploads/{template}", context, status=status)


def _ledger(target: str) -> str:
    """Where the imported rows can be looked at."""
    from django.urls import NoReverseMatch

    try:
        return reverse(f"console:{target}")
    except NoReverseMatch:
        return ""


def _preview(found: Any) -> dict[str, Any]:
    return {
        "groups": queries.findings(found),
        "columns": queries.columns_of(found),
        "rows": queries.sample_rows(found),
        "bad": queries.bad_rows(found),
        "notes": queries.notes(found),
        "missing": queries.missing_fields(found),
    }


def _mapping_page(
    request: HttpRequest, found: Any, problems: list[Problem], status: int = 200
) -> HttpResponse:
    aim = queries.target(found.target)
    return _page(
        request,
        "mapping.html",
        found,
        status=status,
        columns=queries.columns_of(found),
        fields=[(f.code, aim.label_of(f.code)) for f in aim.fields],
        required=[aim.label_of(f.code) for f in aim.fields if f.required],
        one_of=[aim.label_of(code) for code in aim.one_of],
        notes=queries.notes(found),
        sheet_choices=[(name, name) for name in found.summary.get("sheets", [])],
        problems=problems,
    )


@needs(IMPORT)
@require_POST
def upload_columns(request: HttpRequest, upload: UUID) -> HttpResponse:
    """Takes the person's columns and checks every row."""
    found = _found(request, upload)
    chosen = {key[4:]: str(value) for key, value in request.POST.items() if key.startswith("col-")}
    who = {"by": request.user.pk, "scope": request.scope, "upload": found.pk}  # type: ignore[attr-defined]
    try:
        actions.set_mapping(**who, mapping=chosen)
        actions.check_upload(**who)
    except IntakeError as error:
        found.mapping = {**found.mapping, **chosen}
        return _mapping_page(request, found, form_errors(request, error), status=422)
    return redirect("console:import", found.pk)


@needs(IMPORT)
@require_POST
def upload_sheet(request: HttpRequest, upload: UUID) -> HttpResponse:
    """Another sheet or another header row: the columns are proposed anew."""
    found = _found(request, upload)
    try:
        actions.choose_sheet(
            by=request.user.pk,
            scope=request.scope,  # type: ignore[attr-defined]
            upload=found.pk,
            sheet=request.POST.get("sheet") or None,
            header_row=number(request.POST.get("header_row")),
        )
    except (IntakeError, SheetRefused) as error:
        return _mapping_page(request, found, form_errors(request, error), status=422)
    return redirect("console:import", found.pk)


@needs(IMPORT)
@require_POST
def upload_commit(request: HttpRequest, upload: UUID) -> HttpResponse:
    found = _found(request, upload)
    try:
        actions.commit_upload(by=request.user.pk, scope=request.scope, upload=found.pk)  # type: ignore[attr-defined]
    except AlreadyImported as error:
        messages.error(request, str(error))
        return redirect("console:import", error.holder)
    except IntakeError as error:
        messages.error(request, str(error))
    return redirect("console:import", found.pk)


@needs(IMPORT)
@require_POST
def upload_undo(request: HttpRequest, upload: UUID) -> HttpResponse:
    found = _found(request, upload)
    try:
        actions.undo_upload(by=request.user.pk, scope=request.scope, upload=found.pk)  # type: ignore[attr-defined]
    except IntakeError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("已撤销这次导入，台账正在恢复到导入之前"))
    return redirect("console:import", found.pk)


@needs(IMPORT)
@require_POST
def upload_discard(request: HttpRequest, upload: UUID) -> HttpResponse:
    found = _found(request, upload)
    try:
        actions.discard_upload(by=request.user.pk, scope=request.scope, upload=found.pk)  # type: ignore[attr-defined]
    except IntakeError as error:
        messages.error(request, str(error))
        return redirect("console:import", found.pk)
    messages.success(request, _("已放弃这份文件，没有写入任何数据"))
    return redirect("console:import_new")


@needs(IMPORT)
@require_GET
def upload_progress(request: HttpRequest, upload: UUID) -> HttpResponse:
    """The progress bar, asked for every two seconds; at the end it sends the window to the next step."""
    found = _found(request, upload)
    now = queries.progress(found)
    if not now.running:
        response = HttpResponse()
        response.headers["HX-Redirect"] = reverse("console:import", args=[found.pk])
        return response
    return render(request, "console/uploads/progress.html", {"upload": found, "progress": now})


@todo
def unfinished(scope: Any, user: Any) -> list[WorkItem]:
    """Files that were sent in and wait for a decision."""
    if not scope.may(IMPORT):
        return []
    waiting = queries.uploads(scope).filter(
        created_by=user.pk, state__in=[UploadState.RECEIVED, UploadState.CHECKED, UploadState.FAILED]
    )
    count = waiting.count()
    if not count:
        return []
    url = f"{reverse('console:imports')}?state=received,checked,failed"
    return [WorkItem(title=_("上传的表格还没有导入"), url=url, icon="file-alert", count=count)]


urlpatterns = [
    path("imports/", uploads_list, name="imports"),
    path("imports/<uuid:upload>/", upload, name="import"),
    path("imports/<uuid:upload>/columns/", upload_columns, name="import_columns"),
    path("imports/<uuid:upload>/sheet/", upload_sheet, name="import_sheet"),
    path("imports/<uuid:upload>/commit/", upload_commit, name="import_commit"),
    path("imports/<uuid:upload>/undo/", upload_undo, name="import_undo"),
    path("imports/<uuid:upload>/discard/", upload_discard, name="import_discard"),
    path("imports/<uuid:upload>/progress/", upload_progress, name="import_progress"),
]
