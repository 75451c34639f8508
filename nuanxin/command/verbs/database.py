"""`nuanxin database`: the embedded PostgreSQL by itself, for developers and for emergencies."""

import argparse

from .. import embedded
from ..installation import home


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=["start", "stop", "status", "url"])


def run(options: argparse.Namespace) -> int:
    if options.what == "start":
        print(embedded.ensure_running(home()))
    elif options.what == "stop":
        embedded.stop(home())
    elif options.what == "url":
        print(embedded.embedded_url(home()))
    else:
        now = embedded.status(home())
        print(f"{now.state}  data={now.data}  pid={now.pid}  port={now.port}")
        return 0 if now.state == "running" else 1
    return 0
