from django.urls import path

from quizzes.practice import mistakes_views

app_name = "mistakes"
urlpatterns = [
    path("", mistakes_views.mistake_list, name="list"),
    path("setting/", mistakes_views.setting, name="setting"),
]
