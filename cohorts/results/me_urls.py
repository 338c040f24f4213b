from cohorts.certificates.me_urls import app_name, urlpatterns

__all__ = ["app_name", "urlpatterns"]
