from django.urls import path

from cohorts.enrolment import public_views

app_name = "classes"
urlpatterns = [
    path("", public_views.class_list, name="list"),
    path("<slug:code>/", public_views.class_detail, name="detail"),
    path("<slug:code>/enrol/", public_views.enrol, name="enrol"),
    path("<slug:code>/withdraw/", public_views.withdraw, name="withdraw"),
]
