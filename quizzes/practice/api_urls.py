from django.urls import URLPattern

app_name = "practice_api"
urlpatterns: list[URLPattern] = []
