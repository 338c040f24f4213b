"""The blocks of a lesson: each kind has one fixed form, so that the eye learns it."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks


class LessonBlocks(blocks.StreamBlock):
    """What a lesson is made of."""

    text = blocks.RichTextBlock(label=_("text"))
