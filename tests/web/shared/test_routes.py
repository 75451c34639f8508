"""The marks that say who may open a view, on functions and classes."""

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import path
from django.views import View

from nuanxin.foundation.access.enums import Permission
from nuanxin.web.shared.routes import any_staff, needs, public
from tests.cast import COUNTY, client, holder

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@needs(Permission.AREAS_EDIT)
def function(request):
    return HttpResponse("in")


@needs(Permission.AREAS_EDIT)
class Thing(View):
    def get(self, request):
        return HttpResponse("in")

    post = get


@any_staff
def staff_only(request):
    return HttpResponse("in")


@public
class Open(View):
    def get(self, request):
        return HttpResponse("in")


from config.urls import urlpatterns as _project  # noqa: E402

urlpatterns = [
    *_project,
    path("function/", function),
    path("class/", Thing.as_view()),
    path("staff/", staff_only),
    path("open/", Open.as_view()),
]


def test_marks_can_be_read_from_the_callback():
    assert (function.access, function.permission) == ("permission", Permission.AREAS_EDIT)
    assert (Thing.as_view().access, Thing.as_view().permission) == ("permission", Permission.AREAS_EDIT)
    assert (staff_only.access, staff_only.permission) == ("staff", None)
    assert (Open.as_view().access, Open.as_view().permission) == ("public", None)


@pytest.mark.parametrize("address", ["/function/", "/class/"])
def test_needs_a_permission(address):
    assert client(holder({Permission.AREAS_EDIT}, COUNTY)).get(address).content == b"in"
    assert client(holder({Permission.EXPORT}, COUNTY)).get(address).status_code == 404
    assert client(holder({Permission.EXPORT}, COUNTY)).post(address).status_code == 404


@pytest.mark.parametrize("address", ["/function/", "/class/", "/staff/"])
def test_strangers_go_to_sign_in_and_come_back(address):
    answer = Client().get(address + "?page=2")
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/account/login/?next={address}%3Fpage%3D2"


def test_htmx_goes_to_sign_in_with_the_whole_window():
    answer = Client().get(
        "/staff/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/console/?page=2"}
    )
    assert answer.status_code == 200
    assert answer.content == b""
    assert answer.headers["HX-Redirect"] == "/account/login/?next=%2Fconsole%2F%3Fpage%3D2"


def test_public_is_open():
    assert Client().get("/open/").content == b"in"
    assert client(holder((), COUNTY)).get("/staff/").content == b"in"


def test_only_views_can_be_marked():
    with pytest.raises(TypeError):
        public(dict)
