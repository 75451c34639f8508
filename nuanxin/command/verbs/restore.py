"""`nuanxin restore FILE [--replace] [--keys FILE]`."""

import argparse
from pathlib import Path

from ..installation import database, django_ready, home, media_folder, pending_migrations, say


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path)
    parser.add_argument(
        "--replace", action="store_true", help="替换现有数据 · put it in place of what is there"
    )
    parser.add_argument("--keys", type=Path, help="与备份对应的密钥文件 · the keys saved with the backup")


def run(options: argparse.Namespace) -> int:
    from .. import backups

    if not options.file.is_file():
        raise FileNotFoundError(f"没有这个文件 · no such file: {options.file}")
    with database():
        django_ready()
        from django.conf import settings

        media = media_folder()
        say("校验并恢复", "verifying and restoring")
        manifest = backups.restore(
            options.file, settings.DATABASE_URL, media, home(), replace=options.replace, keys=options.keys
        )
        say(
            f"已恢复 {manifest['made_at']} 的备份：{manifest['rows']} 行，与清单一致",
            "restored, counts and hashes agree",
        )
        if pending := pending_migrations():
            say(f"数据库结构有 {len(pending)} 步待更新：nuanxin serve --migrate", "migrations to apply")
    return 0
