"""The second reader: a workflow task that whoever wrote the text cannot approve.

Wagtail's own approval asks for membership in a group and lets a member approve the own text.
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Page, PagePermissionTester, Revision, Task, TaskState

from cms.accounts.roles import AUTHORS
from cms.core.errors import Refused
from cms.core.wording import Message


def writers(page: Page) -> set[int]:
    """Accounts that may not approve what stands in the newest version of this page.

    All who saved a version since the published one, because the text is theirs together. Before
    it is first published also who is named as its writer, whoever typed it in; a text that was
    read once may be read again by its writer when somebody else changed it.
    """
    newest = page.get_latest_revision()
    if newest is None:
        return set()
    since = page.revisions.filter(pk__gt=page.live_revision_id or 0)
    found = {newest.user_id, *since.values_list("user", flat=True)}
    if not page.live:
        found.add(newest.content.get("written_by"))
    return {int(pk) for pk in found if pk is not None}


def may_read(page: Page, user: Any) -> bool:
    """Return whether this account can be the second reader of the page as it stands."""
    is_author = user.is_superuser or user.has_role(*AUTHORS)
    return bool(user.is_active and is_author and user.pk not in writers(page))


class SecondReading(Task):
    """Somebody else reads the text before it is published."""

    class Meta:
        verbose_name = gettext_lazy("second reading")
        verbose_name_plural = gettext_lazy("second readings")

    @classmethod
    def get_description(cls) -> str:
        return _("Any author who did not write the text reads and approves it")

    def user_can_access_editor(self, obj: Any, user: Any) -> bool:
        return may_read(obj, user)

    def locked_for_user(self, obj: Any, user: Any) -> bool:
        """Whoever wrote it waits, or takes it back with "cancel workflow"."""
        return not may_read(obj, user)

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, str, bool]]:
        """What the reader can do, as (name, label, whether a comment is asked).

        Wagtail adds "and publish" to the label of the last task.
        """
        if not may_read(obj, user):
            return []
        return [
            ("reject", _("Request changes"), True),
            ("approve", _("Approve"), False),
        ]

    def get_task_states_user_can_moderate(self, user: Any, **_kwargs: Any) -> QuerySet[TaskState]:
        waiting = TaskState.objects.filter(task=self, status=TaskState.STATUS_IN_PROGRESS)
        readable = [
            state.pk
            for state in waiting.select_related("workflow_state")
            if may_read(state.workflow_state.content_object, user)
        ]
        return waiting.filter(pk__in=readable)

    @transaction.atomic
    def on_action(self, task_state: TaskState, user: Any, action_name: str, **kwargs: Any) -> None:
        """Check again at the deed: the buttons are only what was true when the page was drawn."""
        page = task_state.workflow_state.content_object
        newest = page.get_latest_revision()
        if action_name == "approve" and newest.pk != task_state.revision_id:
            raise Refused("changed_since_submitted", CHANGED)
        if not may_read(page, user):
            raise PermissionDenied
        if action_name == "approve":
            stamp_reader(task_state.revision, user)
        super().on_action(task_state, user, action_name, **kwargs)


CHANGED = Message(
    "The text was changed after it was handed over. Request changes, and let whoever changed it "
    "submit it again; somebody else then reads it."
)


def stamp_reader(revision: Revision, reader: Any) -> None:
    """Write the second reader, and the writer where none is named, into the version itself.

    Publishing copies the version onto the page, so what the page says of its readers is true of
    the text that stands there. Where the named writer approves what somebody else changed, that
    other one is the second pair of eyes. Pages that name neither are left as they are.
    """
    if "reviewed_by" not in revision.content:
        return
    writer = revision.content["written_by"] or revision.user_id
    revision.content["written_by"] = writer
    revision.content["reviewed_by"] = revision.user_id if reader.pk == writer else reader.pk
    revision.save(update_fields=["content"])


class NeverPublishedDirectly(PagePermissionTester):
    """For lessons: what the second reader approves is published, by no other way."""

    def can_publish(self) -> bool:
        return False


class ChildrenNeverPublishedDirectly(PagePermissionTester):
    """For chapters, whose children are lessons."""

    def can_publish_subpage(self) -> bool:
        return False
