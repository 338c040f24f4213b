"""What attempts read of a paper again and again, kept in the process.

A paper is frozen when it is made: neither its items nor their versions change afterwards. So these
readings are cached for good, by the identity of the content, and the hot paths ask the database
for nothing but the attempt itself.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from quizzes.attempts.scheme import Scheme, scheme_of
from quizzes.attempts.scoring import Chapter, KeyedItem
from quizzes.attempts.wire import Shape
from quizzes.bank.models import QuestionVersion
from quizzes.papers.models import Paper, PaperItem

KEPT_PAPERS = 64


@lru_cache(maxsize=KEPT_PAPERS)
def shape_of(paper_id: int, paper_sha256: str) -> Shape:
    """Types and option ids of the items, to check what a journal names."""
    return {
        item["item"]: (item["type"], frozenset(option["id"] for option in item["options"]))
        for item in snapshot_of(paper_id, paper_sha256)["items"]
    }


@lru_cache(maxsize=KEPT_PAPERS)
def keyed_items(paper_id: int, paper_sha256: str) -> tuple[KeyedItem, ...]:  # noqa: ARG001
    """The items with their keys, in paper order. Never leaves the server before the report.

    Without chapters: those may be put right later, and marks do not depend on them.
    """
    return tuple(keyed(item) for item in items_of(paper_id))


@lru_cache(maxsize=KEPT_PAPERS)
def snapshot_of(paper_id: int, paper_sha256: str) -> dict[str, Any]:  # noqa: ARG001
    """The paper as trainees get it, without keys. Shared by all of them: do not change it."""
    return Paper.objects.get(pk=paper_id).snapshot()


def scheme_of_paper(paper: Paper) -> Scheme:
    """The rules that were frozen into a paper."""
    return scheme_of(paper.scheme)


def items_of(paper_id: int) -> Iterable[PaperItem]:
    """The items in paper order with their versions and chapters."""
    items = PaperItem.objects.filter(paper_id=paper_id).order_by("number")
    return items.select_related("question_version__chapter")


def keyed(item: PaperItem, chapter: Chapter | None = None) -> KeyedItem:
    """An item as the scoring rule takes it."""
    return KeyedItem(
        number=item.number,
        section=item.section,
        type=item.question_version.type,
        points_half=item.points_half,
        key=frozenset(item.question_version.key),
        chapter=chapter,
    )


def chapter_of(version: QuestionVersion) -> Chapter | None:
    """The chapter of the syllabus that the question belongs to today."""
    found = version.chapter
    return None if found is None else Chapter(found.order, found.title, found.number, found.pk)
