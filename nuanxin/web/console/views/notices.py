"""A person's notices, and the outbox of short messages."""

from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nuanxin.foundation.access.enums import Permission
from nuanxin.foundation.notices import actions, queries
from nuanxin.foundation.notices.enums import DeliveryState
from nuanxin.web.shared.routes import any_staff, needs

PAGE = 30
TONES = {"queued": "blue", "sent": "green", "failed": "amber", "given_up": "red"}


def _me(request: HttpRequest) -> int:
    return cast(int, request.user.pk)


@any_staff
@require_GET
def notices(request: HttpRequest) -> HttpResponse:
    unread = request.GET.get("show") == "unread"
    user = _me(request)
    page = Paginator(queries.of_user(user, unread=unread), PAGE).get_page(request.GET.get("page"))
    number = queries.unread_count(user)
    here = reverse("console:notices")
    context = {
        "page": page,
        "unread_only": unread,
        "number": number,
        "tabs": [(_("全部"), here, not unread, None), (_("未读"), f"{here}?show=unread", unread, number)],
        "base": f"{here}?show=unread&" if unread else f"{here}?",
    }
    return render(request, "console/notices/notices.html", context)


@any_staff
@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """Marks one notice, or without a number all, as read; one with a link leads there."""
    asked = request.POST.get("notice", "")
    target = reverse("console:notices")
    if asked:
        if not asked.isdecimal():
            raise Http404
        mine = queries.of_user(_me(request)).filter(pk=int(asked)).first()
        if mine is None:
            raise Http404
        target = mine.link or target
        actions.mark_read(user=_me(request), now=timezone.now(), notice=mine.pk)
    else:
        actions.mark_read(user=_me(request), now=timezone.now())
    return HttpResponseRedirect(target, status=303)


@needs(Permission.SYSTEM_ADMIN)
@require_GET
def outbox(request: HttpRequest) -> HttpResponse:
    scope = request.scope  # type: ignore[attr-defined]
    state = request.GET.get("state", "")
    state = state if state in DeliveryState.values else ""
    page = Paginator(queries.deliveries(scope, state=state), PAGE).get_page(request.GET.get("page"))
    counts = queries.by_state(scope)
    here = reverse("console:outbox")
    tabs: list[Any] = [(_("全部"), here, not state, sum(counts.values()))]
    tabs += [(label, f"{here}?state={v}", state == v, counts.get(v, 0)) for v, label in DeliveryState.choices]
    context = {
        "page": page,
        "rows": queries.outbox_rows(list(page.object_list)),
        "tabs": tabs,
        "tones": TONES,
        "real": queries.sends_for_real(),
        "base": f"{here}?state={state}&" if state else f"{here}?",
    }
    return render(request, "console/notices/outbox.html", context)


@needs(Permission.SYSTEM_ADMIN)
@require_POST
def retry(request: HttpRequest, delivery: int) -> HttpResponse:
    if not actions.retry(delivery=delivery, now=timezone.now(), by=_me(request)):
        raise Http404
    messages.success(request, _("已重新排队，一分钟内再试。"))
    return HttpResponseRedirect(reverse("console:outbox"), status=303)


urlpatterns = [
    path("notices/", notices, name="notices"),
    path("notices/read/", read, name="notices_read"),
    path("outbox/", outbox, name="outbox"),
    path("outbox/<int:delivery>/retry/", retry, name="outbox_retry"),
]
