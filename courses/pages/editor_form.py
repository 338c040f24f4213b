"""Lesson bodies in the form in which Wagtail's editor stores them.

The editor gives each item of a list an identifier and each paragraph a key. A body without them
would look changed as soon as somebody opens the form and saves it untouched, and an approval is
refused when the text has changed since it was handed over.
"""

from typing import Any

from wagtail.blocks import (
    ListBlock,
    RichTextBlock,
    StreamBlock,
    StreamValue,
    StructBlock,
    StructValue,
)


def in_editor_form(body: StreamValue) -> StreamValue:
    """Return the same body, as a save of the untouched form would leave it."""
    block = body.stream_block
    return block.to_python(block.get_prep_value(_edited(block, body)))


def _edited(block: Any, value: Any) -> Any:
    match block:
        case RichTextBlock():
            return _through_the_widget(block, value)
        case StreamBlock():
            for child in value:
                child.value = _edited(child.block, child.value)
        case ListBlock():
            for child in value.bound_blocks:
                child.value = _edited(child.block, child.value)
        case StructBlock() if isinstance(value, StructValue):  # an image is none
            for name, inner in block.child_blocks.items():
                value[name] = _edited(inner, value[name])
    return value


def _through_the_widget(block: RichTextBlock, value: Any) -> Any:
    """The text as the editor's widget reads it and writes it back."""
    posted = {"text": block.get_form_state(value)}
    return block.value_from_form(block.field.widget.value_from_datadict(posted, {}, "text"))
