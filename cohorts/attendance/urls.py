from django.urls import path

from cohorts.attendance import views

app_name = "attendance"
urlpatterns = [
    path("", views.coming, name="list"),
    path("class/<uuid:uuid>/", views.session_list, name="sessions"),
    path("class/<uuid:uuid>/new/", views.create, name="create"),
    path("class/<uuid:uuid>/table/", views.table, name="table"),
    path("<uuid:uuid>/", views.session_detail, name="session"),
    path("<uuid:uuid>/edit/", views.edit, name="edit"),
    path("<uuid:uuid>/drop/", views.drop, name="drop"),
    path("<uuid:uuid>/mark/", views.mark, name="mark"),
    path("<uuid:uuid>/screen/", views.screen, name="screen"),
]
