"""Pages of a class that read more than its enrolments: attendance, study, mock exams."""

from django.urls import path

from cohorts.following import views

app_name = "class"
urlpatterns = [
    path("<uuid:uuid>/", views.overview, name="overview"),
    path("<uuid:uuid>/people/", views.people, name="people"),
    path("<uuid:uuid>/people/export/", views.export, name="export"),
    path("<uuid:uuid>/people/<uuid:enrolment>/", views.person, name="person"),
]
