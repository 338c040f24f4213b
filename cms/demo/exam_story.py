"""The exam half of the story: question bank, two papers, three mocks of the demo trainee."""

import hashlib
import random
from datetime import datetime, timedelta

from django.utils import timezone

from cms.accounts.models import User
from cms.accounts.services import load_consent_texts, load_regions
from cms.demo.make_files import FILES, SEED
from cms.demo.mock_exams import Mock, sit
from cohorts.results.services import load_cut_scores
from courses.syllabus.models import ExamYear, Subject
from courses.syllabus.services import load_reference
from quizzes.attempts.models import Attempt
from quizzes.bank.models import QuestionVersion
from quizzes.exchange.services import apply_import
from quizzes.papers.models import Paper
from quizzes.papers.services import freeze_paper, release

QUESTION_FILES = {
    "junior-general": "questions-junior-general.xlsx",
    "junior-practice": "questions-junior-practice.xlsx",
}
PAPERS = {
    "junior-general": ("mock-junior-general-1", "综合能力（初级）模拟卷（一）"),
    "junior-practice": ("mock-junior-practice-1", "实务（初级）模拟卷（一）"),
}
BANK_FILLED = timedelta(days=45)  # before the load
MOCKS = (
    Mock("mock-junior-general-1", days_ago=26, skill=0.47),
    Mock("mock-junior-practice-1", days_ago=13, skill=0.56),
    Mock("mock-junior-general-1", days_ago=4, skill=0.58),
)


def load_reference_facts(now: datetime) -> None:
    """Regions, consent texts, syllabus, exam years, cut scores; only what is missing is added."""
    load_regions()
    load_consent_texts()
    load_reference(now)
    load_cut_scores(now)


def law_year(now: datetime) -> int:
    """The newest exam whose law is settled by now: the one the questions are checked against."""
    settled = ExamYear.objects.filter(law_as_of__lte=timezone.localdate(now))
    return settled.order_by("-year").values_list("year", flat=True)[0]


def questions_are_in() -> bool:
    """Return whether each subject of the story has published questions."""
    published = QuestionVersion.objects.published()
    return all(published.of_subject(subject).exists() for subject in QUESTION_FILES)


def import_questions(now: datetime) -> None:
    """Both workbooks, by the demo editor."""
    editor = User.objects.get(username="editor")
    for subject, name in QUESTION_FILES.items():
        apply_import(
            (FILES / name).read_bytes(),
            name,
            options={"subject": subject, "exam_year": law_year(now)},
            actor=editor,
            now=now - BANK_FILLED,
        )


def papers_are_released() -> bool:
    """Return whether both papers can be sat."""
    codes = [code for code, _title in PAPERS.values()]
    return Paper.objects.released().filter(code__in=codes).count() == len(codes)


def release_papers(now: datetime) -> None:
    """Freeze a full paper a subject and let trainees sit it."""
    editor = User.objects.get(username="editor")
    for subject, (code, title) in PAPERS.items():
        paper = Paper.objects.filter(code=code).first() or freeze_paper(
            subject=Subject.objects.get(pk=subject),
            exam_year=ExamYear.objects.get(pk=law_year(now)),
            title=title,
            code=code,
            rng=chance(code),
            actor=editor,
            now=now - BANK_FILLED,
        )
        if paper.state == "draft":
            release(paper, actor=editor, now=now - BANK_FILLED)


def mocks_are_sat() -> bool:
    """Return whether the demo trainee has handed in the three mocks."""
    trainee = User.objects.filter(username="trainee").first()
    own = Attempt.objects.across_regions().handed_in()
    return trainee is not None and own.sat_by(trainee).count() >= len(MOCKS)


def sit_mocks(now: datetime) -> None:
    """Three evenings at half past seven, each better than the one before."""
    trainee = User.objects.get(username="trainee")
    evening = timezone.localtime(now).replace(hour=19, minute=30, second=0, microsecond=0)
    for number, mock in enumerate(MOCKS, start=1):
        paper = Paper.objects.get(code=mock.paper_code)
        sit(trainee, paper, mock, now=evening, rng=chance(f"mock {number}"))


def chance(purpose: str) -> random.Random:
    """Chance that is the same at every load, and another for every purpose."""
    seed = hashlib.sha256(f"{SEED} {purpose}".encode()).hexdigest()
    return random.Random(seed)  # noqa: S311 -- nothing secret hangs on it
