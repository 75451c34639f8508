"""The console's addresses. One line per views module, in alphabetical order."""

from django.urls import URLPattern

from .views import home, saved_views, work_area

app_name = "console"

urlpatterns: list[URLPattern] = []
urlpatterns += home.urlpatterns
urlpatterns += saved_views.urlpatterns
urlpatterns += work_area.urlpatterns
