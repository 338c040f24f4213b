"""The shapes of the practice API; replies are built as plain dictionaries and described here."""

from rest_framework import serializers

from quizzes.attempts.scoring import Verdict
from quizzes.attempts.serializers import TYPES, ErrorSerializer, OptionSerializer

ERRORS = dict.fromkeys((400, 403, 404, 409), ErrorSerializer)


class PracticeVerdictSerializer(serializers.Serializer):
    verdict = serializers.ChoiceField(choices=[verdict.value for verdict in Verdict])
    score_half = serializers.IntegerField()
    points_half = serializers.IntegerField()
    options = serializers.ListField(child=serializers.CharField())
    guessed = serializers.BooleanField()


class PracticeQuestionSerializer(serializers.Serializer):
    """`last` is what this person answered last when it stood in a lesson."""

    question = serializers.UUIDField()
    type = serializers.ChoiceField(choices=TYPES)
    points_half = serializers.IntegerField()
    stem = serializers.CharField()
    stimulus = serializers.CharField(allow_null=True)
    options = OptionSerializer(many=True)
    key = serializers.ListField(child=serializers.CharField())
    rationale = serializers.CharField()
    last = PracticeVerdictSerializer(allow_null=True)


class PracticeAnswerSerializer(serializers.Serializer):
    """`key` is made by the device, so that an answer sent twice counts once."""

    key = serializers.UUIDField()
    options = serializers.ListField(child=serializers.CharField(max_length=20), max_length=20)
    guessed = serializers.BooleanField(default=False)
