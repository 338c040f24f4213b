from django.urls import path

from quizzes.attempts import views

app_name = "attempts"
urlpatterns = [
    path("<uuid:uuid>/", views.player, name="player"),
    path("<uuid:uuid>/report/", views.report, name="report"),
]
