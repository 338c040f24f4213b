"""The API that the exam player speaks. Time is read once, when a request arrives."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar, cast
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cms.accounts.models import User
from cms.core.errors import Refused
from cms.core.wording import Message
from quizzes.attempts import serializers as shapes
from quizzes.attempts import services, tokens, wire
from quizzes.attempts.lease import Lease
from quizzes.attempts.models import Attempt, Submission
from quizzes.attempts.services import refusals

ERRORS = dict.fromkeys((400, 401, 403, 404, 409), shapes.ErrorSerializer)
KEY = OpenApiParameter("Idempotency-Key", UUID, OpenApiParameter.HEADER, required=True)
TOKEN = OpenApiParameter("X-Attempt-Token", str, OpenApiParameter.HEADER, required=True)
DEVICE = OpenApiParameter(
    "device",
    UUID,
    OpenApiParameter.QUERY,
    description="Whose acked_through is asked; the holder's where it is left out.",
)

Read = TypeVar("Read")


class HoldsToken(BasePermission):
    """Lets in by the signed token alone: neither session nor user row is loaded."""

    def has_permission(self, request: Request, view: Any) -> bool:
        lease = tokens.read(request.headers.get("X-Attempt-Token", ""))
        if (
            lease is None
            or lease.attempt != view.kwargs["uuid"]
            or not lease.is_live(view.arrived_at)
        ):
            raise refusals.token_dead()
        view.lease = lease
        return True


class TokenView(APIView):
    """A view of the hot path; its clock is read before anything else is done."""

    authentication_classes = []
    permission_classes = [HoldsToken]
    arrived_at: datetime
    lease: Lease

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        self.arrived_at = timezone.now()
        super().initial(request, *args, **kwargs)


class AttemptsView(APIView):
    @extend_schema(
        operation_id="attempts_create",
        parameters=[KEY],
        request=shapes.AttemptStartSerializer,
        responses={200: shapes.AttemptSerializer, 201: shapes.AttemptSerializer, **ERRORS},
    )
    def post(self, request: Request) -> Response:
        now = timezone.now()
        wanted = shapes.AttemptStartSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        attempt, created = services.start(
            user=_sitter(request), key=_idempotency_key(request), now=now, **wanted.validated_data
        )
        return Response(_held(attempt, now), status=201 if created else 200)


class AttemptView(APIView):
    @extend_schema(
        operation_id="attempts_retrieve",
        parameters=[DEVICE],
        responses={200: shapes.AttemptSerializer, **ERRORS},
    )
    def get(self, request: Request, uuid: UUID) -> Response:
        attempt = _own(request, uuid)
        device = request.query_params.get("device")
        asking = attempt.device if device is None else _read(wire.read_uuid, device, "device")
        return Response(_state(attempt, asking, timezone.now()))


class TakeoverView(APIView):
    @extend_schema(
        operation_id="attempts_takeover_create",
        parameters=[KEY],
        request=shapes.TakeoverSerializer,
        responses={200: shapes.AttemptSerializer, **ERRORS},
    )
    def post(self, request: Request, uuid: UUID) -> Response:
        now = timezone.now()
        wanted = shapes.TakeoverSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        attempt = services.take_over(
            user=_sitter(request),
            attempt=uuid,
            key=_idempotency_key(request),
            now=now,
            **wanted.validated_data,
        )
        return Response(_held(attempt, now))


class JournalView(TokenView):
    @extend_schema(
        operation_id="attempts_journal_update",
        parameters=[TOKEN],
        request=shapes.JournalSerializer,
        responses={200: shapes.JournalReplySerializer, **ERRORS},
        auth=[],
    )
    def put(self, request: Request, uuid: UUID) -> Response:  # noqa: ARG002
        batch = _read(wire.read_batch, _body(request))
        recorded = services.record(lease=self.lease, batch=batch, now=self.arrived_at)
        _refuse_what_was_only_kept(recorded)
        return Response(
            {
                **_kept(recorded),
                "server_now": _iso(recorded.attempt.clock(self.arrived_at)),
                "deadline_at": _iso(recorded.attempt.deadline_at),
                "state": recorded.attempt.state,
            }
        )


class SubmissionView(TokenView):
    @extend_schema(
        operation_id="attempts_submission_update",
        parameters=[TOKEN],
        request=shapes.SubmissionSerializer,
        responses={200: shapes.ReceiptSerializer, **ERRORS},
        auth=[],
    )
    def put(self, request: Request, uuid: UUID) -> Response:  # noqa: ARG002
        claim = _read(wire.read_claim, _body(request))
        submission = services.submit(lease=self.lease, claim=claim, now=self.arrived_at)
        return Response(_receipt(submission))


class ReceiptView(APIView):
    @extend_schema(
        operation_id="attempts_receipt_retrieve",
        responses={200: shapes.ReceiptSerializer, **ERRORS},
    )
    def get(self, request: Request, uuid: UUID) -> Response:
        submission = Submission.objects.filter(attempt=_own(request, uuid)).first()
        if submission is None:
            raise refusals.not_found()
        return Response(_receipt(submission))


def _sitter(request: Request) -> User:
    return cast("User", request.user)


def _own(request: Request, uuid: UUID) -> Attempt:
    own = Attempt.objects.visible_to(request.user).select_related("paper")
    return get_object_or_404(own, uuid=uuid)


def _read(reader: Callable[..., Read], *raw: Any) -> Read:
    try:
        return reader(*raw)
    except wire.Malformed as fault:
        raise refusals.invalid(str(fault)) from fault


def _body(request: Request) -> object:
    if int(request.META.get("CONTENT_LENGTH") or 0) > wire.BODY_BYTES:
        raise refusals.invalid("body")
    return _read(wire.parse, request.body)


def _idempotency_key(request: Request) -> UUID:
    return _read(wire.read_uuid, request.headers.get("Idempotency-Key"), "Idempotency-Key")


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


def _held(attempt: Attempt, now: datetime) -> dict[str, Any]:
    token = tokens.issue(services.lease_of(attempt))
    return {**_state(attempt, attempt.device, now), "token": token}


def _state(attempt: Attempt, device: UUID, now: datetime) -> dict[str, Any]:
    sitting = services.sitting(attempt, device)
    paper = {name: part for name, part in sitting.paper.items() if name != "items"}
    answers = sitting.projection.answers
    return {
        "attempt": str(attempt.uuid),
        "epoch": attempt.epoch,
        "state": attempt.state,
        "mode": attempt.mode,
        "paper": paper,
        "items": sitting.paper["items"],
        "answers": {str(item): {"options": list(chosen)} for item, chosen in answers.items()},
        "flags": list(sitting.projection.flags),
        "acked_through": sitting.acked_through,
        "started_at": _iso(attempt.started_at),
        "deadline_at": _iso(attempt.deadline_at),
        "grace_s": attempt.grace_s,
        "server_now": _iso(attempt.clock(now)),
    }


def _kept(recorded: services.Recorded) -> dict[str, Any]:
    return {
        "acked_through": recorded.acked_through,
        "gaps": recorded.gaps,
        "epoch": recorded.attempt.epoch,
    }


def _refuse_what_was_only_kept(recorded: services.Recorded) -> None:
    """The events are stored by now; the refusal tells the device how things stand."""
    if recorded.clashes:
        raise Refused(
            "seq_conflict",
            Message("Two different answers came under one number. Please reload the page."),
            {**_kept(recorded), "seq": recorded.clashes},
        )
    if recorded.attempt.is_closed:
        raise refusals.closed(**_kept(recorded))
    if not recorded.holds_lease:
        raise refusals.lease_lost(recorded.attempt, **_kept(recorded))


def _receipt(submission: Submission) -> dict[str, Any]:
    attempt = submission.attempt
    return {
        "receipt": submission.receipt,
        "submitted_at": _iso(submission.received_at),
        "answered": submission.answered,
        "items": submission.items,
        "answers_sha256": submission.answers_sha256,
        "state": attempt.state,
        "report_url": reverse("attempts:report", args=[attempt.uuid]),
    }
