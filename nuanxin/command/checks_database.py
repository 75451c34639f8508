"""What `doctor` looks at inside: the database server, its contents, the jobs, the calendar, the messages."""

import time
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from nuanxin.foundation.vault.rules import CannotOpen, Keyring

from . import assets
from .findings import Finding, good, note, wrong
from .installation import pending_migrations
from .jobs import SILENCE
from .rotation import sealed_columns

EXTENSIONS = ("btree_gist", "pg_trgm")
OLDEST = 15


def server(version: int | None = None, encoding: str | None = None) -> Iterator[Finding]:
    version = version or int(_value("SHOW server_version_num"))
    encoding = encoding or _value("SHOW server_encoding")
    if version // 10000 < OLDEST:
        yield wrong(
            "version", f"PostgreSQL {version // 10000} 太旧", f"PostgreSQL {version // 10000} is too old",
            f"升级到 {OLDEST} 或更新版本", f"upgrade to {OLDEST} or newer",
        )  # fmt: skip
    else:
        yield good("version", f"PostgreSQL {version // 10000}", f"PostgreSQL {version // 10000}")
    if encoding != "UTF8":
        yield wrong(
            "encoding", f"数据库编码是 {encoding}，生僻字会丢失", f"the database is in {encoding}",
            "新建 UTF8 编码的数据库：CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0",
            "make it anew: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0",
        )  # fmt: skip


def extensions(needed: tuple[str, ...] = EXTENSIONS) -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_available_extensions")
        available = {name for (name,) in cursor.fetchall()}
    if missing := [name for name in needed if name not in available]:
        yield wrong(
            "extensions", f"数据库缺少扩展：{'、'.join(missing)}", f"missing extensions: {', '.join(missing)}",
            "在数据库服务器上安装 postgresql-contrib", "install postgresql-contrib on the database server",
        )  # fmt: skip


def clock_of_server(now: float | None = None) -> Iterator[Finding]:
    apart = abs(float(_value("SELECT extract(epoch FROM clock_timestamp())")) - (now or time.time()))
    if apart > 5:
        yield wrong(
            "clocks", f"本机与数据库的时间相差 {apart:.0f} 秒", f"this machine and the database differ by {apart:.0f} s",
            "两台机器都开启校时（NTP）", "let both follow a time server (NTP)",
        )  # fmt: skip


def migrations() -> Iterator[Finding]:
    if pending := pending_migrations():
        yield wrong(
            "migrations", f"数据库结构有 {len(pending)} 步未更新，如 {pending[0]}",
            f"{len(pending)} migrations are missing, such as {pending[0]}",
            "先备份，再运行 nuanxin serve --migrate", "back up, then nuanxin serve --migrate",
        )  # fmt: skip
    else:
        yield good("migrations", "数据库结构是最新的", "the database is up to date")


def static() -> Iterator[Finding]:
    if assets.static_is_stale():
        yield wrong(
            "static", "样式与脚本没有构建，页面会缺少样式", "styles and scripts are not built",
            "运行 nuanxin serve 会自动构建；缺少 Node 时先 make install",
            "nuanxin serve builds them; make install where Node is missing",
        )  # fmt: skip


def keys_fit(ring: Keyring) -> Iterator[Finding]:
    """One value of each sealed column is opened: keys of another installation look perfectly well otherwise."""
    broken = []
    for column in sealed_columns():
        name = column.field.attname
        values = column.model._base_manager.exclude(**{name: b""}).exclude(**{f"{name}__isnull": True})
        value = values.order_by("-pk").values_list(name, flat=True).first()
        try:
            ring.open(column.field.vault_purpose, bytes(value or b""))
        except CannotOpen:
            broken.append(column.name)
    if broken:
        yield wrong(
            "keys_fit", f"密钥与数据不符，无法打开：{'、'.join(broken)}", f"the keys do not open: {', '.join(broken)}",
            "放回这套数据原来的 vault.json（备份时用 --keys 另存的那一份）",
            "put back the vault.json of this data (saved by backup --keys)",
        )  # fmt: skip
    else:
        yield good("keys_fit", "密钥与数据相符", "the keys open the data")


def worker(*, web_runs: bool) -> Iterator[Finding]:
    """Whether a worker has shown itself lately. With the web server stopped, nobody expects one."""
    silent = _value("SELECT extract(epoch FROM now() - max(last_heartbeat)) FROM procrastinate_workers")
    if silent is not None and silent < 2 * SILENCE:
        yield good("worker", "后台任务在运行", "the job worker runs")
    elif web_runs:
        yield wrong(
            "worker", "后台任务没有运行：导入、短信不会进行", "no job worker: imports and messages stand still",
            "启动 nuanxin worker，或用 nuanxin serve --worker", "start nuanxin worker, or nuanxin serve --worker",
        )  # fmt: skip
    else:
        yield note("worker", "后台任务没有运行", "the job worker is not running")


def jobs() -> Iterator[Finding]:
    stalled = _value(
        "SELECT count(*) FROM procrastinate_jobs j LEFT JOIN procrastinate_workers w ON w.id = j.worker_id"
        " WHERE j.status = 'doing' AND (w.id IS NULL OR w.last_heartbeat < now() - %s * interval '1 s')",
        3 * SILENCE + 60,
    )
    if stalled:
        yield wrong(
            "stalled", f"{stalled} 个任务中断后没有继续", f"{stalled} jobs were cut off and not taken up again",
            "启动 nuanxin worker，一两分钟内会自动继续", "start nuanxin worker: it takes them up within two minutes",
        )  # fmt: skip
    waiting = _value(
        "SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'"
        " AND coalesce(scheduled_at, now() - interval '1 h') < now() - interval '10 min' AND id < ("
        "SELECT coalesce(max(job_id), 0) FROM procrastinate_events WHERE at < now() - interval '10 min')"
    )
    if waiting:
        yield note(
            "waiting", f"{waiting} 个任务已等待十分钟以上", f"{waiting} jobs wait for over ten minutes"
        )
    failed = _value("SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'")
    if failed:
        yield note("failed", f"{failed} 个任务失败，见日志", f"{failed} jobs failed, see the log")


def calendar(today: date, known: set[int] | None = None) -> Iterator[Finding]:
    """From October on the next year's holidays are needed: deadlines reach into it."""
    if known is None:
        from nuanxin.foundation.worktime.queries import calendar as composed

        ours = composed()
        years = {today.year, (today + timedelta(days=92)).year}
        known = {year for year in years if not ours.is_provisional(date(year, 1, 2))}
    for year in sorted({today.year, (today + timedelta(days=92)).year} - known):
        text = (
            f"{year} 年的节假日安排还没有，期限按周末推算（暂定）", f"the holidays of {year} are not known: deadlines are "
            "provisional", "国务院公布后导入节假日表", "import the table once the State Council has published it",
        )  # fmt: skip
        yield wrong("calendar", *text) if year == today.year else note("calendar", *text)


def notices() -> Iterator[Finding]:
    from nuanxin.foundation.notices.enums import DeliveryState
    from nuanxin.foundation.notices.models import Delivery

    hour_ago = timezone.now() - timedelta(hours=1)
    stuck = Delivery.objects.filter(
        state__in=[DeliveryState.QUEUED, DeliveryState.FAILED], created_at__lt=hour_ago
    ).count()
    if stuck:
        yield wrong(
            "notices", f"{stuck} 条短信一小时以上没有发出", f"{stuck} messages wait for over an hour",
            "看后台任务是否在运行、短信服务商是否可用", "look at the job worker and at the provider",
        )  # fmt: skip
    if lost := Delivery.objects.filter(state=DeliveryState.GIVEN_UP).count():
        yield note("given_up", f"{lost} 条短信已放弃发送", f"{lost} messages were given up")


def _value(query: str, *parameters: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters or None)
        row = cursor.fetchone()
    return row[0] if row else None
