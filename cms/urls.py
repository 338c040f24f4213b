"""The map of the site: every address starts here."""

from allauth.account import views as account_views
from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from cms import views
from cms.pages import views as page_views

account_patterns = [
    path("login/", account_views.login, name="account_login"),
    path("logout/", account_views.logout, name="account_logout"),
    path("signup/", account_views.signup, name="account_signup"),
    path("password/change/", account_views.password_change, name="account_change_password"),
    path("reauthenticate/", account_views.reauthenticate, name="account_reauthenticate"),
    path("inactive/", account_views.account_inactive, name="account_inactive"),
]

urlpatterns = [
    path("healthz", views.health, name="health"),
    path("media/images/<path:name>", views.picture, name="picture"),
    path("welcome/", views.welcome, name="welcome"),
    path("accounts/", include(account_patterns)),
    path("i18n/", include("django.conf.urls.i18n")),
    path("join/", include("cms.accounts.public_urls")),
    path("site/", include("cms.pages.urls")),
    path("today/", include("cms.today.urls")),
    path("me/", include("cms.accounts.me_urls")),
    path("me/inbox/", include("cms.notices.urls")),
    path("study/", include("courses.study.urls")),
    path("lesson-files/", include("courses.pages.urls")),
    path("practice/", include("quizzes.practice.urls")),
    path("mistakes/", include("quizzes.practice.mistakes_urls")),
    path("classes/", include("cohorts.enrolment.public_urls")),
    path("classes/", include("cohorts.following.me_urls")),
    path("check-in/", include("cohorts.attendance.me_urls")),
    path("api/v1/", include("cms.api")),
    path("papers/", include("quizzes.attempts.paper_urls")),
    path("attempts/", include("quizzes.attempts.urls")),
    path("me/results/", include("cohorts.certificates.me_urls")),
    path("me/claims/", include("cohorts.subsidies.me_urls")),
    path("notices/", page_views.notices, name="notice_list"),
    path("notices/", include("cohorts.subsidies.public_urls")),
    path("workbench/", include("cms.workbench.urls")),
    path("workbench/accounts/", include("cms.accounts.urls")),
    path("workbench/classes/", include("cohorts.enrolment.urls")),
    path("workbench/classes/", include("cohorts.following.class_urls")),
    path("workbench/sessions/", include("cohorts.attendance.urls")),
    path("workbench/following/", include("cohorts.following.urls")),
    path("workbench/results/", include("cohorts.results.urls")),
    path("workbench/certificates/", include("cohorts.certificates.urls")),
    path("workbench/posts/", include("cohorts.posts.urls")),
    path("workbench/outcomes/", include("cohorts.outcomes.urls")),
    path("workbench/subsidies/", include("cohorts.subsidies.urls")),
    path("cms/documents/", include(wagtaildocs_urls)),
    path("cms/", include(wagtailadmin_urls)),
    path("", page_views.front, name="home"),
    path("", include(wagtail_urls)),
]
