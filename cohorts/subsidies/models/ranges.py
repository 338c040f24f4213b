"""A constraint that PostgreSQL can hold and SQLite cannot: ranges of one owner never overlap."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, models


class NoOverlap(models.BaseConstraint):
    """For one `owner`, the half-open ranges from `start` to `end` (null: open) are apart.

    On PostgreSQL an exclusion constraint, written without btree_gist: the owner's id is made a
    range of one. SQLite has none; there the service checks inside its IMMEDIATE transaction, which
    no other writer can enter.
    """

    def __init__(
        self, *, name: str, owner: str, start: str, end: str, states: tuple[str, ...]
    ) -> None:
        super().__init__(name=name)
        self.owner = owner
        self.start = start
        self.end = end
        self.states = tuple(states)

    def constraint_sql(self, model: Any, schema_editor: Any) -> Any:
        if schema_editor.connection.vendor != "postgresql":
            return None
        name = schema_editor.quote_name(self.name)
        return f"CONSTRAINT {name} {self._exclusion(model, schema_editor)}"

    def create_sql(self, model: Any, schema_editor: Any) -> Any:
        body = self.constraint_sql(model, schema_editor)
        table = schema_editor.quote_name(model._meta.db_table)
        return f"ALTER TABLE {table} ADD {body}" if body else None

    def remove_sql(self, model: Any, schema_editor: Any) -> Any:
        if schema_editor.connection.vendor != "postgresql":
            return None
        table = schema_editor.quote_name(model._meta.db_table)
        return f"ALTER TABLE {table} DROP CONSTRAINT {schema_editor.quote_name(self.name)}"

    def _exclusion(self, model: Any, editor: Any) -> str:
        owner, start, end = (
            editor.quote_name(model._meta.get_field(name).column)
            for name in (self.owner, self.start, self.end)
        )
        states = ", ".join(editor.quote_value(state) for state in self.states)
        state = editor.quote_name("state")
        return (
            f"EXCLUDE USING gist (int8range({owner}, {owner}, '[]') WITH &&, "
            f"daterange({start}, {end}) WITH &&) WHERE ({state} IN ({states}))"
        )

    def validate(
        self,
        model: type[models.Model],
        instance: Any,
        exclude: Any = None,
        using: str = DEFAULT_DB_ALIAS,
    ) -> None:
        """Raise ValidationError where another row of the owner overlaps `instance`."""
        if exclude and {self.owner, self.start, self.end} & set(exclude):
            return
        rows = model._default_manager.using(using).filter(
            **{self.owner: getattr(instance, self.owner), "state__in": self.states}
        )
        end = getattr(instance, self.end)
        if end is not None:
            rows = rows.filter(**{f"{self.start}__lt": end})
        ends_later = models.Q(**{f"{self.end}__isnull": True}) | models.Q(
            **{f"{self.end}__gt": getattr(instance, self.start)}
        )
        if rows.filter(ends_later).exclude(pk=instance.pk).exists():
            raise ValidationError(self.get_violation_error_message(), code=self.name)

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        path = f"{type(self).__module__}.{type(self).__name__}"
        names = ("name", "owner", "start", "end", "states")
        return path, (), {name: getattr(self, name) for name in names}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, NoOverlap) and self.deconstruct() == other.deconstruct()

    __hash__ = None  # type: ignore[assignment]
