"""The one address that a lesson page speaks to while it is read."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import UserRateThrottle
from rest_framework.views import APIView

from courses.pages.models import LessonPage
from courses.study.models import StudyEvent
from courses.study.overview import MINUTE
from courses.study.progress import WHOLE
from courses.study.services import record_event

# "Finished" is said by a button of the page alone.
KINDS = [StudyEvent.Kind.OPENED.value, StudyEvent.Kind.BEAT.value]


class StudyEventSerializer(serializers.Serializer):
    """No minutes: those the server credits from the moments at which events arrive."""

    lesson = serializers.IntegerField(min_value=1)
    view = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=KINDS)
    place = serializers.IntegerField(min_value=0, max_value=WHOLE)


class StudyStandingSerializer(serializers.Serializer):
    place = serializers.IntegerField()
    furthest = serializers.IntegerField()
    minutes = serializers.IntegerField()


class ReadingRate(UserRateThrottle):
    """Two windows beat four times a minute; the rest is room for turning pages fast."""

    scope = "study"
    rate = "60/min"


class StudyEventsView(APIView):
    throttle_classes = [ReadingRate]

    @extend_schema(
        operation_id="study_events_update",
        request=StudyEventSerializer,
        responses={200: StudyStandingSerializer},
    )
    def put(self, request: Request) -> Response:
        """Keep an event. It may be sent again: the same opening counts once."""
        told = StudyEventSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        sent: dict[str, Any] = told.validated_data
        lesson = get_object_or_404(LessonPage.objects.live().defer("body"), pk=sent.pop("lesson"))
        user: Any = request.user
        standing = record_event(user=user, lesson=lesson, now=timezone.now(), **sent)
        return Response(
            {
                "place": standing.place,
                "furthest": standing.furthest,
                "minutes": standing.credited_s // MINUTE,
            }
        )
