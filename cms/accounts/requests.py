"""The request that a view behind a gate gets."""

from django.http import HttpRequest

from cms.accounts.models import User


class SignedInRequest(HttpRequest):
    """The gates let nobody else in, which the type of `HttpRequest.user` cannot know."""

    user: User
