"""Choosing the area one works in for now."""

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from nuanxin.web.shared.routes import StaffRequest, any_staff

from ..frame import AREA, narrowed


@any_staff
@require_POST
def switch_area(request: StaffRequest) -> HttpResponse:
    code = request.POST.get("area", "")
    if not code.isdecimal() or int(code) >= 10**15:
        raise Http404
    if int(code) == 0:
        request.session.pop(AREA, None)
    elif not narrowed(request.whole_scope, int(code)).grants:
        raise Http404
    else:
        request.session[AREA] = int(code)
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = reverse("console:home")
    return HttpResponseRedirect(back, status=303)


urlpatterns = [path("area/", switch_area, name="switch_area")]
