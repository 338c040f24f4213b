"""What pages of other features say of practice."""

from django import template
from django.utils import timezone

from quizzes.practice.pool import published

register = template.Library()


@register.simple_tag
def questions_to_practise(chapter_id: int) -> int:
    """How many questions of a chapter are in practice; those that rest for a while included."""
    return published(timezone.localdate()).filter(chapter=chapter_id).count()
