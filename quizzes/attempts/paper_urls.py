"""Papers as trainees meet them. Here and not in papers/, which knows nothing of attempts."""

from django.urls import path

from quizzes.attempts import views

app_name = "papers"
urlpatterns = [
    path("", views.papers, name="list"),
    path("<uuid:uuid>/sit/", views.sit, name="sit"),
]
