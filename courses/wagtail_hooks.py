"""Registers the reference of the exam, and the choice of a question, in Wagtail's admin."""

from wagtail import hooks

from courses.pages.question_choice import QuestionChoice
from courses.syllabus.admin import SyllabusGroup


@hooks.register("register_admin_viewset")
def syllabus() -> SyllabusGroup:
    return SyllabusGroup()


@hooks.register("register_admin_viewset")
def question_choice() -> QuestionChoice:
    return QuestionChoice()
