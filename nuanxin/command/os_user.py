"""As whom PostgreSQL runs: it refuses root, so root lends it a user of its own."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

NAME = "nuanxin-pg"
SPARE = ("postgres", "nobody")
"""Users that exist anyway, for a root that may not add one (a read-only /etc)."""


@dataclass(frozen=True)
class OsUser:
    uid: int
    gid: int
    switch: bool
    """Whether starting a process as this user means to leave root."""

    def popen_options(self) -> dict[str, Any]:
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.switch else {}

    def own(self, path: Path) -> None:
        if self.switch:
            os.chown(path, self.uid, self.gid)

    def own_all(self, top: Path) -> None:
        """After a machine was renewed the user may bear another number than the data."""
        if not self.switch or top.stat().st_uid == self.uid:
            return
        for folder, _, files in os.walk(top, topdown=False):
            for file in files:
                os.chown(os.path.join(folder, file), self.uid, self.gid, follow_symlinks=False)
            os.chown(folder, self.uid, self.gid)

    def can_reach(self, path: Path) -> bool:
        """Asked of the kernel by trying, so that access lists and odd mounts count too."""
        if not self.switch:
            return os.access(path, os.X_OK)
        return subprocess.run(["test", "-x", str(path)], **self.popen_options()).returncode == 0


def database_user() -> OsUser:
    if os.geteuid() != 0:
        return OsUser(os.geteuid(), os.getegid(), switch=False)
    for name in (NAME, *SPARE):
        entry = _entry(name) or (name == NAME and _add()) or None
        if entry and entry.pw_uid != 0:
            return OsUser(entry.pw_uid, entry.pw_gid, switch=True)
    raise RuntimeError(f"root needs an unprivileged user for PostgreSQL: useradd --system {NAME}")


def _entry(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _add() -> pwd.struct_passwd | None:
    """Two starts may do this at once; whoever comes second finds it done."""
    if program := shutil.which("useradd", path="/usr/sbin:/sbin:" + os.defpath):
        subprocess.run(
            [program, "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", NAME],
            capture_output=True,
        )
    return _entry(NAME)
