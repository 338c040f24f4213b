from django.urls import path

from cohorts.enrolment.views import applications, classes, inside

app_name = "enrolment"
urlpatterns = [
    path("", classes.class_list, name="list"),
    path("new/", classes.create, name="create"),
    path("<uuid:uuid>/edit/", classes.edit, name="edit"),
    path("<uuid:uuid>/move/", classes.move, name="move"),
    path("<uuid:uuid>/staff/", classes.staff, name="staff"),
    path("<uuid:uuid>/code/", classes.code, name="code"),
    path("<uuid:uuid>/applications/", applications.application_list, name="applications"),
    path("<uuid:uuid>/applications/answer/", applications.answer, name="answer"),
    path("<uuid:uuid>/freeze/", applications.freeze, name="freeze"),
    path("<uuid:uuid>/people/<uuid:enrolment>/remove/", applications.remove, name="remove"),
    path("<uuid:uuid>/people/<uuid:enrolment>/write/", inside.write, name="write"),
    path("<uuid:uuid>/plan/", inside.plan, name="plan"),
    path("<uuid:uuid>/plan/<int:pk>/drop/", inside.drop_line, name="drop_line"),
    path("<uuid:uuid>/notices/", inside.notices, name="notices"),
]
