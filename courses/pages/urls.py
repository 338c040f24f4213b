from django.urls import path

from courses.pages import views

app_name = "lessons"
urlpatterns = [path("<int:pk>/<str:name>", views.lesson_file, name="file")]
