"""`nuanxin build`: what `demo` and `serve` build by themselves, for the test run and for packaging."""

import argparse

from ..assets import build_frontend, compile_messages, gather_messages


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--messages", action="store_true", help="收集并编译翻译 · gather and compile translations"
    )


def run(options: argparse.Namespace) -> int:
    if options.messages:
        gather_messages()
    compile_messages()
    if not options.messages:
        build_frontend()
    return 0
