"""A file of grids (GeoJSON) becomes a plan: what would be written, and everything that is wrong, by name."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.validation import explain_validity

from ..enums import Datum
from . import area_level, area_parent, area_range
from .datum import NotACoordinate, to_wgs84

CODE = ("code", "grid_code", "网格编码", "网格编号", "编码")
NAME = ("name", "grid_name", "网格名称", "网格名", "名称")
COMMUNITY = ("community", "village", "社区", "所属社区", "村社区", "村（社区）")

GEOGRAPHIC = ("CRS84", "EPSG::4326", "EPSG:4326", "EPSG::4490", "EPSG:4490")
"""The old `crs` members that mean degrees on WGS-84 or CGCS2000; RFC 7946 knows no other and no member at
all.
"""

LARGEST = 20 * 1024 * 1024
MOST = 5000
"""Bytes of a file, and grids in it."""


@dataclass(frozen=True)
class Problem:
    """Something found in the file. `grids` are the names concerned; errors forbid the import, warnings
    ask.
    """

    code: str
    message: str
    mend: str
    grids: tuple[str, ...] = ()
    error: bool = True
    square_metres: float | None = None


@dataclass(frozen=True)
class Draft:
    """An outline to be written: a grid, or (`level` 5) the community's own outline."""

    code: int
    name: str
    geometry: BaseGeometry

    @property
    def level(self) -> int:
        return area_level(self.code)


@dataclass
class GridPlan:
    grids: list[Draft] = field(default_factory=list)
    outlines: list[Draft] = field(default_factory=list)
    replaced: list[int] = field(default_factory=list)  # codes that exist and get another outline or name
    problems: list[Problem] = field(default_factory=list)

    @property
    def errors(self) -> list[Problem]:
        return [p for p in self.problems if p.error]

    @property
    def warnings(self) -> list[Problem]:
        return [p for p in self.problems if not p.error]


@dataclass(frozen=True)
class Surroundings:
    """What stands already: names of grids by code, and how a community's written name is resolved (or
    None).
    """

    target: int
    names: Mapping[int, str]
    community: Callable[[str], int | None]


def read(data: bytes, around: Surroundings, datum: Datum = Datum.WGS84) -> GridPlan:
    """Reads the file as far as it can be read. What lies over what is checked by `gridcheck.check`."""
    plan = GridPlan()
    features = _features(data, plan)
    if not features:
        return plan
    read_ones = [r for i, f in enumerate(features, 1) if (r := _feature(f, i, datum, plan)) is not None]
    _number(read_ones, around, plan)
    return plan


def _say(plan: GridPlan, code: str, message: str, mend: str, *grids: str) -> None:
    plan.problems.append(Problem(code, message, mend, grids))


def _features(data: bytes, plan: GridPlan) -> list[Any]:
    if len(data) > LARGEST:
        _say(plan, "too_large", _("文件超过 20 MB。"), _("请按镇街分成几个文件导入。"))
        return []
    try:
        document = json.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError):
        _say(plan, "not_json", _("这不是 GeoJSON 文件（UTF-8）。"), _("请在制图软件中导出为 GeoJSON。"))
        return []
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list) or not features:
        _say(plan, "no_features", _("文件中没有要素（FeatureCollection）。"), _("请检查导出的图层是否为空。"))
        return []
    if len(features) > MOST:
        _say(plan, "too_many", _("要素超过 %(most)s 个。") % {"most": MOST}, _("请按镇街分成几个文件导入。"))
        return []
    crs = document.get("crs")
    if crs is not None:
        name = str((crs.get("properties") or {}).get("name", crs) if isinstance(crs, dict) else crs)
        if not name.upper().endswith(GEOGRAPHIC):
            _say(
                plan,
                "crs",
                _("文件声明的坐标系是 %(crs)s，不是经纬度。") % {"crs": name},
                _("请导出为 WGS-84（EPSG:4326）或 CGCS2000（EPSG:4490）经纬度坐标。"),
            )
            return []
    return features


@dataclass(frozen=True)
class _Read:
    label: str
    code: str
    name: str
    community: str
    geometry: BaseGeometry


def _feature(feature: Any, number: int, datum: Datum, plan: GridPlan) -> _Read | None:
    feature = feature if isinstance(feature, dict) else {}
    properties = feature.get("properties") if isinstance(feature.get("properties"), dict) else {}

    def value(keys: tuple[str, ...]) -> str:
        return next((str(properties[k]).strip() for k in keys if properties.get(k) not in (None, "")), "")

    name, code = value(NAME), value(CODE)
    label = name or code or _("第 %(number)s 个要素") % {"number": number}
    if not name and not code:
        _say(plan, "no_name", _("%(grid)s没有名称。") % {"grid": label}, _("请填写 name 属性。"), label)
        return None
    if len(name) > 60:
        _say(plan, "long_name", _("“%(grid)s”名称超过 60 字。") % {"grid": label}, _("请缩短名称。"), label)
        return None
    geometry = _geometry(feature.get("geometry"), label, datum, plan)
    return _Read(label, code, name or label, value(COMMUNITY), geometry) if geometry is not None else None


def _geometry(raw: Any, label: str, datum: Datum, plan: GridPlan) -> BaseGeometry | None:
    kind = raw.get("type") if isinstance(raw, dict) else None
    if kind not in ("Polygon", "MultiPolygon"):
        _say(
            plan,
            "not_a_polygon",
            _("“%(grid)s”不是面，而是 %(kind)s。") % {"grid": label, "kind": kind or _("空")},
            _("请只导出面图层（Polygon）。"),
            label,
        )
        return None
    try:
        polygons = raw["coordinates"] if kind == "MultiPolygon" else [raw["coordinates"]]
        rings = [[[(float(c[0]), float(c[1])) for c in ring] for ring in polygon] for polygon in polygons]
    except (KeyError, TypeError, ValueError, IndexError):
        _say(
            plan,
            "broken_coordinates",
            _("“%(grid)s”的坐标无法读取。") % {"grid": label},
            _("请重新导出。"),
            label,
        )
        return None
    corners = [corner for polygon in rings for ring in polygon for corner in ring]
    if not corners or not _placed(corners, label, plan) or not _closed(rings, label, plan):
        return None
    try:
        parts = []
        for polygon in rings:
            moved = [[to_wgs84(lon, lat, datum) for lon, lat in ring] for ring in polygon]
            parts.append(Polygon(moved[0], moved[1:]))
    except NotACoordinate as error:
        _say(
            plan,
            "not_a_coordinate",
            _("“%(grid)s”含有无效坐标（%(value)s）。") % {"grid": label, "value": error},
            _("请删除或改正该点。"),
            label,
        )
        return None
    geometry = parts[0] if len(parts) == 1 else MultiPolygon(parts)
    if not geometry.is_valid:
        _say(
            plan,
            "invalid",
            _("“%(grid)s”的边界%(reason)s。") % {"grid": label, "reason": _reason(geometry)},
            _("请在制图软件中沿边界重画，或用“修复几何”。"),
            label,
        )
        return None
    return geometry


def _placed(corners: list[tuple[float, float]], label: str, plan: GridPlan) -> bool:
    """Degrees in China, longitude first. In China no longitude can be mistaken for a latitude (73–136,
    3–54).
    """
    lons, lats = [c[0] for c in corners], [c[1] for c in corners]
    if all(72 <= lon <= 138 for lon in lons) and all(0 < lat <= 56 for lat in lats):
        return True
    if all(72 <= lat <= 138 for lat in lats) and all(0 < lon <= 56 for lon in lons):
        what, mend = _("经纬度写反了"), _("GeoJSON 先经度、后纬度，请对调后导入。")
        code = "swapped"
    elif any(abs(value) > 360 for value in (*lons, *lats)):
        what, mend = _("坐标是投影坐标（米），不是经纬度"), _("请导出为 WGS-84 经纬度坐标。")
        code = "projected"
    else:
        what, mend = _("坐标不在中国境内"), _("请检查坐标，第一个数应为经度（73–136）。")
        code = "abroad"
    _say(plan, code, _("“%(grid)s”%(what)s。") % {"grid": label, "what": what}, mend, label)
    return False


def _closed(rings: list[list[list[tuple[float, float]]]], label: str, plan: GridPlan) -> bool:
    for polygon in rings:
        for ring in polygon:
            if len(ring) < 4 or len(set(ring)) < 3:
                _say(
                    plan,
                    "short_ring",
                    _("“%(grid)s”的边界只有 %(count)s 个点，围不成面。")
                    % {"grid": label, "count": len(ring)},
                    _("请补全边界点。"),
                    label,
                )
                return False
            if ring[0] != ring[-1]:
                _say(
                    plan,
                    "open_ring",
                    _("“%(grid)s”的边界没有闭合。") % {"grid": label},
                    _("请让最后一点与第一点相同。"),
                    label,
                )
                return False
    return bool(rings)


def _reason(geometry: BaseGeometry) -> str:
    text = explain_validity(geometry)  # "Self-intersection[113.1 28.2]"
    place = text.partition("[")[2].rstrip("]").replace(" ", "，")
    kind = text.partition("[")[0]
    words = {
        "Self-intersection": _("自相交"),
        "Ring Self-intersection": _("与自身相碰"),
        "Hole lies outside shell": _("有孔洞落在外圈之外"),
        "Nested shells": _("有一块套在另一块里"),
        "Interior is disconnected": _("被孔洞切断"),
        "Too few points in geometry component": _("点数太少"),
    }
    said = words.get(kind, kind)
    return _("%(reason)s（%(place)s 处）") % {"reason": said, "place": place} if place else said


def _number(found: list[_Read], around: Surroundings, plan: GridPlan) -> None:
    """Gives every outline its code: the one it brings, or the next free one of its community."""
    taken = set(around.names) | {int(r.code) for r in found if _is_grid_code(r.code)}
    used: dict[int, str] = {}
    names: dict[tuple[int, str], str] = {
        (area_parent(code), name): str(code) for code, name in around.names.items()
    }
    for one in found:
        code = _code(one, around, taken, plan)
        if code is None:
            continue
        taken.add(code)
        if code in used:
            _say(
                plan,
                "duplicate_code",
                _("“%(a)s”与“%(b)s”的编码相同：%(code)s。") % {"a": used[code], "b": one.label, "code": code},
                _("请改成不同的编码。"),
                used[code],
                one.label,
            )
            continue
        used[code] = one.label
        draft = Draft(code, one.name, one.geometry)
        if draft.level == 5:
            plan.outlines.append(draft)
            continue
        key = (area_parent(code), one.name)
        if names.get(key, str(code)) != str(code):
            _say(
                plan,
                "duplicate_name",
                _("同一社区有两个网格都叫“%(grid)s”。") % {"grid": one.name},
                _("请改成不同的名称，或给出已有网格的编码 %(code)s 以更新它。") % {"code": names[key]},
                one.name,
            )
            continue
        names[key] = str(code)
        if code in around.names:
            plan.replaced.append(code)
        plan.grids.append(draft)


def _is_grid_code(text: str) -> bool:
    return len(text) == 15 and text.isascii() and text.isdigit() and area_level(int(text)) == 6


def _code(one: _Read, around: Surroundings, taken: set[int], plan: GridPlan) -> int | None:
    lower, upper = area_range(around.target)
    if one.code:
        digits = one.code.ljust(15, "0") if len(one.code) == 12 else one.code
        if not (digits.isascii() and digits.isdigit() and len(digits) == 15 and area_level(int(digits)) >= 5):
            _say(
                plan,
                "bad_code",
                _("“%(grid)s”的编码 %(code)s 不对。") % {"grid": one.label, "code": one.code},
                _("网格编码为 15 位：社区 12 位统计代码加 3 位顺序号；社区边界写 12 位。"),
                one.label,
            )
            return None
        if not lower <= int(digits) < upper:
            _say(
                plan,
                "other_place",
                _("“%(grid)s”的编码 %(code)s 不在所选区域内。") % {"grid": one.label, "code": one.code},
                _("请选择正确的区域，或改正编码。"),
                one.label,
            )
            return None
        return int(digits)
    community = around.target if area_level(around.target) == 5 and not one.community else None
    if community is None:
        community = around.community(one.community) if one.community else None
    if community is None or area_level(community) != 5:
        _say(
            plan,
            "no_community",
            _("“%(grid)s”看不出属于哪个社区（%(text)s）。")
            % {"grid": one.label, "text": one.community or _("未填")},
            _("请填写 15 位编码，或在“社区”属性中写社区全名。"),
            one.label,
        )
        return None
    free = next((n for n in range(community + 1, community + 1000) if n not in taken), None)
    if free is None:
        _say(
            plan,
            "full",
            _("“%(grid)s”所在社区的网格号已用完。") % {"grid": one.label},
            _("请检查编码。"),
            one.label,
        )
    return free
