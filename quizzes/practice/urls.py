from django.urls import path

from quizzes.practice.views import home, questions, runs

app_name = "practice"
urlpatterns = [
    path("", home.home, name="home"),
    path("start/", runs.start, name="start"),
    path("runs/<uuid:uuid>/", runs.summary, name="summary"),
    path("runs/<uuid:uuid>/finish/", runs.finish, name="finish"),
    path("runs/<uuid:uuid>/<int:number>/", runs.question, name="run"),
    path("bookmarks/", questions.bookmarks, name="bookmarks"),
    path("notes/", questions.notes, name="notes"),
    path("questions/<uuid:uuid>/", questions.question, name="question"),
    path("questions/<uuid:uuid>/bookmark/", questions.bookmark, name="bookmark"),
    path("questions/<uuid:uuid>/note/", questions.note, name="note"),
]
