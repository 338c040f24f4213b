"""The tables of this app, each defined in its feature folder."""

from courses.pages.models import (
    ChapterPage,
    CourseIndexPage,
    CoursePage,
    LessonPage,
    SecondReading,
)
from courses.study.models import (
    LessonBookmark,
    LessonNote,
    LessonProgress,
    StudyDay,
    StudyEvent,
)
from courses.syllabus.models import (
    ExamYear,
    KnowledgePoint,
    LawEdition,
    Level,
    Subject,
    SubjectPaperScheme,
    SyllabusVersion,
)

__all__ = [
    "ChapterPage",
    "CourseIndexPage",
    "CoursePage",
    "ExamYear",
    "KnowledgePoint",
    "LawEdition",
    "LessonBookmark",
    "LessonNote",
    "LessonPage",
    "LessonProgress",
    "Level",
    "SecondReading",
    "StudyDay",
    "StudyEvent",
    "Subject",
    "SubjectPaperScheme",
    "SyllabusVersion",
]
