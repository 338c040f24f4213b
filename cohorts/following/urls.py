from django.urls import path

from cohorts.following import views

app_name = "following"
urlpatterns = [path("", views.behind_list, name="list")]
