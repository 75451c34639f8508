"""Saved views of tables: keep, list, drop."""

from urllib.parse import urlsplit

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import Resolver404, path, resolve
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nuanxin.foundation.preferences import actions, queries
from nuanxin.web.shared.routes import StaffRequest, actor, any_staff


def own_path(text: str) -> str:
    """The path of one of our own pages; 404 for anything else, so that nobody is led away."""
    parts = urlsplit(text)
    try:
        if parts.scheme or parts.netloc or not text.startswith("/") or text.startswith("//"):
            raise Http404
        resolve(parts.path)
    except Resolver404:
        raise Http404 from None
    return parts.path


@any_staff
@require_POST
def save_view(request: StaffRequest) -> HttpResponse:
    data = request.POST
    back = own_path(data.get("path", ""))
    query = data.get("query", "")
    try:
        view = actions.save_view(
            request.scope,
            table=data.get("table", "")[:60],
            name=data.get("name", ""),
            query=query,
            shared=data.get("shared") == "1",
            by=actor(request),
        )
        messages.success(request, _("视图“%(name)s”已保存") % {"name": view.name})
    except actions.ViewRefused as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(f"{back}?{query}" if query else back)


@any_staff
@require_GET
def saved_views(request: HttpRequest) -> HttpResponse:
    return render(request, "console/saved_views.html", {"views": list(queries.own_views(by=actor(request)))})


@any_staff
@require_POST
def drop_view(request: HttpRequest, view: int) -> HttpResponse:
    if not actions.drop_view(view=view, by=actor(request)):
        raise Http404
    messages.success(request, _("视图已删除"))
    return redirect("console:saved_views")


urlpatterns = [
    path("views/", saved_views, name="saved_views"),
    path("views/save/", save_view, name="save_view"),
    path("views/<int:view>/drop/", drop_view, name="drop_view"),
]
