"""What the database hangs together by goes downwards too (DESIGN.md section 1)."""

import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import ForeignKey

from nuanxin.foundation.vault.fields import SealedField

CONTRACTS = tomllib.loads((Path(__file__).resolve().parents[2] / "pyproject.toml").read_text())["tool"][
    "importlinter"
]["contracts"]


def layers(name: str) -> dict[str, int]:
    """Layer names with their height, 0 at the bottom; "a | b" stand side by side."""
    (contract,) = [c for c in CONTRACTS if c["name"] == name]
    rising = reversed(contract["layers"])
    return {part.strip(): height for height, layer in enumerate(rising) for part in layer.split("|")}


ROWS = layers("Import only from the rows below")
INSIDE = {"foundation": layers("Foundation rows"), "registry": layers("Registry rows")}
MODELS = [m for m in apps.get_models() if m.__module__.startswith("nuanxin.")]


def place(model) -> tuple[str, str]:
    _nuanxin, row, app = model.__module__.split(".")[:3]
    return row, app


def below_or_same(model, other) -> bool:
    (row, app), (to_row, to_app) = place(model), place(other)
    if row != to_row:
        return ROWS[row] > ROWS[to_row]
    heights = INSIDE.get(row, {})
    return app == to_app or heights.get(app, 0) > heights.get(to_app, 0)


def links():
    for model in MODELS:
        for field in model._meta.get_fields():
            link = isinstance(field, ForeignKey) or (field.many_to_many and not field.auto_created)
            if link and field.related_model.__module__.startswith("nuanxin."):
                yield model, field


def test_there_is_something_to_look_at():
    assert len(MODELS) > 10 and any(links())


@pytest.mark.parametrize(("model", "field"), links(), ids=lambda x: getattr(x, "name", None) or x.__name__)
def test_foreign_keys_point_down(model, field):
    assert below_or_same(model, field.related_model), f"{model.__name__}.{field.name} points up or sideways"


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.__name__)
def test_sealed_columns_have_a_purpose(model):
    """The purpose is authenticated with the value: a number copied into another column does not open."""
    for field in model._meta.get_fields():
        if isinstance(field, SealedField):
            assert "." in field.vault_purpose, f"{model.__name__}.{field.name}"


def test_facts_have_no_links():
    """What happened must outlast whatever it happened to."""
    from nuanxin.foundation.facts.models import Fact, Seal

    assert not [f for m in (Fact, Seal) for f in m._meta.get_fields() if f.is_relation]
