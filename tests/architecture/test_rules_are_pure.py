"""`rules` know neither database nor web nor clock."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2] / "nuanxin"
FORBIDDEN = ("django.db", "django.http", "django.conf", "django.utils.timezone", "django.shortcuts")
CLOCKS = {"today", "now", "utcnow"}
RULES = sorted(p for p in ROOT.rglob("*.py") if p.stem == "rules" or "rules" in p.parent.parts)


@pytest.mark.parametrize("path", RULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_rules_ask_nobody(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            assert not node.module.startswith(FORBIDDEN), f"line {node.lineno}: {node.module}"
        if isinstance(node, ast.Import):
            assert not any(n.name.startswith(FORBIDDEN) for n in node.names), f"line {node.lineno}"
        if isinstance(node, ast.Attribute) and node.attr in CLOCKS and isinstance(node.value, ast.Name):
            assert node.value.id not in {"date", "datetime", "timezone"}, (
                f"line {node.lineno}: reads the clock"
            )


def test_there_are_rules_to_look_at() -> None:
    assert len(RULES) > 30
