"""What the documents say of the code is so: links, commands, variables, pictures; both READMEs say the same."""

import ast
import re
from pathlib import Path

import pytest

from nuanxin.command.main import VERBS

ROOT = Path(__file__).resolve().parents[2]
READMES = (ROOT / "README.md", ROOT / "README.zh-CN.md")
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "bench").rglob("*.md")])
MANUAL = ROOT / "docs" / "manual"
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^(#+) ", re.M)
VARIABLE = re.compile(r"""environ(?:\.get\(|\.setdefault\(|\[)\s*["'](NUANXIN_[A-Z_]+|DATABASE_URL)["']""")


def without_code(text: str) -> str:
    return re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.S)


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    text = without_code(page.read_text())
    broken = []
    for target in LINK.findall(text):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        found = (page.parent / path).resolve() if path else page
        if not found.exists() or ROOT not in found.parents or (anchor and anchor not in anchors(found)):
            broken.append(target)
    assert not broken


def anchors(page: Path) -> set[str]:
    """As they are made of headings: lower case, spaces as hyphens, no punctuation."""
    titles = re.findall(r"^#+ (.+)$", page.read_text(), re.M)
    return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in titles}


@pytest.mark.parametrize("readme", READMES, ids=lambda p: p.name)
def test_every_command_is_described(readme):
    text = readme.read_text()
    assert not [verb for verb in VERBS if f"| `{verb}` |" not in text]
    assert not [verb for verb in VERBS if f"`nuanxin {verb}" not in text]


@pytest.mark.parametrize("readme", READMES, ids=lambda p: p.name)
def test_every_variable_is_described(readme):
    read = {
        name
        for folder in ("nuanxin", "config")
        for path in (ROOT / folder).rglob("*.py")
        for name in VARIABLE.findall(path.read_text())
    }
    described = set(re.findall(r"^\| `(NUANXIN_[A-Z_]+|DATABASE_URL)` \|", readme.read_text(), re.M))
    assert len(read) > 10
    assert read - described == set()
    assert described - read == set()


def test_both_readmes_have_the_same_parts():
    english, chinese = (without_code(readme.read_text()) for readme in READMES)
    assert HEADING.findall(english) == HEADING.findall(chinese)
    assert len(re.findall(r"^\|", english, re.M)) == len(re.findall(r"^\|", chinese, re.M))
    assert [t for t in LINK.findall(english) if "README" not in t] == [
        t for t in LINK.findall(chinese) if "README" not in t
    ]


def test_the_manual_shows_the_pictures_that_the_script_makes():
    shots = [
        call.args[0].value  # type: ignore[attr-defined]
        for call in ast.walk(ast.parse((MANUAL / "remake.py").read_text()))
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "Shot"
    ]
    shown = {
        name for page in MANUAL.glob("*.md") for name in re.findall(r"pictures/(.+?)\.png", page.read_text())
    }
    there = {path.stem for path in (MANUAL / "pictures").glob("*.png")}
    assert len(shots) == len(set(shots))
    assert set(shots) == shown == there
    assert sum(path.stat().st_size for path in (MANUAL / "pictures").glob("*.png")) < 3 * 1024 * 1024


def test_documents_name_no_machine():
    """No path of somebody's machine, no registry, no key."""
    words = re.compile(
        r"(?<![\w.])/(?:root|home|tmp|work|Users)/|index-url|pypi\.[a-z]|npmjs|BEGIN [A-Z ]*PRIVATE"
    )
    assert not [f"{p.name}: {found}" for p in PAGES for found in words.findall(p.read_text())]
