"""Registers who may work on pages, pictures and files; Wagtail's own policies ask groups."""

from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page
from wagtail.permissions import register_permission_policy

from cms.accounts.page_permissions import RoleFilePolicy, RolePagePolicy

for model, auth_model in (
    (get_image_model(), "wagtailimages.Image"),
    (get_document_model(), "wagtaildocs.Document"),
):
    register_permission_policy(
        model,
        RoleFilePolicy(model, auth_model=auth_model, owner_field_name="uploaded_by_user"),
    )
register_permission_policy(Page, RolePagePolicy(Page))
