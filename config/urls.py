"""Every address of the system, face by face."""

from django.urls import include, path

urlpatterns = [
    path("", include("nuanxin.web.public.urls")),
    path("account/", include("nuanxin.web.shared.account_urls")),
    path("console/", include("nuanxin.web.console.urls")),
]

handler400 = "nuanxin.web.shared.errors.bad_request"
handler403 = "nuanxin.web.shared.errors.forbidden"
handler404 = "nuanxin.web.shared.errors.not_found"
handler500 = "nuanxin.web.shared.errors.server_error"
