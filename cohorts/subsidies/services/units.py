"""Where people work, as notices and payout lists name it."""

from collections.abc import Iterable
from datetime import date

from cohorts.posts.models import Post
from cohorts.results.models import ExamSignUp
from cohorts.subsidies.models import Claim


def units_of(claims: Iterable[Claim], day: date) -> dict[int, str]:
    """The unit of each claimant on a day, by person: the present post, the latest where there are
    two; else what the register or the sign-up says. Claims come with their certificates.
    """
    rows = list(claims)
    persons = {claim.person_id for claim in rows}
    sign_ups = (
        ExamSignUp.objects.across_regions().filter(person__in=persons).exclude(organisation="")
    )
    units = dict(sign_ups.order_by("exam_year").values_list("person", "organisation"))
    units |= {
        claim.person_id: claim.certificate.organisation
        for claim in rows
        if claim.certificate.organisation
    }
    posts = Post.objects.across_regions().on(day).filter(person__in=persons)
    latest_last = posts.select_related("organisation").order_by("from_on", "pk")
    return units | {post.person_id: post.organisation.name for post in latest_last}
