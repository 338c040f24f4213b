from django.urls import path

from quizzes.attempts import api

app_name = "attempts_api"
urlpatterns = [
    path("", api.AttemptsView.as_view(), name="start"),
    path("<uuid:uuid>/", api.AttemptView.as_view(), name="state"),
    path("<uuid:uuid>/takeover/", api.TakeoverView.as_view(), name="takeover"),
    path("<uuid:uuid>/journal/", api.JournalView.as_view(), name="journal"),
    path("<uuid:uuid>/submission/", api.SubmissionView.as_view(), name="submission"),
    path("<uuid:uuid>/receipt/", api.ReceiptView.as_view(), name="receipt"),
]
