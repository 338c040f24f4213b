from django.urls import path

from cohorts.outcomes import views

app_name = "outcomes"
urlpatterns = [
    path("annual/", views.annual, name="annual"),
    path("annual.json", views.annual_json, name="annual_json"),
]
