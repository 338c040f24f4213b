"""The API of the self-check in lessons. In practice the key travels with the question."""

from typing import Any, cast
from uuid import UUID

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cms.accounts.models import User
from quizzes.bank.models import QuestionVersion
from quizzes.practice import serializers as shapes
from quizzes.practice import services
from quizzes.practice.judging import points_half
from quizzes.practice.models import PracticeAnswer
from quizzes.practice.pool import by_question


class QuestionView(APIView):
    @extend_schema(
        operation_id="practice_question_retrieve",
        responses={200: shapes.PracticeQuestionSerializer, **shapes.ERRORS},
    )
    def get(self, request: Request, uuid: UUID) -> Response:
        """The question; with it the answer this person gave last in a lesson, if any."""
        version = _in_practice(request, uuid)
        mine = PracticeAnswer.objects.visible_to(_trainee(request))
        last = mine.given_in_lesson(version).first()
        return Response(_shown(version) | {"last": _verdict(last) if last else None})


class AnswersView(APIView):
    @extend_schema(
        operation_id="practice_answers_create",
        request=shapes.PracticeAnswerSerializer,
        responses={200: shapes.PracticeVerdictSerializer, **shapes.ERRORS},
    )
    def post(self, request: Request, uuid: UUID) -> Response:
        """Keep an answer; the same key again gives the same verdict."""
        sent = shapes.PracticeAnswerSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        said = sent.validated_data
        answer = services.answer(
            _in_practice(request, uuid),
            user=_trainee(request),
            key=said["key"],
            chosen=said["options"],
            guessed=said["guessed"],
            now=timezone.now(),
        )
        return Response(_verdict(answer))


def _trainee(request: Request) -> User:
    return cast("User", request.user)


def _in_practice(request: Request, uuid: UUID) -> QuestionVersion:
    version = by_question(request.user, timezone.localdate(), uuid)
    if version is None:
        raise Http404
    return version


def _shown(version: QuestionVersion) -> dict[str, Any]:
    return {
        "question": str(version.question.uuid),
        "type": version.type,
        "points_half": points_half(version.type),
        "stem": version.content["stem"],
        "stimulus": version.content.get("stimulus"),
        "options": version.content["options"],
        "key": version.key,
        "rationale": version.rationale,
    }


def _verdict(answer: PracticeAnswer) -> dict[str, Any]:
    return {
        "verdict": answer.verdict,
        "score_half": answer.score_half,
        "points_half": points_half(answer.version.type),
        "options": list(answer.chosen),
        "guessed": answer.guessed,
    }
