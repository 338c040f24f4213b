"""Nobody reaches a regional row but through scope.

The default queryset of a scoped model refuses to be evaluated. `.visible_to(user)` opens it with
the regions and roles of that user; `.across_regions()` opens it for services and commands that
work for the whole site (an architecture test keeps it out of the edges).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Self

from django.db import models
from django.db.models import Q


class UnscopedQuery(RuntimeError):
    """A regional queryset was evaluated before anyone said for whom."""


@dataclass(frozen=True)
class Scope:
    """What one user may reach: division codes (each with all below it), roles, the own person.

    `regions` is what may be read under any role. What may be done hangs on the role that does it:
    who is an officer of a county and an auditor of the city acts in the county alone.
    """

    user_id: int | None = None
    regions: tuple[str, ...] = ()
    roles: frozenset[str] = field(default_factory=frozenset)
    person_id: int | None = None
    grants: frozenset[tuple[str, str]] = field(default_factory=frozenset)

    def areas(self, *roles: str) -> tuple[str, ...]:
        """Division codes granted under any of these roles."""
        return tuple(sorted({area for role, area in self.grants if role in roles and area}))

    def acting_as(self, *roles: str) -> "Scope":
        """This scope as far as these roles carry it, without the own records."""
        return replace(
            self,
            regions=self.areas(*roles),
            roles=self.roles.intersection(roles),
            person_id=None,
        )


NOBODY = Q(pk__in=[])


def region_q(column: str, codes: Iterable[str]) -> Q:
    """Rows whose division code lies in or below one of `codes`.

    A half-open range on the indexed column: `startswith` becomes LIKE, which scans on SQLite.
    """
    found = NOBODY
    for code in codes:
        found |= Q(**{f"{column}__gte": code, f"{column}__lt": after(code)})
    return found


def after(code: str) -> str:
    """The first text after every code that begins with `code`: 6405 → 6406."""
    return code[:-1] + chr(ord(code[-1]) + 1)


class ScopedQuerySet(models.QuerySet):
    """Refuses to be evaluated until opened; subclasses say in `scope_q` what a scope reaches."""

    _opened = False

    def scope_q(self, scope: Scope) -> Q:
        raise NotImplementedError

    def visible_to(self, user: Any, *roles: str) -> Self:
        """Rows that `user` may see, or with `roles` may act on; none for who is not signed in."""
        scope: Scope = user.scope if user.is_authenticated else Scope()
        if roles:
            scope = scope.acting_as(*roles)
        return self._open(self.filter(self.scope_q(scope)))

    def across_regions(self) -> Self:
        """All rows, for services and commands that answer for the whole site."""
        return self._open(self.all())

    def _open(self, queryset: Self) -> Self:
        queryset._opened = True
        return queryset

    def _clone(self) -> Self:
        clone: Self = super()._clone()  # type: ignore[misc]
        clone._opened = self._opened
        return clone

    def _refuse_unless_opened(self) -> None:
        if not self._opened:
            raise UnscopedQuery(
                f"{self.model.__name__}: call .visible_to(user) before reading regional rows."
            )

    def _fetch_all(self) -> None:
        self._refuse_unless_opened()
        super()._fetch_all()

    def iterator(self, *args: Any, **kwargs: Any) -> Any:
        self._refuse_unless_opened()
        return super().iterator(*args, **kwargs)

    def count(self) -> int:
        self._refuse_unless_opened()
        return super().count()

    def exists(self) -> bool:
        self._refuse_unless_opened()
        return super().exists()

    def aggregate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        self._refuse_unless_opened()
        return super().aggregate(*args, **kwargs)

    def update(self, **kwargs: Any) -> int:
        self._refuse_unless_opened()
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        self._refuse_unless_opened()
        return super().delete()

    def resolve_expression(self, *args: Any, **kwargs: Any) -> Any:
        self._refuse_unless_opened()
        return super().resolve_expression(*args, **kwargs)
