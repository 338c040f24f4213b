from django.urls import path

from cms.accounts import public_views

app_name = "joining"
urlpatterns = [path("<str:token>/", public_views.join, name="join")]
