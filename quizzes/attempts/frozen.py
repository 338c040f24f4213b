"""What attempts read of a released paper, kept in the process.

A paper is frozen when it is made: neither its items nor their versions change afterwards. So these
readings are cached for good, by the identity of the content, and the hot paths ask the database
for nothing but the attempt itself.
"""

from functools import lru_cache
from typing import Any
from uuid import UUID

from quizzes.attempts.scheme import Scheme, scheme_of
from quizzes.attempts.scoring import Chapter, KeyedItem
from quizzes.attempts.wire import Shape
from quizzes.papers.models import Paper, PaperItem

KEPT_PAPERS = 64


@lru_cache(maxsize=KEPT_PAPERS)
def shape_of(paper_id: int, paper_sha256: str) -> Shape:  # noqa: ARG001 - part of the cache key
    """Types and option ids of the items, to check what a journal names."""
    return {
        item.number: (
            item.question_version.type,
            frozenset(option["id"] for option in item.question_version.content["options"]),
        )
        for item in _items(paper_id)
    }


@lru_cache(maxsize=KEPT_PAPERS)
def keyed_items(paper_uuid: UUID) -> tuple[KeyedItem, ...]:
    """The items with their keys, in paper order. Never leaves the server before the report."""
    return tuple(
        KeyedItem(
            number=item.number,
            section=item.section,
            type=item.question_version.type,
            points_half=item.points_half,
            key=frozenset(item.question_version.key),
            chapter=_chapter(item),
        )
        for item in _items_of(paper_uuid)
    )


@lru_cache(maxsize=KEPT_PAPERS)
def snapshot_of(paper_uuid: UUID) -> dict[str, Any]:
    """The paper as trainees get it, without keys. Shared by all of them: do not change it."""
    return Paper.objects.get(uuid=paper_uuid).snapshot()


def scheme_of_paper(paper: Paper) -> Scheme:
    """The rules that were frozen into a paper."""
    return scheme_of(paper.scheme)
