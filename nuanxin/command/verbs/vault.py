"""`nuanxin vault rotate`: a new key, and everything sealed anew with it."""

import argparse
import os
import time

from ..installation import database, django_ready, home, say


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=["rotate", "reseal"])
    parser.add_argument(
        "--wait",
        type=float,
        default=15,
        help="等待运行中的服务换用新密钥的秒数 · seconds for running services to take up the new key",
    )


def run(options: argparse.Namespace) -> int:
    from nuanxin.foundation.vault.keys import add_key, load_keyring

    if options.what == "rotate":
        if os.environ.get("NUANXIN_VAULT_KEYS"):
            say(
                "密钥由外部提供（NUANXIN_VAULT_KEYS）：请在那里加入新密钥，重启后执行 nuanxin vault reseal",
                "the keys come from outside: add one there, restart, then reseal",
            )
            return 1
        load_keyring(home(), os.environ)  # makes the first one
        ring = add_key(home())
        say(f"新密钥为第 {ring.current} 版，请另存（nuanxin backup … --keys）", "new key: save it")
        if options.wait:
            say(f"等待 {options.wait:g} 秒，让运行中的服务换用新密钥", "for running services")
            time.sleep(options.wait)
    with database():
        django_ready()
        from ..rotation import reseal

        columns = reseal(
            load_keyring(home(), os.environ),
            lambda column: say(f"{column.name}：{column.sealed}", "sealed anew"),
        )
    broken, left = sum(c.broken for c in columns), sum(max(0, c.left) for c in columns)
    say(f"共 {sum(c.sealed for c in columns)} 个值已用新密钥加密", "values sealed anew")
    if broken:
        say(
            f"{broken} 个值无法打开，未改动：请运行 nuanxin doctor",
            "values open with no key, left as they are",
        )
    if left:
        say(f"{left} 行正被占用：再执行一次 nuanxin vault reseal", "rows were locked: run reseal again")
    return 1 if broken or left else 0
