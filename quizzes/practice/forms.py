"""What starts a run, as the pages send it."""

from typing import Any

from django import forms

from courses.syllabus.models import KnowledgePoint, Subject
from quizzes.practice.models import PracticeRun
from quizzes.practice.notebook import TYPES, VERDICTS, Show
from quizzes.practice.overview import REDONE_AT_ONCE
from quizzes.practice.services import RunWanted

ALL = "all"
SIZES = ("10", str(REDONE_AT_ONCE), "20", ALL)


class StartForm(forms.Form):
    kind = forms.ChoiceField(choices=PracticeRun.Kind)
    style = forms.ChoiceField(choices=PracticeRun.Style)
    subject = forms.ModelChoiceField(Subject.objects.all())
    chapter = forms.ModelChoiceField(KnowledgePoint.objects.chapters(), required=False)
    size = forms.ChoiceField(choices=[(size, size) for size in SIZES], required=False)
    show = forms.ChoiceField(choices=[(show.value, show.value) for show in Show], required=False)
    again = forms.UUIDField(required=False)

    def wanted(self, again: PracticeRun | None) -> RunWanted:
        """What a service takes; `again` is the run that was named, when it is theirs."""
        said: dict[str, Any] = self.cleaned_data
        show = Show(said["show"] or Show.ALL)
        return RunWanted(
            kind=said["kind"],
            style=said["style"],
            subject=said["subject"],
            chapter=said["chapter"],
            size=int(said["size"]) if said["size"] not in {"", ALL} else None,
            again=again,
            types=TYPES.get(show, ()),
            verdicts=VERDICTS.get(show, ()),
        )
