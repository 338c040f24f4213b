from django.urls import path

from courses.study import views

app_name = "study"
urlpatterns = [
    path("", views.home, name="home"),
    path("bookmarks/", views.bookmarks, name="bookmarks"),
    path("notes/", views.notes, name="notes"),
    path("lessons/<int:pk>/finish/", views.finish, name="finish"),
    path("lessons/<int:pk>/bookmark/", views.bookmark, name="bookmark"),
    path("lessons/<int:pk>/note/", views.note, name="note"),
]
