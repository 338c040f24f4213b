from django.urls import URLPattern

app_name = "my_claims"
urlpatterns: list[URLPattern] = []
