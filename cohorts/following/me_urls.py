"""The trainee's own page of a class."""

from django.urls import path

from cohorts.following import me_views

app_name = "my_class"
urlpatterns = [path("<slug:code>/mine/", me_views.own_class, name="page")]
