from django.urls import path

from cohorts.certificates import me_views

app_name = "my_results"
urlpatterns = [path("", me_views.own_results, name="list")]
