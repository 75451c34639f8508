"""The console's addresses. One line per views module, in alphabetical order."""

from django.urls import URLPattern

from .views import (
    admin_accounts,
    admin_audit,
    admin_security,
    admin_units,
    areas,
    calendar,
    checklist,
    checks,
    differences,
    enterprise_forms,
    enterprises,
    files,
    home,
    indicators,
    notices,
    pairs,
    rosters,
    rounds,
    saved_views,
    upload_files,
    upload_new,
    uploads,
    work_area,
    workers,
)

app_name = "console"

urlpatterns: list[URLPattern] = []
urlpatterns += admin_accounts.urlpatterns
urlpatterns += admin_audit.urlpatterns
urlpatterns += admin_security.urlpatterns
urlpatterns += admin_units.urlpatterns
urlpatterns += areas.urlpatterns
urlpatterns += calendar.urlpatterns
urlpatterns += checks.urlpatterns
urlpatterns += differences.urlpatterns
urlpatterns += checklist.urlpatterns
urlpatterns += enterprise_forms.urlpatterns
urlpatterns += enterprises.urlpatterns
urlpatterns += files.urlpatterns
urlpatterns += home.urlpatterns
urlpatterns += indicators.urlpatterns
urlpatterns += notices.urlpatterns
urlpatterns += pairs.urlpatterns
urlpatterns += rounds.urlpatterns
urlpatterns += rosters.urlpatterns
urlpatterns += saved_views.urlpatterns
urlpatterns += upload_files.urlpatterns
urlpatterns += upload_new.urlpatterns
urlpatterns += uploads.urlpatterns
urlpatterns += work_area.urlpatterns
urlpatterns += workers.urlpatterns
