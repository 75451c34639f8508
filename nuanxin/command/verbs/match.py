"""`nuanxin match`: the matching of the survey on any file. No database, no Django."""

import argparse
from pathlib import Path

from ..installation import say


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file", type=Path, help=".csv 或 .parquet · source, name, phone, idno, plate, employer, …"
    )
    parser.add_argument(
        "--out", type=Path, required=True, help="结果文件 · the rows with cluster and confidence"
    )
    parser.add_argument(
        "--safe", action="store_true", help="只归并有把握的 · merge only what is safe to merge without a look"
    )


def run(options: argparse.Namespace) -> int:
    from nuanxin.engines.matching.actions import match_file

    if not options.file.exists():
        raise FileNotFoundError(f"没有这个文件 · no such file: {options.file}")
    match_file(
        options.file, options.out, safe=options.safe, progress=lambda step, share: say(f"{share:4.0%} {step}")
    )
    say(f"已写入 {options.out}", "written")
    return 0
