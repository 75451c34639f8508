"""`nuanxin import`: a file into the ledger from the command line, with the same checks as on the screen."""

import argparse
from datetime import date
from pathlib import Path

from ..installation import database, django_ready, say

SHOWN = 20


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="表格 · .xlsx .xls .csv")
    parser.add_argument("--target", default="workers", help="workers 或 enterprises · what the rows are")
    parser.add_argument("--unit", required=True, help="单位代码 · code of the unit that sends it")
    parser.add_argument(
        "--area", type=int, help="区域代码，默认为单位所在区域 · 15 digits, default: the unit's area"
    )
    parser.add_argument(
        "--sector", default="", help="没有写明行业的行按此登记 · sector of rows that name none"
    )
    parser.add_argument(
        "--as-of", type=date.fromisoformat, help="数据截止日期，默认今天 · the day it speaks of"
    )
    parser.add_argument("--sheet", help="工作表 · which sheet, default: the one with the best header")
    parser.add_argument("--yes", action="store_true", help="不再询问，直接导入 · do not ask")


def run(options: argparse.Namespace) -> int:
    if not options.file.exists():
        raise FileNotFoundError(f"没有这个文件 · no such file: {options.file}")
    with database():
        django_ready()
        return _import(options)


def _import(options: argparse.Namespace) -> int:
    from django.utils import timezone

    from nuanxin.engines.intake import actions, queries
    from nuanxin.engines.intake.errors import AlreadyImported, IntakeError
    from nuanxin.engines.intake.rules import NoContext
    from nuanxin.foundation.access.enums import Permission
    from nuanxin.foundation.access.rules import Grant, Scope
    from nuanxin.registry.units.queries import unit_by_code

    unit = unit_by_code(options.unit)
    if unit is None:
        return _stop(f"没有代码为 {options.unit} 的单位", "no such unit")
    area = unit.area_id if options.area is None else options.area
    known = {target.code for target in queries.targets()}
    if options.target not in known:
        return _stop(f"表格类型应为：{'、'.join(sorted(known))}", "unknown target")
    # whoever reaches the command line of the server acts for the installation itself
    scope = Scope(None, (Grant(area, frozenset({Permission.IMPORT}), unit.pk),))
    as_of = options.as_of or timezone.localdate()
    try:
        offer = queries.target(options.target).context_form(area)
        prepared = actions.prepare_import(
            by=None, scope=scope, unit=unit.pk, area=area, target=options.target, data=options.file.read_bytes(),
            filename=options.file.name, sector=options.sector, context={**offer.context, "as_of": as_of.isoformat()},
            sheet=options.sheet,
        )  # fmt: skip
    except AlreadyImported as already:
        return _stop(f"{already}（{already.holder}）", "imported before")
    except (IntakeError, NoContext) as error:
        return _stop(str(error))
    upload = prepared.upload
    if prepared.table is None:
        return _stop(upload.error, "the file was refused")
    _show(upload)
    if upload.refused == upload.total_rows:
        return _stop("没有可导入的行", "no row can be imported")
    if not options.yes and input("导入？import? [y/N] ").strip().lower() not in ("y", "yes", "是"):
        actions.discard_upload(by=None, scope=scope, upload=upload.pk)
        return _stop("没有写入任何数据", "nothing was written")
    done = actions.commit_prepared(
        prepared, by=None, scope=scope, after_chunk=lambda rows: say(f"{rows} / {upload.total_rows}")
    )
    if done.error:
        return _stop(done.error)
    say(
        f"已导入 {done.accepted + done.noted} 行，编号 {done.pk}",
        "imported; the worker brings it into the ledger",
    )
    return 0


def _show(upload: object) -> None:
    """Counts and the first problems, as on the screen."""
    from nuanxin.engines.intake import queries

    say(f"可导入 {upload.accepted}，有提示 {upload.noted}，拒收 {upload.refused}")  # type: ignore[attr-defined]
    for group in queries.findings(upload, rows=3)[:SHOWN]:  # type: ignore[arg-type]
        for line in group.lines:
            place = (
                f"第 {line.row} 行 {line.letter} 列（{line.label}）" if line.letter else f"第 {line.row} 行"
            )
            print(f"  {'拒收' if line.refuse else '提示'} {place}：{line.cause}。{line.mend}")
        if group.count > len(group.lines):
            print(f"  … 同类问题共 {group.count} 行")


def _stop(chinese: str, english: str = "") -> int:
    say(chinese, english)
    return 1
