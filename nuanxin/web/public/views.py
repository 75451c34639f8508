"""What everybody may see: the landing page, the language switch, whether the system is alive."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import check_for_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from django.views.i18n import set_language as django_set_language

from nuanxin.foundation.accounts.actions import set_language as set_account_language
from nuanxin.web.shared.routes import public


@public
@require_GET
def landing(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        target = reverse("console:home")
    else:
        try:
            target = reverse("account_login")
        except NoReverseMatch:  # the sign-in screens are not installed
            target = reverse("console:home")
    return render(request, "public/landing.html", {"target": target})


@public
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Django's switch: remembered in a cookie and with the account; goes back to a page of ours only."""
    response = django_set_language(request)
    chosen = request.POST.get("language", "")
    if request.user.is_authenticated and check_for_language(chosen):
        set_account_language(by=request.user.pk, language=chosen)
    if isinstance(response, HttpResponseRedirect):
        response.status_code = 303
    return response


@public
@never_cache
@require_GET
def healthz(request: HttpRequest) -> HttpResponse:
    """200 only while the database answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except DatabaseError:
        return JsonResponse({"database": False}, status=503)
    return JsonResponse({"database": True})
