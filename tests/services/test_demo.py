import pytest
from datetime import datetime, UTC
from cms.demo import accounts, exam_story
from quizzes.attempts.models import Scoring
pytestmark = pytest.mark.django_db
def test_x():
    now=datetime(2026,11,23,12,tzinfo=UTC)
    exam_story.load_reference_facts(now)
    accounts.open_accounts()
    exam_story.import_questions(now); exam_story.release_papers(now)
    assert exam_story.papers_are_released()
    exam_story.sit_mocks(now)
    print([s.total_half/2 for s in Scoring.objects.all()])
    assert exam_story.mocks_are_sat()
    exam_story.sit_mocks(now)
    assert Scoring.objects.count()==3
