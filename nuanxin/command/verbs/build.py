"""`nuanxin build`: what `demo` and `serve` build by themselves, for the test run and for packaging."""

import argparse

from ..assets import build_frontend, compile_messages


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--messages-only", action="store_true", help="只编译翻译 · translations only")


def run(options: argparse.Namespace) -> int:
    compile_messages()
    if not options.messages_only:
        build_frontend()
    return 0
