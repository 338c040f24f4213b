from django.urls import path

from cohorts.attendance import me_views

app_name = "check_in"
urlpatterns = [path("<uuid:uuid>/<slug:code>/", me_views.check_in, name="session")]
