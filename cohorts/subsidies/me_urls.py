from django.urls import path

from cohorts.subsidies import me_views

app_name = "my_claims"
urlpatterns = [
    path("", me_views.claim_list, name="list"),
    path("<uuid:uuid>/withdraw/", me_views.withdraw, name="withdraw"),
    path("<uuid:certificate>/<slug:benefit>/", me_views.claim_detail, name="detail"),
    path("<uuid:certificate>/<slug:benefit>/submit/", me_views.submit, name="submit"),
]
