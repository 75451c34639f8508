"""The demo's first start: what one step needs, another has finished."""

from argparse import Namespace
from contextlib import nullcontext
from threading import Event

from nuanxin.command import demo as content
from nuanxin.command.verbs import demo


def test_the_demo_is_built_when_the_packages_with_its_villages_are_there(monkeypatch):
    installed, migrated = Event(), Event()

    def slow_packages() -> bool:
        migrated.wait(10)  # npm ends after everything that goes on beside it
        installed.set()
        return True

    def build(progress):
        assert installed.is_set(), "the villages are read before their package is installed"
        return []

    for name in ("django_ready", "compile_messages", "collect_static"):
        monkeypatch.setattr(demo, name, lambda: None)
    monkeypatch.setattr(demo, "database", nullcontext)
    monkeypatch.setattr(demo, "migrate", migrated.set)
    monkeypatch.setattr(demo, "build_frontend", slow_packages)
    monkeypatch.setattr(content, "build_demo", build)
    assert demo.run(Namespace(prepare_only=True, host="127.0.0.1", port=1)) == 0
