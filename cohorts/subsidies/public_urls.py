from django.urls import path

from cohorts.subsidies import public_views

app_name = "notices"
urlpatterns = [path("<uuid:uuid>/", public_views.notice_detail, name="detail")]
