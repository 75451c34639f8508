"""Files around an import: the template, the error file, the list of problems."""

import tempfile
from typing import IO
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.http import FileResponse, Http404, HttpRequest
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nuanxin.engines.intake import actions, queries
from nuanxin.foundation.access.enums import Permission
from nuanxin.foundation.sheets.rules import ColumnSpec, SheetSpec, write_xlsx
from nuanxin.web.shared.routes import needs
from nuanxin.web.shared.tables.export import XLSX, sheet_response

IMPORT = Permission.IMPORT


def _file(file: IO[bytes], name: str) -> FileResponse:
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


@needs(IMPORT)
@require_GET
def template(request: HttpRequest, target: str) -> FileResponse:
    """An empty sheet with all columns, for those who have no roster of their own yet."""
    try:
        aim = queries.target(target)
    except KeyError:
        raise Http404 from None
    columns = []
    for field in aim.fields:
        group, _cut, leaf = field.label.rpartition("/")
        grouped = group and sum(f.label.startswith(f"{group}/") for f in aim.fields) > 1
        columns.append(ColumnSpec(leaf if grouped else field.label, group=group if grouped else ""))
    file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115  (the response closes it)
    write_xlsx(file, [SheetSpec(name=str(aim.label), columns=columns, rows=[])])
    return _file(file, f"{aim.label}.xlsx")


@needs(IMPORT)
@require_POST
def errors(request: HttpRequest, upload: UUID) -> FileResponse:
    """The refused rows in the layout they came in; with `noted` also those taken with a note."""
    file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115  (the response closes it)
    try:
        actions.write_errors(
            by=request.user.pk,
            scope=request.scope,  # type: ignore[attr-defined]
            upload=upload,
            out=file,
            noted=request.POST.get("noted") == "1",
        )
    except ObjectDoesNotExist:
        raise Http404 from None
    return _file(file, _("错误表") + f"-{upload.hex[-6:]}.xlsx")


@needs(IMPORT)
@require_POST
def problems(request: HttpRequest, upload: UUID) -> FileResponse:
    """All problems by row and column in words, without any cell."""
    try:
        found = queries.get_upload(request.scope, upload)  # type: ignore[attr-defined]
    except ObjectDoesNotExist:
        raise Http404 from None
    found_lines = [line for group in queries.findings(found, rows=10**6) for line in group.lines]
    lines: list[list[object]] = [
        [line.row, line.letter, line.label, line.cause, line.mend, _("拒收") if line.refuse else _("提示")]
        for line in sorted(found_lines, key=lambda line: (line.row, line.letter))
    ]
    header = [_("行"), _("列"), _("字段"), _("问题"), _("改法"), _("处理")]
    return sheet_response(_("问题清单"), header, lines)


urlpatterns = [
    path("imports/template/<slug:target>/", template, name="import_template"),
    path("imports/<uuid:upload>/errors/", errors, name="import_errors"),
    path("imports/<uuid:upload>/problems/", problems, name="import_problems"),
]
