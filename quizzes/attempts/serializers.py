"""The shapes of the attempt API: they check what starts an attempt and describe all the rest.

Replies are built as plain dictionaries (api.py) and described here for the OpenAPI schema, from
which the player's types are generated; a test holds the two together.
"""

from rest_framework import serializers

from quizzes.attempts.scoring import SCORED_TYPES
from quizzes.attempts.states import State
from quizzes.attempts.wire import MAX_EVENTS
from quizzes.papers.models import Mode

STATES = [state.value for state in State]
TYPES = sorted(SCORED_TYPES)


class ErrorSerializer(serializers.Serializer):
    code = serializers.CharField()
    message = serializers.CharField()
    detail = serializers.DictField()


class AttemptStartSerializer(serializers.Serializer):
    paper = serializers.UUIDField()
    device = serializers.UUIDField()


class TakeoverSerializer(serializers.Serializer):
    device = serializers.UUIDField()


class ResponseValueSerializer(serializers.Serializer):
    """Either the chosen options (an empty list clears the answer) or a flag, never both."""

    options = serializers.ListField(child=serializers.CharField(), required=False)
    flag = serializers.BooleanField(required=False)


class SectionSerializer(serializers.Serializer):
    name = serializers.CharField()
    type = serializers.ChoiceField(choices=TYPES)
    count = serializers.IntegerField()
    points_half = serializers.IntegerField()
    hint = serializers.CharField()


class PaperSerializer(serializers.Serializer):
    paper = serializers.UUIDField()
    title = serializers.CharField()
    subject = serializers.CharField()
    sections = SectionSerializer(many=True)
    duration_min = serializers.IntegerField()
    pass_half = serializers.IntegerField()
    total_half = serializers.IntegerField()
    sha256 = serializers.CharField()


class OptionSerializer(serializers.Serializer):
    id = serializers.CharField()
    text = serializers.CharField()


class ItemSerializer(serializers.Serializer):
    item = serializers.IntegerField()
    section = serializers.IntegerField()
    type = serializers.ChoiceField(choices=TYPES)
    points_half = serializers.IntegerField()
    stem = serializers.CharField()
    stimulus = serializers.CharField(allow_null=True)
    options = OptionSerializer(many=True)


class AttemptSerializer(serializers.Serializer):
    """An attempt as its device goes on with it; `acked_through` is of the asking device."""

    attempt = serializers.UUIDField()
    epoch = serializers.IntegerField()
    token = serializers.CharField(required=False)
    state = serializers.ChoiceField(choices=STATES)
    mode = serializers.ChoiceField(choices=Mode.values)
    paper = PaperSerializer()
    items = ItemSerializer(many=True)
    answers = serializers.DictField(child=ResponseValueSerializer())
    flags = serializers.ListField(child=serializers.IntegerField())
    acked_through = serializers.IntegerField()
    started_at = serializers.DateTimeField()
    deadline_at = serializers.DateTimeField()
    grace_s = serializers.IntegerField()
    server_now = serializers.DateTimeField()


class JournalEventSerializer(serializers.Serializer):
    seq = serializers.IntegerField(min_value=1)
    item = serializers.IntegerField(min_value=1)
    value = ResponseValueSerializer()
    mono_ms = serializers.IntegerField(min_value=0)
    client_at = serializers.DateTimeField()


class JournalSerializer(serializers.Serializer):
    device = serializers.UUIDField()
    epoch = serializers.IntegerField(min_value=1)
    events = serializers.ListField(child=JournalEventSerializer(), max_length=MAX_EVENTS)


class JournalReplySerializer(serializers.Serializer):
    acked_through = serializers.IntegerField()
    gaps = serializers.ListField(
        child=serializers.ListField(child=serializers.IntegerField(), min_length=2, max_length=2)
    )
    server_now = serializers.DateTimeField()
    deadline_at = serializers.DateTimeField()
    epoch = serializers.IntegerField()
    state = serializers.ChoiceField(choices=STATES)


class SubmissionSerializer(serializers.Serializer):
    device = serializers.UUIDField()
    epoch = serializers.IntegerField(min_value=1)
    through = serializers.DictField(child=serializers.IntegerField(min_value=0))
    answers_sha256 = serializers.RegexField(r"^[0-9a-f]{64}$")


class ReceiptSerializer(serializers.Serializer):
    receipt = serializers.CharField()
    submitted_at = serializers.DateTimeField()
    answered = serializers.IntegerField()
    items = serializers.IntegerField()
    answers_sha256 = serializers.CharField()
    state = serializers.ChoiceField(choices=STATES)
    report_url = serializers.CharField()
