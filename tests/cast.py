"""The cast of the tests: who acts, where, with what.

    cast = cast_for(Permission.WORKERS_VIEW)
    client(cast.owner)       a signed-in test client; `owner` holds the permission over COUNTY at one unit,
    client(cast.team_mate)   ... the same at the same unit,
    client(cast.outsider)    ... the same over OTHER_COUNTY, another district.

    person("street", STREET, sectors=["delivery"])      a user with a built-in role
    holder({Permission.EXPORT}, STREET)                 a user with a role of exactly these permissions

Everything is created directly, not by the actions under test, and areas come into being when first needed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from importlib import import_module
from itertools import count

from django.test import Client
from django.utils import timezone

from nuanxin.foundation.access.enums import Permission
from nuanxin.foundation.access.models import Role
from nuanxin.foundation.access.rules import Scope, area_level, area_parent
from nuanxin.foundation.accounts.models import User
from nuanxin.registry.areas.models import Area
from nuanxin.registry.units.models import Posting, Unit
from nuanxin.registry.units.queries import scope_of
from nuanxin.web.shared.middleware import SECOND_FACTOR, SEEN

COUNTRY = 0
PROVINCE = 430000000000000
COUNTY = 430121000000000
STREET = 430121001000000
COMMUNITY = 430121001001000
GRID = 430121001001001
SISTER_STREET = 430121002000000
OTHER_COUNTY = 430304000000000
OTHER_STREET = 430304001000000

PASSWORD = "Nuan-xin-2026"

NAMES = {
    PROVINCE: "湖南省",
    430100000000000: "长沙市",
    430300000000000: "湘潭市",
    COUNTY: "长沙县",
    STREET: "星沙街道",
    COMMUNITY: "望仙桥社区",
    GRID: "第一网格",
    SISTER_STREET: "湘龙街道",
    OTHER_COUNTY: "岳塘区",
    OTHER_STREET: "建设路街道",
}

_numbers = count(1)


def area(code: int) -> Area:
    """The area, made with everything above it."""
    found = Area.objects.filter(pk=code).first()
    if found:
        return found
    above = area(area_parent(code)) if area_level(code) > 1 else None
    name = NAMES.get(code, f"区域{code}")
    return Area.objects.create(code=code, name=name, full_name=(above.full_name if above else "") + name)


def role(code: str, permissions: Iterable[str] | None = None) -> Role:
    """A role by its code; a built-in one is put back when a test that emptied the database has taken it along."""
    built_in = import_module("nuanxin.foundation.access.migrations.0002_roles").ROLES
    name, seeded = built_in.get(code, (code, []))
    wanted = sorted(permissions if permissions is not None else seeded)
    return Role.objects.get_or_create(
        code=code, defaults={"name": name, "permissions": wanted, "built_in": code in built_in}
    )[0]


def unit(at: int = COUNTY, kind: str = "lead", code: str = "") -> Unit:
    """The unit of this kind in the area."""
    code = code or f"{kind}-{at}"
    return Unit.objects.get_or_create(
        code=code, defaults={"name": f"{area(at).name}{kind}", "kind": kind, "area": area(at)}
    )[0]


def user(
    username: str = "", *, at: int = COUNTY, name: str = "", password: str = PASSWORD, **more: object
) -> User:
    """An account without any posting."""
    number = next(_numbers)
    row = User(username=username or f"user{number}", name=name or f"职员{number}", area=at, **more)
    row.set_password(password)
    row.save()
    return row


def post(
    who: User,
    role_code: str,
    at: int = COUNTY,
    *,
    sectors: Iterable[str] = (),
    permissions: Iterable[str] | None = None,
    office: Unit | None = None,
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> Posting:
    return Posting.objects.create(
        user=who,
        unit=office or unit(at),
        role=role(role_code, permissions),
        area=area(at),
        sectors=sorted(sectors),
        valid_from=valid_from or timezone.localdate() - timedelta(days=30),
        valid_to=valid_to,
    )


def person(role_code: str, at: int = COUNTY, sectors: Iterable[str] = (), *, username: str = "") -> User:
    """A user who holds a built-in role over an area and some sectors (none named: all)."""
    who = user(username, at=at)
    post(who, role_code, at, sectors=sectors)
    return who


def holder(permissions: Iterable[str], at: int = COUNTY, sectors: Iterable[str] = ()) -> User:
    """A user who holds exactly these permissions (and the console) over an area."""
    held = sorted({Permission.CONSOLE.value, *(str(p) for p in permissions)})
    who = user(at=at)
    post(who, "-".join(held).replace(".", "_")[:40], at, sectors=sectors, permissions=held)
    return who


def scope(who: User) -> Scope:
    return scope_of(who.pk, timezone.localdate())


def client(who: User | None = None, *, htmx: bool = False, **options: object) -> Client:
    """A test client, signed in as somebody who has done password and second factor."""
    browser = Client(headers={"HX-Request": "true"} if htmx else None, **options)
    if who is not None:
        browser.force_login(who)
        session = browser.session
        session[SECOND_FACTOR], session[SEEN] = True, timezone.now().timestamp()
        session.save()
    return browser


@dataclass(frozen=True)
class Cast:
    owner: User
    team_mate: User
    outsider: User


def cast_for(*permissions: str, sectors: Iterable[str] = ()) -> Cast:
    """Three people with the same permissions: two of one unit and area, one of another district."""
    return Cast(
        owner=holder(permissions, COUNTY, sectors),
        team_mate=holder(permissions, COUNTY, sectors),
        outsider=holder(permissions, OTHER_COUNTY, sectors),
    )
