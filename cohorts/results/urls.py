from django.urls import path

from cms.importing.web import import_urls
from cohorts.results import views

app_name = "results"
urlpatterns = [
    path("", views.result_list, name="list"),
    path("imports/", views.import_list, name="imports"),
    path("people/<uuid:uuid>/", views.person_record, name="person"),
    *import_urls(views.IMPORT),
]
