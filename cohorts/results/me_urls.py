from django.urls import URLPattern

app_name = "my_results"
urlpatterns: list[URLPattern] = []
