from django.urls import URLPattern

app_name = "study_api"
urlpatterns: list[URLPattern] = []
