"""Where people work, as notices and payout lists name it."""

from collections.abc import Iterable
from datetime import date

from cohorts.posts.models import Post


def units_of(persons: Iterable[int], day: date) -> dict[int, str]:
    """The name of each person's present unit, by person; the latest post where there are two."""
    posts = (
        Post.objects.across_regions()
        .on(day)
        .filter(person__in=set(persons))
        .select_related("organisation")
        .order_by("from_on", "pk")
    )
    return {post.person_id: post.organisation.name for post in posts}
