from django.urls import URLPattern

app_name = "attempts_api"
urlpatterns: list[URLPattern] = []
