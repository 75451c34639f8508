"""The folder tree is the map: an app has these files and no others, and none grows past what one reads in a sitting."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROWS = ("foundation", "registry", "engines", "organisation", "insights")
APPS = sorted(
    p.parent
    for row in ROWS
    for p in (ROOT / "nuanxin" / row).glob("*/apps.py")
    if "__pycache__" not in p.parts
)
USUAL = {
    "enums",
    "rules",
    "models",
    "queries",
    "actions",
    "jobs",
    "apps",
    "errors",
    "migrations",
    "management",
}
MORE = {
    "vault": {"fields", "keys"},  # the sealed column; where keys come from
    "codes": {"synth"},  # invented numbers that pass the checks, for the demo and the tests
    "notices": {"alerts", "providers"},  # subscriptions to facts; ways to send
}
LIMIT = 400


def sources(*folders: str) -> list[Path]:
    return sorted(
        f
        for folder in folders
        for f in (ROOT / folder).rglob("*.py")
        if "migrations" not in f.parts and "__pycache__" not in f.parts and "node_modules" not in f.parts
    )


def short(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("app", APPS, ids=short)
def test_an_app_has_the_usual_files(app):
    found = {p.stem for p in app.iterdir() if p.name not in ("__init__.py", "__pycache__")}
    found -= {p.name for p in app.iterdir() if p.is_dir() and not any(p.rglob("*.py"))}
    assert found <= USUAL | MORE.get(app.name, set())


def test_files_stay_readable():
    long = {
        short(f): n
        for f in sources("nuanxin", "config", "tests")
        if (n := len(f.read_text().splitlines())) > LIMIT
    }
    assert not long, "a file that grows past 400 lines has two ideas in it"


def imports(tree: ast.AST):
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or ""), {a.name for a in node.names}
        elif isinstance(node, ast.Import):
            yield from ((alias.name, set()) for alias in node.names)


def test_screens_import_no_models():
    """import-linter sees imports of modules; this sees `from … import models` and the registry of apps as well."""
    guilty = []
    for file in sources("nuanxin/web"):
        tree = ast.parse(file.read_text())
        for module, names in imports(tree):
            ours = module.startswith(("nuanxin.", "."))
            if ours and (module.endswith(".models") or ".models." in module or "models" in names):
                guilty.append(f"{short(file)}: {module}")
        guilty += [
            f"{short(file)}: get_model"
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute) and node.attr in ("get_model", "get_user_model", "objects")
        ]
    assert not guilty


def test_rules_know_no_clock():
    """The caller says what day it is; otherwise a rule cannot be tested for any other day."""
    clocks = {"now", "today", "localdate", "localtime", "time_ns", "utcnow"}
    guilty = []
    for app in APPS:
        for file in [app / "rules.py", *(app / "rules").rglob("*.py")]:
            if file.exists():
                guilty += [
                    f"{short(file)}:{node.lineno} {node.func.attr}()"
                    for node in ast.walk(ast.parse(file.read_text()))
                    if isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Attribute)
                    and node.func.attr in clocks
                    and isinstance(node.func.value, ast.Name)
                    and node.func.value.id in ("datetime", "date", "timezone", "time", "dt")
                ]
    assert not guilty


def test_templates_carry_no_inline_style_or_script():
    """The Content-Security-Policy would drop them silently."""
    guilty = [
        short(f)
        for f in (ROOT / "nuanxin").rglob("*.html")
        if any(bad in f.read_text() for bad in (' style="', "<style", " onclick=", " onchange=", "<script>"))
    ]
    assert not guilty
