"""The form of a lesson in Wagtail's admin."""

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.blocks import BlockField
from wagtail.permissions import policy_registry


class LessonBodyField(BlockField):
    """Compares what was sent after cleaning it.

    Wagtail compares it as sent, where every number and date is still text, and takes each opened
    form for a change. A second reader who presses "approve" would become a writer by that.
    """

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            sent = self.clean(data)
        except ValidationError:
            return True
        return self._stored(initial) != self._stored(sent)

    def _stored(self, value: Any) -> str:
        """The JSON of the column: what was not looked into yet keeps its dates as text."""
        return json.dumps(self.block.get_prep_value(value), cls=DjangoJSONEncoder, sort_keys=True)


class LessonForm(WagtailAdminPageForm):
    """Names as writers only those who may write lessons, and first of all who begins one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "written_by" not in self.fields:
            return
        policy = policy_registry.get_by_type(self._meta.model)
        writers = policy.users_with_any_permission({"add"}, include_superusers=False)
        self.fields["written_by"].queryset = writers
        if self.instance.pk is None and self.for_user in writers:
            self.initial["written_by"] = self.for_user.pk
