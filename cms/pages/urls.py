from django.urls import path

from cms.pages import views

app_name = "site"
urlpatterns = [path("theme-<slug:colour>.css", views.theme, name="theme")]
