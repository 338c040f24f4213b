"""`load_reference`: regions, consent texts, syllabus, exam years, the second reader."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from cms.accounts.services import load_consent_texts, load_regions
from courses.pages.services import ensure_workflow
from courses.syllabus.services import load_reference


class Command(BaseCommand):
    help = (
        "Load regions, levels, subjects, the syllabus and the exam years, and put the list of "
        "courses under a second reader; adds what is missing."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        counts = {
            "Region": load_regions(),
            "ConsentText": load_consent_texts(),
            **load_reference(timezone.now()),
        }
        for name, count in counts.items():
            self.stdout.write(f"{name}: {count}")
        self.stdout.write(f"Workflow: {ensure_workflow()}")
