from django.urls import path

from cms.workbench import views

app_name = "workbench"
urlpatterns = [
    path("", views.home, name="home"),
    path("audit/", views.audit_list, name="audit"),
]
