"""Syllabus, exam years and laws in /cms/: reference that staff put right as the years bring it."""

from django.utils.translation import gettext_lazy
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup

from courses.syllabus.models import (
    ExamYear,
    KnowledgePoint,
    LawEdition,
    SubjectPaperScheme,
    SyllabusVersion,
)


class ReferenceViewSet(ModelViewSet):
    """Rows that are corrected, never copied; other rows point at them, so nobody deletes."""

    copy_view_enabled = False
    add_to_reference_index = False


class KnowledgePointViewSet(ReferenceViewSet):
    model = KnowledgePoint
    icon = "list-ol"
    list_display = ["title", "number", "subject", "version", "depth", "confirmed"]
    list_filter = ["version", "subject", "depth", "confirmed"]
    search_fields = ["title"]
    search_backend_name = None
    ordering = ["version", "subject", "depth", "order"]
    form_fields = ["version", "subject", "parent", "number", "title", "order", "depth", "confirmed"]


class ExamYearViewSet(ReferenceViewSet):
    model = ExamYear
    icon = "date"
    list_display = ["year", "starts_on", "ends_on", "law_as_of", "result_on", "provisional"]
    form_fields = ["year", "law_as_of", "starts_on", "ends_on", "result_on", "provisional"]


class SubjectPaperSchemeViewSet(ReferenceViewSet):
    model = SubjectPaperScheme
    icon = "table"
    list_display = ["__str__", "duration_min", "pass_half", "total_half", "starts_at"]
    list_filter = ["exam_year", "subject"]
    form_fields = [
        "exam_year",
        "subject",
        "sections",
        "duration_min",
        "pass_half",
        "total_half",
        "starts_at",
    ]


class SyllabusVersionViewSet(ReferenceViewSet):
    model = SyllabusVersion
    icon = "doc-full"
    list_display = ["title", "code", "first_exam_year", "published_on"]
    form_fields = ["code", "title", "published_on", "first_exam_year"]


class LawEditionViewSet(ReferenceViewSet):
    model = LawEdition
    icon = "openquote"
    list_display = ["title", "article_scope", "in_force_from", "superseded_on"]
    search_fields = ["title"]
    search_backend_name = None
    form_fields = ["title", "article_scope", "in_force_from", "superseded_on"]


class SyllabusGroup(ModelViewSetGroup):
    """One entry of the menu for all reference of the exam."""

    menu_label = gettext_lazy("Syllabus")
    menu_icon = "list-ol"
    menu_order = 230
    items = (
        KnowledgePointViewSet,
        ExamYearViewSet,
        SubjectPaperSchemeViewSet,
        SyllabusVersionViewSet,
        LawEditionViewSet,
    )
