"""Verbs of classes and of the people in them; the only writers of this feature."""

from cohorts.enrolment.services.code_check import drop_code, new_code
from cohorts.enrolment.services.deciding import (
    Answered,
    approve,
    freeze_due,
    freeze_register,
    refuse,
    remove,
)
from cohorts.enrolment.services.joining import (
    Application,
    add_members,
    apply,
    required_consent,
    withdraw,
)
from cohorts.enrolment.services.running import (
    add_staff,
    change_class,
    class_staff_candidates,
    drop_plan_line,
    drop_staff,
    move_class,
    open_class,
    post_notice,
    put_plan_line,
    write_to,
)

__all__ = [
    "Answered",
    "Application",
    "add_members",
    "add_staff",
    "apply",
    "approve",
    "change_class",
    "class_staff_candidates",
    "drop_code",
    "drop_plan_line",
    "drop_staff",
    "freeze_due",
    "freeze_register",
    "move_class",
    "new_code",
    "open_class",
    "post_notice",
    "put_plan_line",
    "refuse",
    "remove",
    "required_consent",
    "withdraw",
    "write_to",
]
