"""Real pages in a real browser: Debian's Chromium, a live server, the two widths that matter, and axe.

def test_it(signed_in, desk_page, live_server, axe):
    signed_in(desk_page, user)
    desk_page.goto(f"{live_server.url}/console/")
    axe(desk_page)
"""

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.test import Client

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
CHROMIUM = os.environ.get("NUANXIN_CHROMIUM", "/usr/bin/chromium")
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
    "--lang=zh-CN",
]
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

# Playwright's loop runs in this thread; Django would refuse to ask the database beside it
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


def pytest_collection_modifyitems(items):
    for item in items:
        if HERE in Path(item.fspath).parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(scope="session")
def browser() -> Iterator:
    from playwright.sync_api import sync_playwright

    if not Path(CHROMIUM).exists():
        pytest.fail(f"{CHROMIUM} is missing: apt-get install chromium fonts-noto-cjk (make test does it)")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield running
        running.close()


def _page(browser, width: int, height: int, **more) -> Iterator:
    context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN", **more)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: faults.append(line.text) if _ours(line) else None)
    page.faults = faults
    yield page
    context.close()
    assert not faults, f"the page complained: {faults}"


def _ours(line) -> bool:
    """Errors of scripts and of the Content-Security-Policy; a 404 or 422 that a test asks for is none."""
    return line.type == "error" and "Failed to load resource" not in line.text


@pytest.fixture
def desk_page(browser) -> Iterator:
    """1440×900, a desk."""
    yield from _page(browser, 1440, 900)


@pytest.fixture
def phone_page(browser) -> Iterator:
    """390×844 with touch, a phone."""
    yield from _page(browser, 390, 844, has_touch=True, is_mobile=True, device_scale_factor=2)


@pytest.fixture
def signed_in(live_server) -> Callable:
    """Gives a page the session of a user: `signed_in(page, user)`."""

    def sign_in(page, user) -> None:
        from tests.cast import client  # the cast knows what a whole session needs

        session: Client = client(user)
        cookie = session.cookies[django_settings.SESSION_COOKIE_NAME]
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])

    return sign_in


@pytest.fixture
def axe() -> Callable:
    """Raises on every violation of WCAG 2.2 A and AA, with the element and the mend."""
    from axe_playwright_python.sync_playwright import Axe

    def check(page, *, leave_out: tuple[str, ...] = ()) -> None:
        options = {
            "runOnly": {"type": "tag", "values": WCAG},
            "rules": {r: {"enabled": False} for r in leave_out},
        }
        found = Axe().run(page, options=options).response["violations"]
        lines = [
            f"{v['id']}: {v['help']}\n    " + "\n    ".join(n["html"][:200] for n in v["nodes"][:5])
            for v in found
        ]
        assert not found, "accessibility:\n" + "\n".join(lines)

    return check


@pytest.fixture
def gallery(settings) -> None:
    """The gallery's addresses and templates beside those of the project."""
    templates = [dict(t) for t in settings.TEMPLATES]
    templates[0]["DIRS"] = [HERE / "templates"]
    settings.TEMPLATES = templates
    settings.ROOT_URLCONF = "gallery"
