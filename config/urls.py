"""Every address of the system, face by face."""

from django.urls import include, path

urlpatterns = [
    path("", include("nuanxin.web.public.urls")),
    path("account/", include("nuanxin.web.shared.account_urls")),
    path("console/", include("nuanxin.web.console.urls")),
]
