"""Registers the reference of the exam in Wagtail's admin."""

from wagtail import hooks

from courses.syllabus.admin import SyllabusGroup


@hooks.register("register_admin_viewset")
def syllabus() -> SyllabusGroup:
    return SyllabusGroup()
