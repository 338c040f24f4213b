from django.urls import path

from cms.importing.web import import_urls
from cohorts.certificates import views

app_name = "certificates"
urlpatterns = [
    path("", views.certificate_list, name="list"),
    path("bulk/", views.bulk, name="bulk"),
    path("expect/", views.expect, name="expect"),
    *import_urls(views.IMPORT),
    path("<uuid:uuid>/", views.detail, name="detail"),
    path("<uuid:uuid>/record/", views.record, name="record"),
    path("<uuid:uuid>/check/", views.check, name="check"),
    path("<uuid:uuid>/revoke/", views.revoke, name="revoke"),
    path("<uuid:uuid>/number/", views.show_number, name="number"),
]
