"""Wagtail's questions about pages, pictures and files, answered from the role grants of today.

Wagtail keeps these permissions by group. Its policies ask one method for the rows of a user, so
rows made from `site_tree.py` stand in their place: a grant that ends ends them too
(docs/decisions/0012).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from wagtail.models import Collection, Page
from wagtail.permission_policies.collections import CollectionOwnershipPermissionPolicy
from wagtail.permission_policies.pages import PagePermissionPolicy

from cms.accounts.models import RoleGrant, User
from cms.accounts.site_tree import FILES, file_actions_of, parts_of, roles_that

FILE_KINDS = ("image", "document")


@dataclass(frozen=True)
class Named:
    """What Wagtail reads of a permission."""

    codename: str


@dataclass(frozen=True)
class PageRow:
    """Stands where Wagtail expects a group's permission on a page."""

    page: Page
    permission: Named

    @property
    def page_id(self) -> int:
        return int(self.page.pk)


@dataclass(frozen=True)
class CollectionRow:
    """Stands where Wagtail expects a group's permission on a collection."""

    collection: Collection
    permission: Named

    @property
    def collection_id(self) -> int:
        return int(self.collection.pk)


def _pages_of(kinds: Iterable[str]) -> QuerySet[Page]:
    found = Q(pk__in=[])
    for kind in kinds:
        app, model = kind.split(".")
        found |= Q(content_type__app_label=app, content_type__model=model)
    return Page.objects.filter(found).select_related("content_type")


def _holders(roles: Iterable[str]) -> Q:
    grants = RoleGrant.objects.current(timezone.localdate()).filter(role__in=list(roles))
    return Q(pk__in=grants.values("user"))


class RolePagePolicy(PagePermissionPolicy):
    """Page permissions by role; groups give none."""

    def get_all_permissions_for_user(self, user: Any) -> list[PageRow]:
        if not user.is_active or user.is_anonymous or user.is_superuser:
            return []
        parts = parts_of(user.scope.roles)
        return [
            PageRow(page, Named(self._get_permission_codename(action)))
            for page in (_pages_of(parts) if parts else ())
            for action in parts[f"{page.content_type.app_label}.{page.content_type.model}"]
        ]

    def users_with_any_permission(
        self,
        actions: Iterable[str],
        include_superusers: bool = True,  # noqa: FBT001, FBT002
    ) -> QuerySet[User]:
        return _active(_holders(roles_that(_widened(actions))), include_superusers)

    def users_with_any_permission_for_instance(
        self,
        actions: Iterable[str],
        instance: Any,
        include_superusers: bool = True,  # noqa: FBT001, FBT002
    ) -> QuerySet[User]:
        above = instance.get_ancestors(inclusive=True)
        kinds = {
            f"{app}.{model}"
            for app, model in above.values_list("content_type__app_label", "content_type__model")
        }
        roles = [role for role, at in roles_that(actions).items() if at & kinds]
        return _active(_holders(roles), include_superusers)


class RoleFilePolicy(CollectionOwnershipPermissionPolicy):
    """Permissions on pictures and files by role: one collection for all, the own uploads apart."""

    def get_all_permissions_for_user(self, user: Any) -> list[CollectionRow]:
        if not user.is_active or user.is_anonymous or user.is_superuser:
            return []
        actions = file_actions_of(user.scope.roles)
        root = Collection.get_first_root_node() if actions else None
        # One cache on the user serves both kinds of files, so each row is there for both.
        names = [f"{action}_{kind}" for action in sorted(actions) for kind in FILE_KINDS]
        return [CollectionRow(root, Named(name)) for name in names] if root else []

    def _users_with_perm_filter(self, actions: Iterable[str], collection: Any = None) -> Q:  # noqa: ARG002
        roles = [role for role, allowed in FILES.items() if allowed & set(actions)]
        return Q(is_active=True) & (Q(is_superuser=True) | _holders(roles))


def _widened(actions: Iterable[str]) -> set[str]:
    """Who may add may change what is their own."""
    wanted = set(actions)
    return wanted | {"add"} if "change" in wanted else wanted


def _active(condition: Q, include_superusers: bool) -> QuerySet[User]:  # noqa: FBT001
    if include_superusers:
        condition |= Q(is_superuser=True)
    return User.objects.filter(condition, is_active=True)
