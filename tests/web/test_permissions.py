"""The permission matrix, generated from the addresses (fault 24; GB/T 22239-2019 8.1.4.2: access by least authority).

For every route: it is classified; strangers and staff without the permission see nothing; and a person with the very
permission but of another district gets 404 and not one byte of the object. A new screen is in the matrix by having
an address; one with an id in its address needs a line in tests/web/objects/.
"""

from dataclasses import dataclass
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from nuanxin.foundation.access.enums import Permission
from nuanxin.foundation.access.rules import ADMIN_PERMISSIONS
from tests import cast
from tests.web.objects import FACTORIES, Behind


@dataclass(frozen=True)
class Route:
    name: str
    pattern: str
    arguments: bool
    access: str | None
    permission: Permission | None

    def __str__(self) -> str:
        return self.name or self.pattern


def walk(resolver: URLResolver, space: str = "", before: str = "", arguments: bool = False):
    for part in resolver.url_patterns:
        pattern = before + str(part.pattern)
        takes = arguments or bool(part.pattern.converters) or "(?P<" in str(part.pattern)
        if isinstance(part, URLResolver):
            inner = f"{space}{part.namespace}:" if part.namespace else space
            yield from walk(part, inner, pattern, takes)
        elif isinstance(part, URLPattern):
            view = part.callback
            yield Route(
                f"{space}{part.name}" if part.name else "",
                pattern,
                takes,
                getattr(view, "access", None),
                getattr(view, "permission", None),
            )


ROUTES = list(walk(get_resolver()))
GUARDED = [r for r in ROUTES if r.access in ("permission", "staff")]
PERMITTED = [r for r in ROUTES if r.access == "permission"]
OBJECTS = [r for r in GUARDED if r.arguments]
METHODS = ("get", "post")


def by_name(routes: list[Route]):
    return pytest.mark.parametrize("route", routes, ids=str)


def address(route: Route, c: cast.Cast) -> tuple[str, Behind]:
    if route.arguments and route.name not in FACTORIES:
        pytest.skip("no object: see test_every_route_with_an_id_has_an_object")
    made = FACTORIES[route.name](c) if route.name in FACTORIES else Behind({})
    return reverse(route.name, kwargs=made.kwargs), made


def the_cast(route: Route) -> cast.Cast:
    return cast.cast_for(*([route.permission] if route.permission else []))


def answers(who: Any, path: str, made: Behind):
    """GET and POST, plain and from htmx."""
    for htmx in (False, True):
        browser = cast.client(who, htmx=htmx)
        for method in METHODS:
            yield getattr(browser, method)(path, made.data if method == "post" else None)


def body(answer: Any) -> str:
    return (
        b"".join(answer.streaming_content).decode("latin-1") if answer.streaming else answer.content.decode()
    )


def assert_nothing_of(made: Behind, answer: Any) -> None:
    text = body(answer) + str(answer.headers)
    for secret in made.secrets:
        assert secret not in text, f"{secret} in the answer"


def test_there_are_routes():
    assert len(ROUTES) > 40 and len(OBJECTS) > 10


@by_name(ROUTES)
def test_every_route_is_classified_and_named(route):
    assert route.name, f"{route.pattern} has no name"
    assert route.access in ("permission", "staff", "public"), (
        f"{route}: mark it with @needs, @any_staff or @public"
    )
    assert (route.access == "permission") == isinstance(route.permission, Permission)


@by_name([r for r in ROUTES if r.arguments])
def test_every_route_with_an_id_has_an_object(route):
    assert route.name in FACTORIES, f"add {route.name} to tests/web/objects/"


def test_no_object_without_a_route():
    assert set(FACTORIES) <= {r.name for r in ROUTES}


def test_public_routes_are_known():
    """Whoever adds a page for everybody writes it down here, on purpose."""
    assert {r.name for r in ROUTES if r.access == "public"} <= PUBLIC


PUBLIC = {"landing", "healthz", "set_language", "account_login", "account_logout", "mfa_authenticate"}


@pytest.mark.django_db
@by_name(GUARDED)
def test_strangers_are_sent_to_sign_in(route):
    path, made = address(route, the_cast(route))
    for answer in answers(None, path, made):
        if answer.status_code == 200:  # htmx follows a header
            assert answer.headers["HX-Redirect"].startswith("/account/login/") and answer.content == b""
        else:
            assert answer.status_code in (302, 404), answer.status_code
            assert answer.status_code == 404 or answer.headers["Location"].startswith("/account/login/")
        assert_nothing_of(made, answer)


@pytest.mark.django_db
@by_name(PERMITTED)
def test_staff_without_a_posting_find_nothing(route):
    path, made = address(route, the_cast(route))
    who = cast.user()
    for answer in answers(who, path, made):
        assert answer.status_code == 404
        assert_nothing_of(made, answer)


@pytest.mark.django_db
@by_name(PERMITTED)
def test_every_other_permission_does_not_open_it(route):
    path, made = address(route, the_cast(route))
    others = set(Permission) - ADMIN_PERMISSIONS - {route.permission}
    people = [cast.holder(others), *(cast.holder({a}) for a in ADMIN_PERMISSIONS - {route.permission})]
    for who in people:
        for answer in answers(who, path, made):
            assert answer.status_code == 404
            assert_nothing_of(made, answer)


@pytest.mark.django_db
@by_name(OBJECTS)
def test_another_district_gets_404_and_no_byte(route):
    c = the_cast(route)
    path, made = address(route, c)
    if made.everywhere:
        pytest.skip("belongs to no district")
    codes = []
    for answer in answers(c.outsider, path, made):
        codes.append(answer.status_code)
        assert_nothing_of(made, answer)
    assert set(codes) <= {404, 405} and 404 in codes, codes  # 405: the method is wrong for everybody


@pytest.mark.django_db
@by_name(OBJECTS)
def test_the_own_district_gets_in(route):
    """The control: without it, a matrix of mistyped addresses would pass."""
    c = the_cast(route)
    path, made = address(route, c)
    codes = [answer.status_code for answer in answers(c.owner, path, made)]
    assert any(code in (200, 302, 303, 422) for code in codes), codes


@pytest.mark.django_db
@by_name([r for r in PERMITTED if not r.arguments])
def test_the_permission_opens_it(route):
    c = the_cast(route)
    path, made = address(route, c)
    codes = {answer.status_code for answer in answers(c.owner, path, made)}
    assert codes <= {200, 302, 303, 400, 404, 405, 422}, codes
    assert codes & {200, 302, 303}, f"{codes}: a form that needs data has it in tests/web/objects/"
