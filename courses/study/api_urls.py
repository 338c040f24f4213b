from django.urls import path

from courses.study import api

app_name = "study_api"
urlpatterns = [path("events/", api.StudyEventsView.as_view(), name="events")]
