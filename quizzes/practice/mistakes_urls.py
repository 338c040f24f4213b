from django.urls import URLPattern

app_name = "mistakes"
urlpatterns: list[URLPattern] = []
