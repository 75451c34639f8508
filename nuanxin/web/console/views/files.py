"""Handing out stored files, after the owning app's check."""

from typing import cast
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest
from django.urls import path
from django.views.decorators.http import require_GET

from nuanxin.foundation.media import actions, queries
from nuanxin.web.shared.routes import any_staff


@any_staff
@require_GET
def file(request: HttpRequest, file_id: UUID) -> FileResponse:
    """Pictures show in the page, everything else is a download. A file that may not be opened does not
    exist.
    """
    found = queries.openable(request.scope, file_id)  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    try:
        content = queries.contents(found)
    except FileNotFoundError as error:
        raise Http404 from error
    actions.opened(found, by=cast(int, request.user.pk))
    response = FileResponse(
        content,
        as_attachment=not found.mime.startswith("image/"),
        filename=queries.download_name(found),
        content_type=found.mime,
    )
    response["X-Content-Type-Options"] = "nosniff"
    # whatever a file pretends to be, it can run nothing here
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, max-age=300"
    return response


urlpatterns = [path("files/<uuid:file_id>/", file, name="file")]
