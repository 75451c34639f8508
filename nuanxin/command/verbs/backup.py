"""`nuanxin backup FILE|DIR [--keys FILE]`."""

import argparse
from datetime import datetime
from pathlib import Path

from ..installation import database, django_ready, home, media_folder, say


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("out", type=Path, help="文件，或已有的目录 · a file, or a folder that exists")
    parser.add_argument(
        "--keys",
        type=Path,
        help="另存密钥到此文件（请与备份分开保管） · save the keys too, to a file of their own: keep it elsewhere",
    )


def run(options: argparse.Namespace) -> int:
    from .. import backups

    out: Path = options.out
    if out.is_dir():
        out /= f"nuanxin-{datetime.now():%Y%m%d-%H%M%S}.tar"
    if not out.parent.is_dir():
        raise FileNotFoundError(f"没有这个目录 · no such folder: {out.parent}")
    with database():
        django_ready()
        from django.conf import settings

        media = media_folder()
        say("正在备份", "backing up")
        manifest = backups.back_up(settings.DATABASE_URL, media, home(), out)
    files = len(manifest["files"]) - 1
    say(
        f"已备份 {len(manifest['tables'])} 张表、{manifest['rows']} 行、{files} 个文件：{out}",
        f"{manifest['rows']} rows, {files} media files",
    )
    if options.keys:
        backups.save_keys(home(), options.keys)
        say(f"密钥已另存：{options.keys}，请与备份分开保管", "keys saved: keep them apart from the backup")
    else:
        say(
            "备份不含密钥：没有密钥就无法读取身份证号和电话，请用 --keys 另存一份",
            "the keys are not in it; save them once with --keys",
        )
    return 0
