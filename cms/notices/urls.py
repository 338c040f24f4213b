from django.urls import path

from cms.notices import views

app_name = "inbox"
urlpatterns = [
    path("", views.inbox, name="list"),
    path("read/", views.read_all, name="read_all"),
    path("<uuid:uuid>/", views.open_message, name="open"),
]
