from django.urls import path

from quizzes.practice import api

app_name = "practice_api"
urlpatterns = [
    path("questions/<uuid:uuid>/", api.QuestionView.as_view(), name="question"),
    path("questions/<uuid:uuid>/answers/", api.AnswersView.as_view(), name="answers"),
]
