"""Registers who may work on pages, pictures and files, and what the menu of the admin leads to.

Wagtail's own policies ask groups.
"""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page
from wagtail.permissions import register_permission_policy

from cms.accounts.gates import acting_scope
from cms.accounts.page_permissions import RoleFilePolicy, RolePagePolicy
from cms.accounts.roles import WORKBENCH

# Wagtail's guide and its news: English pages elsewhere, which no author of ours needs.
FOREIGN_HELP = ("whats-new-in-wagtail", "editor-guide")

for model, auth_model in (
    (get_image_model(), "wagtailimages.Image"),
    (get_document_model(), "wagtaildocs.Document"),
):
    register_permission_policy(
        model,
        RoleFilePolicy(model, auth_model=auth_model, owner_field_name="uploaded_by_user"),
    )
register_permission_policy(Page, RolePagePolicy(Page))


class WorkbenchItem(MenuItem):
    """The way back to the workbench, for who has one."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(acting_scope(request.user).roles & WORKBENCH)


@hooks.register("register_admin_menu_item")
def workbench() -> WorkbenchItem:
    url = reverse("workbench:home")
    return WorkbenchItem(_("Workbench"), url, name="workbench", icon_name="home", order=1)


@hooks.register("construct_help_menu")
def own_help(_request: HttpRequest, items: list[Any]) -> None:
    items[:] = [item for item in items if not item.name.startswith(FOREIGN_HELP)]
