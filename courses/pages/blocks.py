"""The blocks of a lesson: each kind has one fixed form, so that the eye learns it.

Names and fields are those of a lesson file (`lesson_file.py`).
"""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.stream_block import StreamBlockValidationError
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock

from cms.core.errors import say
from courses.pages.question_choice import QuestionBlock
from courses.pages.table_rows import BadRows, check_rows, rows_of, text_of

TEXT_FEATURES = ["h2", "h3", "bold", "ol", "ul", "link"]
VIDEO, AUDIO, CAPTIONS = ("mp4", "webm"), ("mp3", "m4a"), ("vtt",)


class KeyPoints(blocks.StructBlock):
    stars = blocks.ChoiceBlock(
        choices=[("1", "★"), ("2", "★★"), ("3", "★★★")], default="2", label=_("importance")
    )
    points = blocks.ListBlock(
        blocks.RichTextBlock(features=["bold"]), min_num=1, max_num=5, label=_("points")
    )

    class Meta:
        icon = "pick"
        label = _("key points")
        template = "courses/blocks/key_points.html"


class Flow(blocks.StructBlock):
    label = blocks.CharBlock(max_length=60, label=_("name of the procedure"))
    steps = blocks.ListBlock(
        blocks.CharBlock(max_length=12), min_num=2, max_num=8, label=_("steps")
    )
    current = blocks.IntegerBlock(
        min_value=0, default=0, label=_("step of this lesson"), help_text=_("0 marks none")
    )

    class Meta:
        icon = "arrow-right"
        label = _("procedure")
        template = "courses/blocks/flow.html"


class Figure(blocks.StructBlock):
    # Wagtail's image block asks for a description, or to say that the picture only decorates.
    image = ImageBlock(label=_("picture"))
    caption = blocks.CharBlock(required=False, max_length=120, label=_("caption"))

    class Meta:
        icon = "image"
        label = _("figure")
        template = "courses/blocks/figure.html"


class Rows(blocks.FieldBlock):
    """Rows of plain text, typed a line a row or pasted from a spreadsheet."""

    def __init__(self, *, required: bool = True, **kwargs: Any) -> None:
        self.field = forms.CharField(
            required=required,
            widget=forms.Textarea(attrs={"rows": 6}),
            help_text=_("One row a line, cells apart by | ; or paste from a spreadsheet."),
        )
        super().__init__(**kwargs)

    def value_from_form(self, value: str) -> list[list[str]]:
        return rows_of(value)

    def value_for_form(self, value: list[list[str]]) -> str:
        return text_of(value or [])

    def clean(self, value: list[list[str]]) -> list[list[str]]:
        rows: list[list[str]] = super().clean(value)
        try:
            check_rows(rows)
        except BadRows as fault:
            raise ValidationError(say(fault.message)) from fault
        return rows

    class Meta:
        default: list[list[str]] = []


class Table(blocks.StructBlock):
    caption = blocks.CharBlock(max_length=80, label=_("caption"))
    header_column = blocks.BooleanBlock(
        required=False, default=True, label=_("first column names the rows")
    )
    rows = Rows(label=_("rows"))

    class Meta:
        icon = "table"
        label = _("table")
        template = "courses/blocks/table.html"


class Recording(blocks.StructBlock):
    """A recording, what is said in it as captions, and the same in full to read."""

    file = DocumentChooserBlock(label=_("file"))
    title = blocks.CharBlock(max_length=80, label=_("title"))
    captions = DocumentChooserBlock(required=False, label=_("captions (.vtt)"))
    transcript = blocks.TextBlock(label=_("transcript"))
    kinds: tuple[str, ...] = ()

    def clean(self, value: Any) -> Any:
        found = super().clean(value)
        faults = {}
        if found["file"].file_extension.lower() not in self.kinds:
            faults["file"] = ValidationError(wrong_kind(self.kinds))
        if found["captions"] and found["captions"].file_extension.lower() not in CAPTIONS:
            faults["captions"] = ValidationError(wrong_kind(CAPTIONS))
        if faults:
            raise StructBlockValidationError(block_errors=faults)
        return found


def wrong_kind(kinds: tuple[str, ...]) -> str:
    return str(_("The file must be one of: %(kinds)s.") % {"kinds": ", ".join(kinds)})


class Video(Recording):
    captions = DocumentChooserBlock(label=_("captions (.vtt)"))
    kinds = VIDEO

    class Meta:
        icon = "media"
        label = _("video")
        template = "courses/blocks/video.html"


class Audio(Recording):
    kinds = AUDIO

    class Meta:
        icon = "media"
        label = _("audio")
        template = "courses/blocks/audio.html"


class Download(blocks.StructBlock):
    document = DocumentChooserBlock(label=_("file"))
    title = blocks.CharBlock(required=False, max_length=80, label=_("title"))

    class Meta:
        icon = "download"
        label = _("download")
        template = "courses/blocks/download.html"


class Law(blocks.StructBlock):
    law = blocks.CharBlock(max_length=80, label=_("law"))
    article = blocks.CharBlock(max_length=40, label=_("article"))
    text = blocks.TextBlock(label=_("wording"))
    marks = blocks.ListBlock(
        blocks.CharBlock(max_length=80), default=[], label=_("phrases to mark, as in the wording")
    )
    in_force_from = blocks.DateBlock(label=_("in force from"))
    checked_on = blocks.DateBlock(label=_("checked on"))

    def clean(self, value: Any) -> Any:
        found = super().clean(value)
        strange = [mark for mark in found["marks"] if mark not in found["text"]]
        if strange:
            says = _("“%(phrase)s” does not stand in the wording.") % {"phrase": strange[0]}
            raise StructBlockValidationError(block_errors={"marks": ValidationError(says)})
        return found

    class Meta:
        icon = "openquote"
        label = _("article of law")
        template = "courses/blocks/law.html"


class Case(blocks.StructBlock):
    material = blocks.TextBlock(label=_("material"))
    analysis = blocks.TextBlock(label=_("analysis"))
    points = blocks.ListBlock(blocks.TextBlock(rows=2), min_num=1, label=_("points of the answer"))

    class Meta:
        icon = "group"
        label = _("worked case")
        template = "courses/blocks/case.html"


class Mnemonic(blocks.StructBlock):
    text = blocks.CharBlock(max_length=60, label=_("words to remember"))
    meaning = blocks.TextBlock(label=_("what they stand for"))

    class Meta:
        icon = "tag"
        label = _("mnemonic")
        template = "courses/blocks/mnemonic.html"


class Callout(blocks.StructBlock):
    tone = blocks.ChoiceBlock(
        choices=[("info", _("to know")), ("wait", _("to beware of"))],
        default="info",
        label=_("kind"),
    )
    title = blocks.CharBlock(max_length=40, label=_("title"))
    text = blocks.TextBlock(label=_("text"))

    class Meta:
        icon = "info-circle"
        label = _("callout")
        template = "courses/blocks/callout.html"


class SelfCheck(blocks.StructBlock):
    question = QuestionBlock(label=_("question of the bank"))

    class Meta:
        icon = "help"
        label = _("self-check")
        template = "courses/blocks/self_check.html"


class LessonBlocks(blocks.StreamBlock):
    """What a lesson is made of."""

    key_points = KeyPoints()
    flow = Flow()
    text = blocks.RichTextBlock(
        features=TEXT_FEATURES, label=_("text"), template="courses/blocks/text.html"
    )
    figure = Figure()
    table = Table()
    video = Video()
    audio = Audio()
    download = Download()
    law = Law()
    case = Case()
    mnemonic = Mnemonic()
    callout = Callout()
    self_check = SelfCheck()

    class Meta:
        block_counts = {"key_points": {"max_num": 1}}

    def clean(self, value: Any) -> Any:
        """What a lesson is about is said first."""
        found = super().clean(value)
        places = [number for number, child in enumerate(found) if child.block_type == "key_points"]
        if places and places[0] != 0:
            says = _("The key points come first.")
            raise StreamBlockValidationError(block_errors={places[0]: ValidationError(says)})
        return found
