from django.urls import path

from cms.importing.web import import_urls
from cohorts.posts import views

app_name = "posts"
urlpatterns = [
    path("", views.post_list, name="list"),
    *import_urls(views.IMPORT),
]
