"""Friendly error pages, and domain errors as a form shows them."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from .routes import public


@dataclass(frozen=True)
class Problem:
    """One line of the error summary; `field` is the name of the field it leads to, or ""."""

    message: str
    field: str = ""


def form_errors(request: HttpRequest, exc: Any) -> list[Problem]:
    """The problems to show on top of a form and at its fields.

    `exc` is a domain error (an exception with `.code` and a readable text; `.field` or `.params["field"]`
    names the field; `.problems` holds several), a Django ValidationError, or a Django form. Other exceptions
    are raised again: a fault of ours is not the person's mistake.
    """
    if hasattr(exc, "errors") and hasattr(exc, "fields"):  # a Django form
        return [
            Problem(str(message), "" if name == "__all__" else exc.add_prefix(name))
            for name, messages in exc.errors.items()
            for message in messages
        ]
    if hasattr(exc, "message_dict"):
        return [Problem(str(m), f) for f, messages in exc.message_dict.items() for m in messages]
    if hasattr(exc, "messages"):
        return [Problem(str(m)) for m in exc.messages]
    if getattr(exc, "problems", None):
        return [p for part in exc.problems for p in form_errors(request, part)]
    if not hasattr(exc, "code"):
        raise exc
    params = getattr(exc, "params", None)
    field = getattr(exc, "field", "") or (params.get("field", "") if isinstance(params, dict) else "")
    return [Problem(str(exc), field)]


def _page(request: HttpRequest, status: int, title: str, text: str) -> HttpResponse:
    if getattr(request, "htmx", False):
        return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
    context = {"status": status, "title": title, "text": text}
    try:
        body: str = render_to_string("shared/error.html", context)
    except Exception:  # the page that must always come: without the template as well
        body = f"<!doctype html><meta charset=utf-8><title>{title}</title><h1>{title}</h1><p>{text}</p>"
    return HttpResponse(body, status=status)


@public
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 400, _("请求有误"), _("系统看不懂这个请求。请返回上一页，重新操作一次。"))


@public
def forbidden(request: HttpRequest, exception: Exception | None = None, reason: str = "") -> HttpResponse:
    text = _("页面可能已经过期，或者您没有这项权限。请返回后刷新再试；需要权限时请联系本单位的系统管理员。")
    return _page(request, 403, _("不能这样操作"), text)


@public
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    text = _("地址有误，内容已被移走，或不在您的管辖范围内。")
    return _page(request, 404, _("没有找到这个页面"), text)


@public
def server_error(request: HttpRequest) -> HttpResponse:
    text = _("系统出了错，您刚才填的内容没有保存。请稍后再试；一直这样，请把发生的时间告诉系统管理员。")
    return _page(request, 500, _("系统出错了"), text)
