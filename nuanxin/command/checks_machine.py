"""What `doctor` looks at before any database: the machine, the home and its keys, the port, the clock.

Nothing here loads settings: they would make missing keys, and a missing key is what is looked for.
"""

import os
import shutil
import stat
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from nuanxin.foundation.vault.keys import load_keyring

from .findings import Finding, good, note, wrong
from .processes import port_is_free

GIGABYTE = 1 << 30
SECRETS = ("vault.json", "secret.json", "postgres.json")


def python(version: tuple[int, ...] = sys.version_info[:3]) -> Iterator[Finding]:
    written = ".".join(map(str, version[:3]))
    if version[:2] < (3, 11):
        yield wrong(
            "python", f"Python {written} 太旧", f"Python {written} is too old",
            "安装 Python 3.11 或更新版本", "install Python 3.11 or newer",
        )  # fmt: skip
    else:
        yield good("python", f"Python {written}", f"Python {written}")


def home(folder: Path) -> Iterator[Finding]:
    nearest = next(p for p in (folder, *folder.parents) if p.exists())
    if not os.access(nearest, os.W_OK | os.X_OK) or not nearest.is_dir():
        yield wrong(
            "home", f"数据目录不可写：{folder}", f"the home cannot be written: {folder}",
            "检查目录的属主与权限，或用 NUANXIN_HOME 指定另一个目录",
            "mend its owner and mode, or name another one by NUANXIN_HOME",
        )  # fmt: skip
    else:
        yield good("home", f"数据目录 {folder}", f"home {folder}")


def disk(folder: Path, free: int | None = None) -> Iterator[Finding]:
    nearest = next(p for p in (folder, *folder.parents) if p.exists())
    left = shutil.disk_usage(nearest).free if free is None else free
    written = f"{left / GIGABYTE:.1f} GB"
    if left < GIGABYTE:
        yield wrong(
            "disk", f"磁盘只剩 {written}，数据库可能停止写入", f"only {written} left on the disk",
            "清理磁盘或扩容；旧备份可移到别处", "free some space; move old backups elsewhere",
        )  # fmt: skip
    elif left < 5 * GIGABYTE:
        yield note("disk", f"磁盘剩余 {written}，偏少", f"{written} left on the disk, not much")
    else:
        yield good("disk", f"磁盘剩余 {written}", f"{written} left on the disk")


def keys(folder: Path, environ: Mapping[str, str], *, used_before: bool) -> Iterator[Finding]:
    """`used_before`: whether there is a database of this home, which means that there must be keys."""
    outside = bool(environ.get("NUANXIN_VAULT_KEYS"))
    if not outside and not (folder / "vault.json").exists():
        if used_before:
            yield wrong(
                "keys", f"密钥文件不见了：{folder / 'vault.json'}，已加密的身份证号、电话无法读取",
                f"the key file is gone: {folder / 'vault.json'}",
                "先不要启动（启动会生成新密钥）；把备份时另存的密钥文件放回原处",
                "do not start (a start makes new keys); put back the keys that were saved with the backup",
            )  # fmt: skip
        else:
            yield note("keys", "尚无密钥，第一次启动时生成", "no keys yet; the first start makes them")
        return
    try:
        load_keyring(folder, environ)
    except (ValueError, KeyError, TypeError, AttributeError, OSError) as error:
        yield wrong(
            "keys", f"密钥无法读取：{type(error).__name__}", f"the keys cannot be read: {type(error).__name__}",
            "恢复与备份一同另存的密钥文件，检查属主与权限", "restore the saved key file; look at its owner and mode",
        )  # fmt: skip
        return
    yield good("keys", "密钥可用", "keys can be read")


def modes(folder: Path) -> Iterator[Finding]:
    open_to_others = [
        name
        for name in SECRETS
        if (folder / name).exists() and stat.S_IMODE((folder / name).stat().st_mode) & 0o077
    ]
    if open_to_others:
        names = " ".join(str(folder / name) for name in open_to_others)
        yield wrong(
            "modes", f"别的用户可以读取密钥：{'、'.join(open_to_others)}", f"others may read {names}",
            f"chmod 600 {names}", f"chmod 600 {names}",
        )  # fmt: skip


def clock(now: datetime, zone: str = "Asia/Shanghai") -> Iterator[Finding]:
    if now.year < 2026:
        yield wrong(
            "clock", f"系统时间是 {now:%Y-%m-%d}，不可能", f"the clock says {now:%Y-%m-%d}, which cannot be",
            "校准系统时间（timedatectl set-ntp true）", "set the clock (timedatectl set-ntp true)",
        )  # fmt: skip
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        yield wrong(
            "timezone", f"系统没有时区资料 {zone}", f"no time zone data for {zone}",
            "安装时区资料：apt-get install tzdata", "apt-get install tzdata",
        )  # fmt: skip


def port(host: str, number: int) -> Iterator[Finding]:
    """Taken by our own server is as it should be; granian signs its answers."""
    if port_is_free(host, number):
        yield note(
            "port",
            f"端口 {number} 空闲：网页服务没有运行",
            f"port {number} is free: the web server is not running",
        )
    elif answers(host, number):
        yield good("port", f"网页服务在端口 {number} 运行", f"the web server runs on port {number}")
    else:
        yield wrong(
            "port", f"端口 {number} 被别的程序占用", f"port {number} is taken by another program",
            "停止那个程序，或启动时用 --port 换一个端口", "stop that program, or start with another --port",
        )  # fmt: skip


def answers(host: str, number: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://{host}:{number}/", timeout=10) as reply:
            return "granian" in reply.headers.get("server", "")
    except urllib.error.HTTPError as error:
        return "granian" in error.headers.get("server", "")
    except OSError:
        return False
