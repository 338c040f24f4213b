"""The HTTP API: every feature's addresses under /api/v1/, and the schema that describes them."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="api_schema"),
    path("attempts/", include("quizzes.attempts.api_urls")),
    path("practice/", include("quizzes.practice.api_urls")),
    path("study/", include("courses.study.api_urls")),
]
