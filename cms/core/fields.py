"""Model fields for sensitive values: `EncryptedField` and its `BlindIndexField`.

An instance never carries the plain value as a string: the attribute is a `Sealed`, whose text is a
mask and which opens by an explicit call, so a value cannot slip into a log or a template.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from django.db import models

from cms.core.vault import blind_index, seal, unseal

if TYPE_CHECKING:
    SealedText = models.TextField[Any, Any]
else:
    SealedText = models.TextField


class Sealed:
    """A value that is stored encrypted; `open()` gives it in plain."""

    def __init__(self, *, plain: str | None = None, token: str | None = None, bound_to: str = ""):
        self._plain = plain
        self._token = token
        self._bound_to = bound_to

    def open(self) -> str:
        """Raises SealBroken where the token was tampered with or belongs to another row."""
        if self._plain is None:
            assert self._token is not None  # noqa: S101 - a Sealed holds one of the two
            self._plain = unseal(self._token, bound_to=self._bound_to)
        return self._plain

    def token_for(self, bound_to: str) -> str:
        if self._token is None or self._bound_to != bound_to:
            self._token = seal(self.open(), bound_to=bound_to)
            self._bound_to = bound_to
        return self._token

    def __str__(self) -> str:
        return "••••"

    __repr__ = __str__


class _SealedAttribute:
    """Turns what is assigned (plain text, stored token, None) into a `Sealed` or None."""

    def __init__(self, field: "EncryptedField") -> None:
        self.field = field

    def __get__(self, instance: models.Model | None, owner: type | None = None) -> Any:
        if instance is None:
            return self.field
        return instance.__dict__.get(self.field.attname)

    def __set__(self, instance: models.Model, value: Any) -> None:
        if isinstance(value, _StoredToken):
            value = Sealed(token=str(value), bound_to=self.field.bound_to(instance))
        elif isinstance(value, str):
            value = Sealed(plain=value) if value else None
        instance.__dict__[self.field.attname] = value


class _StoredToken(str):
    """Marks text that came from the database, so that it is not sealed a second time."""

    __slots__ = ()


class EncryptedField(SealedText):
    """Text encrypted at rest; the model must have a `uuid` field declared before this one."""

    description = "Encrypted text"

    def contribute_to_class(
        self,
        cls: type[models.Model],
        name: str,
        private_only: bool = False,  # noqa: FBT001, FBT002 - Django's signature
    ) -> None:
        super().contribute_to_class(cls, name, private_only)
        setattr(cls, name, _SealedAttribute(self))

    def bound_to(self, instance: Any) -> str:
        return f"{self.model._meta.db_table}|{self.column}|{instance.uuid}"

    def from_db_value(self, value: str | None, *_: Any) -> _StoredToken | None:
        return None if value is None else _StoredToken(value)

    def pre_save(self, model_instance: models.Model, add: bool) -> str | None:  # noqa: ARG002, FBT001
        sealed: Sealed | None = getattr(model_instance, self.attname)
        return None if sealed is None else sealed.token_for(self.bound_to(model_instance))

    def get_prep_value(self, value: Any) -> Any:
        if isinstance(value, Sealed):
            raise TypeError("An encrypted value can be saved, not searched: use its blind index.")
        return super().get_prep_value(value)


class BlindIndexField(models.CharField):
    """Keyed hash of a sibling `EncryptedField`, for equality look-ups and uniqueness."""

    def __init__(
        self, *, source: str = "", normalise: Callable[[str], str] | None = None, **kwargs: Any
    ) -> None:
        self.source = source
        self.normalise = normalise or str.strip
        kwargs.setdefault("max_length", 64)
        kwargs.setdefault("null", True)
        kwargs.setdefault("editable", False)
        super().__init__(**kwargs)

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        kwargs["source"] = self.source
        return name, path, args, kwargs

    def index_of(self, plain: str) -> str:
        purpose = f"{self.model._meta.db_table}.{self.source}"
        return blind_index(purpose, self.normalise(plain))

    def pre_save(self, model_instance: models.Model, add: bool) -> str | None:  # noqa: ARG002, FBT001
        sealed: Sealed | None = getattr(model_instance, self.source)
        value = None if sealed is None else self.index_of(sealed.open())
        setattr(model_instance, self.attname, value)
        return value
