"""Files as departments send them, and the way through the engine in one call."""

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

from nuanxin.engines.intake.actions import (
    commit_upload,
    receive_upload,
    run_check,
    run_commit,
)
from nuanxin.engines.intake.models import Row, Upload
from nuanxin.engines.intake.rules.packing import open_row
from nuanxin.foundation.access.enums import Permission
from nuanxin.foundation.access.rules import Grant, Scope
from nuanxin.foundation.codes.rules.resident_id import check_digit
from nuanxin.foundation.sheets.rules import ColumnSpec, SheetSpec, write_xlsx
from nuanxin.foundation.vault.queries import keyring
from tests.cast import COUNTY, unit

HEADERS = ["序号", "姓名", "性别", "出生年月", "身份证号", "联系电话", "车牌号", "职业类型", "平台/站点", "所在企业", "用工形式",
           "常驻街道", "入会", "同意标记", "备注"]  # fmt: skip
TODAY = date(2026, 11, 20)


def idno(number: int, born: str = "19900101") -> str:
    first = f"430121{born}{number % 1000:03d}"
    return first + check_digit(first)


def person(number: int, **cells: Any) -> list[Any]:
    """One row in the order of HEADERS; `cells` replace single ones by header."""
    born = f"{1970 + number // 365 % 35}{1 + number % 12:02d}{1 + number % 28:02d}"
    id_number = idno(number, born)
    row = dict(
        zip(
            HEADERS,
            [
                number, "张" + chr(0x4E00 + number % 5000) + chr(0x4E00 + number // 5000),
                "男" if int(id_number[16]) % 2 else "女", f"{born[:4]}-{born[4:6]}", id_number,
                f"13{number:09d}", "", "外卖骑手", "", f"长沙第{number % 40}配送有限公司", "全职",
                "星沙街道", "是", "同意", "",
            ],
            strict=True,
        )
    )  # fmt: skip
    row.update(cells)
    return [row[h] for h in HEADERS]


def xlsx(rows: Sequence[Sequence[Any]], headers: Sequence[str] = tuple(HEADERS), **more: Any) -> bytes:
    out = io.BytesIO()
    write_xlsx(out, [SheetSpec(name="名册", columns=[ColumnSpec(h) for h in headers], rows=rows, **more)])
    return out.getvalue()


def office(kind: str = "department", at: int = COUNTY, code: str = "") -> tuple[int, Scope]:
    """A unit with the scope of somebody who imports for it."""
    made = unit(at, kind, code)
    return made.pk, Scope(None, (Grant(at, frozenset({Permission.IMPORT}), made.pk),))


def receive(data: bytes, *, kind: str = "department", at: int = COUNTY, **more: Any) -> Upload:
    office_id, scope = office(kind, at)
    options = {"target": "workers", "filename": "名册.xlsx", "sector": "delivery", **more}
    return receive_upload(by=None, scope=scope, unit=office_id, area=at, data=data, **options)


def whole_way(data: bytes, **more: Any) -> Upload:
    """Received, checked, committed."""
    upload = receive(data, **more)
    assert not upload.error, upload.error
    run_check(Upload.objects.get(pk=upload.pk), by=None)
    commit_upload(
        by=None, scope=office(more.get("kind", "department"), more.get("at", COUNTY))[1], upload=upload.pk
    )
    run_commit(upload.pk, by=None)
    return Upload.objects.get(pk=upload.pk)


def values(upload: Upload) -> list[dict[str, Any]]:
    return [open_row(keyring(), r.content)["v"] for r in Row.objects.filter(upload=upload).order_by("number")]


def problems(upload: Upload) -> list[list[tuple[str, str]]]:
    """(field, code) of each row's findings."""
    rows = Row.objects.filter(upload=upload).order_by("number")
    return [[(field, code) for _letter, field, code, _params in row.problems] for row in rows]
