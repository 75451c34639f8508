"""The console's addresses. One line per views module, in alphabetical order."""

from .views import home, saved_views

app_name = "console"

urlpatterns = []
urlpatterns += home.urlpatterns
urlpatterns += saved_views.urlpatterns
