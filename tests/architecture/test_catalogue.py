"""Chinese is the language of the sources; every text of a screen has its English, with the same placeholders.

When this fails: `make messages`, then fill in what is empty in nuanxin/locale/en/LC_MESSAGES/django.po. The words to use
stand in CONTRIBUTING.md.
"""

import ast
import re
import tomllib
from functools import cache
from pathlib import Path

import jinja2
import pytest
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ("nuanxin", "config")
CATALOGUE = ROOT / "nuanxin" / "locale" / "en" / "LC_MESSAGES" / "django.po"
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
}
CHINESE = re.compile("[\u3400-\u9fff]")
PLACEHOLDER = re.compile(r"%\(\w+\)[#0\- +]*\d*(?:\.\d+)?[a-zA-Z]|%%|\{\w*\}")
SHOWN_AS_IT_IS = {"暖", "中文"}
"""The mark of the house, and the name of the language in itself."""
MARKS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "N_", "gettext_noop"}


def english(text) -> list[str]:
    return [text] if isinstance(text, str) else list(text)


@cache
def extracted() -> frozenset:
    """What `make messages` would find, by the same mapping (pyproject.toml)."""
    mappings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["babel"]["mappings"]
    methods = [(m["pattern"], m["method"]) for m in mappings]
    options = {m["pattern"]: {k: v for k, v in m.items() if k not in ("pattern", "method")} for m in mappings}
    found = set()
    for folder in SOURCES:
        for _file, _line, message, _comments, context in extract_from_dir(
            ROOT / folder, methods, options, KEYWORDS
        ):
            found.add((context, message if isinstance(message, str) else tuple(message)))
    return frozenset(found)


@cache
def catalogue():
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="en", abort_invalid=True)


def short(texts) -> str:
    return "\n".join(str(text) for text in sorted(texts, key=str)[:30])


def test_every_text_has_its_english():
    known = {
        (m.context, m.id) for m in catalogue() if m.id and all(english(m.string)) and "fuzzy" not in m.flags
    }
    missing = [message for context, message in extracted() if (context, message) not in known]
    assert len(extracted()) > 1000
    assert not missing, f"{len(missing)} texts without English; make messages, then:\n{short(missing)}"


def test_nothing_in_the_catalogue_is_fuzzy_or_empty():
    assert not [m.id for m in catalogue() if m.id and ("fuzzy" in m.flags or not all(english(m.string)))]


def test_placeholders_are_the_same_on_both_sides():
    wrong = [
        f"{m.id} → {text}"
        for m in catalogue()
        if m.id
        for text in english(m.string)
        if sorted(PLACEHOLDER.findall(english(m.id)[0])) != sorted(PLACEHOLDER.findall(text))
    ]
    assert not wrong, short(wrong)


def test_no_english_text_is_still_chinese():
    """A word of a sheet that has to be written in Chinese stands in quotation marks or between other words."""
    left = [m.id for m in catalogue() if m.id and any(CHINESE.match(t) for t in english(m.string))]
    assert set(left) <= SHOWN_AS_IT_IS, short(left)


def test_a_mend_is_told_from_its_cause_in_english_too(settings):
    """The error file puts them into two columns."""
    from django.utils import translation

    from nuanxin.engines.intake.rules import messages as intake
    from nuanxin.foundation.codes.rules import MESSAGES as CODES
    from nuanxin.foundation.sheets.rules import problems

    wrong = []
    by_id = {m.id: m.string for m in catalogue()}
    for texts in (problems.MESSAGES, intake.MESSAGES, CODES):
        for code, text in texts.items():
            with translation.override("zh-hans"):
                chinese = str(text)
            said = by_id.get(chinese, "")
            if bool(problems.split_mend(chinese)[1]) != bool(problems.split_mend(said)[1]):
                wrong.append(f"{code}: {said}")
    assert not wrong, short(wrong)


@pytest.mark.parametrize(
    "template", sorted((ROOT / "nuanxin" / "web").rglob("jinja2/**/*.html")), ids=lambda p: p.stem
)
def test_templates_say_nothing_outside_of_the_catalogue(template):
    env = jinja2.Environment(
        extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"], autoescape=True
    )
    tree = env.parse(template.read_text())
    marked = {
        id(constant)
        for call in tree.find_all(jinja2.nodes.Call)
        if isinstance(call.node, jinja2.nodes.Name) and call.node.name in MARKS
        for argument in call.args
        for constant in [argument, *argument.find_all(jinja2.nodes.Const)]
    }
    texts = [
        (node.lineno, node.data if isinstance(node, jinja2.nodes.TemplateData) else node.value)
        for node in tree.find_all((jinja2.nodes.TemplateData, jinja2.nodes.Const))
        if id(node) not in marked
    ]
    raw = [
        f"line {line}: {word}"
        for line, text in texts
        if isinstance(text, str)
        for word in re.findall("[\u3400-\u9fff]+", text)
        if word not in SHOWN_AS_IT_IS
    ]
    assert not raw, short(raw)


def test_no_text_hides_in_an_f_string():
    """Babel does not look into the braces of one."""
    hidden = []
    for path in sorted((ROOT / "nuanxin").rglob("*.py")):
        if "_(" not in (source := path.read_text()):
            continue
        for string in ast.walk(ast.parse(source)):
            if not isinstance(string, ast.JoinedStr):
                continue
            for call in ast.walk(string):
                if isinstance(call, ast.Call) and getattr(call.func, "id", "") in MARKS:
                    hidden.append(f"{path.relative_to(ROOT)}:{call.lineno} {ast.unparse(call)}")
    assert not hidden, short(hidden)


def test_scripts_take_their_texts_from_the_page():
    """From attributes that a template has translated; a script itself says nothing."""
    comment = re.compile(r"/\*.*?\*/|(?<![:\"'`\w])//[^\n]*", re.S)
    found = [
        f"{path.name}: {word}"
        for path in sorted((ROOT / "frontend" / "src").rglob("*.js"))
        for word in re.findall("[\u3400-\u9fff]+", comment.sub("", path.read_text()))
    ]
    assert not found, short(found)
