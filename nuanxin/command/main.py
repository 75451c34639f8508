"""The `nuanxin` command: one module in `verbs/` for each verb, imported only when it is asked for."""

import argparse
import sys
from importlib import import_module

VERBS = {
    "demo": "安装演示并启动：网页、后台任务、内置数据库 · set up the demo and run everything",
    "serve": "启动网页服务 · run the web server (--worker: the jobs too)",
    "worker": "启动后台任务 · run the job worker",
    "doctor": "体检：哪里不对、怎么修 · say what is wrong and how to mend it",
    "backup": "备份数据库、文件（密钥另存） · back up database and media, keys apart",
    "restore": "从备份恢复 · restore from a backup",
    "import": "导入一份表格 · import a spreadsheet",
    "match": "名单去重归并，不需要数据库 · find which rows are one person, no database needed",
    "vault": "轮换密钥 · rotate the keys of the vault",
    "database": "内置数据库：start、stop、status、url · the embedded PostgreSQL by itself",
    "build": "构建前端与翻译 · build styles, scripts and translations",
}


def main(argv: list[str] | None = None) -> int:
    """The process's exit code: 0 done, 1 something is wrong, 2 the command line is wrong."""
    argv = sys.argv[1:] if argv is None else argv
    parser = argparse.ArgumentParser(prog="nuanxin", description="暖新：新就业群体工作系统")
    choices = parser.add_subparsers(dest="verb", metavar="命令", title="命令 · commands", required=True)
    chosen = next((word for word in argv if not word.startswith("-")), None)
    run = None
    for verb, text in VERBS.items():
        own = choices.add_parser(verb, help=text, description=text)
        if verb == chosen:
            # a module may not be called `import`
            module = import_module(f"nuanxin.command.verbs.{'import_' if verb == 'import' else verb}")
            module.arguments(own)
            run = module.run
    options = parser.parse_args(argv)
    assert run is not None
    try:
        return run(options) or 0
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        if not is_plain(error):
            raise
        print(f"错误：{error}", file=sys.stderr)
        return 1


def is_plain(error: Exception) -> bool:
    """Errors whose text is for the person at the keyboard; anything else is a fault and keeps its trace."""
    from .archive import BackupError
    from .assets import BuildError
    from .cluster import DatabaseError
    from .processes import PortTaken

    ours = (BuildError, BackupError, DatabaseError, PortTaken, FileNotFoundError, PermissionError)
    return isinstance(error, ours) or (hasattr(error, "code") and hasattr(error, "params"))


if __name__ == "__main__":
    sys.exit(main())
