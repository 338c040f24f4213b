from django.urls import path

from cms.workbench import views

app_name = "workbench"
urlpatterns = [
    path("", views.home, name="home"),
    path("audit/", views.audit_list, name="audit"),
    path("audit/<int:pk>/", views.audit_entry, name="audit_entry"),
    path("audit/export/", views.audit_export, name="audit_export"),
    path("audit/verify/", views.audit_verify, name="audit_verify"),
]
