from django.urls import path

from cms.accounts import me_views

app_name = "me"
urlpatterns = [
    path("", me_views.home, name="home"),
    path("consent/", me_views.consent, name="consent"),
    path("sessions/end/", me_views.end_sessions, name="end_sessions"),
    path("link/", me_views.link, name="link"),
    path("link/code/", me_views.link_code, name="link_code"),
    path("link/lost-phone/", me_views.lost_phone, name="lost_phone"),
    path("link/take-back/", me_views.take_back, name="take_back"),
    path("phone/", me_views.phone, name="phone"),
]
