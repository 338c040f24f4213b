"""The tables of this app, each defined in its feature folder."""

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
    "ExamYear",
    "KnowledgePoint",
    "LawEdition",
    "Level",
    "Subject",
    "SubjectPaperScheme",
    "SyllabusVersion",
]
