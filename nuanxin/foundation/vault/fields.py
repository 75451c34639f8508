"""The column of a sealed value. It holds bytes; opening is a decision of the caller, never of the ORM."""

from typing import Any

from django.db import models


class SealedField(models.BinaryField):
    """`SealedField("person.phone")`: the purpose is part of the seal, and how rotation finds every such column."""

    def __init__(self, purpose: str = "", **kwargs: Any) -> None:
        self.vault_purpose = purpose
        kwargs.setdefault("default", b"")
        kwargs.setdefault("blank", True)
        super().__init__(**kwargs)

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, path, _args, kwargs = super().deconstruct()
        return name, path, [self.vault_purpose], kwargs


class IndexField(models.BinaryField):
    """The blind index of a sealed value: 16 bytes, null when nothing is known."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("null", True)
        kwargs.setdefault("blank", True)
        kwargs.setdefault("max_length", 16)
        super().__init__(**kwargs)
