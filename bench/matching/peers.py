"""Splink and recordlinkage on a roster, each as well set up as its documentation teaches.
 Both get the values that our own `normalise` has cleaned, and pinyin, visible tails and LIKE patterns
for masks on top: the comparison is one of models and engines, not of who strips "+86". Preparing them
is not counted in their time. The threshold of each is chosen afterwards on the truth, in its favour.
"""

from __future__ import annotations

import logging
import time
import warnings
from dataclasses import dataclass

import numpy as np
import polars as pl

from nuanxin.engines.matching.rules.normalise import normalise
from nuanxin.engines.matching.rules.table import tabulate


@dataclass
class Result:
    """One engine on one data set: scores in 0…1, times in seconds."""

    name: str
    f1: float
    safe_precision: float
    safe_share: float
    core_seconds: float
    whole_seconds: float


def prepared(rows: pl.DataFrame) -> pl.DataFrame:
    """Cleaned columns with null for empty, and the helpers that a user of Splink would add."""
    clean = normalise(rows)
    table = tabulate(clean)
    born = (
        pl.when(pl.col("idno").str.contains(r"^\d{17}[\dX]$"))
        .then(pl.col("idno").str.slice(6, 8))
        .otherwise(pl.lit(""))
    )
    frame = clean.with_columns(
        unique_id=rows["id"],
        person=rows["person"],
        pinyin=pl.when(pl.col("name") == "")
        .then(pl.lit(""))
        .otherwise(pl.Series(table.sound_key).cast(pl.String)),
        surname=pl.col("name").str.slice(0, 1),
        id_full=pl.when(pl.col("idno").str.contains("*", literal=True)).then(pl.lit("")).otherwise("idno"),
        phone_full=pl.when(pl.col("phone").str.contains("*", literal=True))
        .then(pl.lit(""))
        .otherwise("phone"),
        id_like=pl.col("idno").str.replace_all("*", "_", literal=True),
        phone_like=pl.col("phone").str.replace_all("*", "_", literal=True),
        id_tail=pl.col("idno").str.slice(-4),
        phone_tail=pl.col("phone").str.slice(-4),
        born=born,
    )
    texts = [c for c, t in frame.schema.items() if t == pl.String]
    return frame.with_columns(
        pl.when(pl.col(c) == "").then(None).otherwise(pl.col(c)).alias(c) for c in texts
    )


def splink(rows: pl.DataFrame) -> Result:
    """Splink 5 on DuckDB: u by random sampling, m by EM in three sessions, term frequencies, then predict."""
    import splink.comparison_level_library as cll
    import splink.comparison_library as cl
    from splink import Linker, SettingsCreator, block_on
    from splink.backends.duckdb import DuckDBAPI

    logging.getLogger("splink").setLevel(logging.ERROR)
    data = prepared(rows)
    began = time.perf_counter()

    def masked(column: str, like: str) -> cll.CustomLevel:
        return cll.CustomLevel(f"{column}_l LIKE {like}_r OR {column}_r LIKE {like}_l", f"{column} masked")

    def same(column: str) -> cll.ComparisonLevelCreator:
        return cll.ExactMatchLevel(column, term_frequency_adjustments=True)

    name = cl.CustomComparison(
        [
            cll.NullLevel("name"), same("name"), cll.ExactMatchLevel("pinyin", term_frequency_adjustments=True),
            cll.LevenshteinLevel("name", 1), cll.ExactMatchLevel("surname"), cll.ElseLevel(),
        ], "name",
    )  # fmt: skip
    idno = cl.CustomComparison(
        [
            cll.NullLevel("idno"), same("id_full"), masked("idno", "id_like"), cll.DamerauLevenshteinLevel("idno", 1),
            cll.ExactMatchLevel("born"), cll.ElseLevel(),
        ], "idno",
    )  # fmt: skip
    phone = cl.CustomComparison(
        [
            cll.NullLevel("phone"), same("phone_full"), masked("phone", "phone_like"),
            cll.DamerauLevenshteinLevel("phone", 1), cll.ElseLevel(),
        ], "phone",
    )  # fmt: skip
    plate = cl.CustomComparison(
        [cll.NullLevel("plate"), same("plate"), cll.LevenshteinLevel("plate", 1), cll.ElseLevel()], "plate"
    )
    used = [name, idno, phone, plate] if data["plate"].null_count() < len(data) else [name, idno]
    used += [cl.ExactMatch(c).configure(term_frequency_adjustments=True) for c in ("employer", "county")]
    used.append(cl.ExactMatch("industry"))
    rules = [
        block_on("id_full"), block_on("phone_full"), block_on("plate"), block_on("name", "county"),
        block_on("name", "employer"), block_on("pinyin", "id_tail"), block_on("pinyin", "phone_tail"),
        block_on("surname", "id_tail", "county"), block_on("surname", "born"),
    ]  # fmt: skip
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=used,
        blocking_rules_to_generate_predictions=rules,
        retain_matching_columns=False,
        probability_two_random_records_match=1.2 / len(rows),
    )
    api = DuckDBAPI()
    linker = Linker(api.register(data.to_arrow()), settings, log_level=None)
    train = linker.training
    train.estimate_probability_two_random_records_match(
        [block_on("id_full"), block_on("name", "phone_full")], recall=0.7
    )
    train.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    sessions = [block_on("id_full"), block_on("name", "county")]
    if len(used) > 5:
        sessions.insert(1, block_on("phone_full"))
    for rule in sessions:
        train.estimate_parameters_using_expectation_maximisation(rule)
    predicted = linker.inference.predict(threshold_match_probability=0.001)
    core = time.perf_counter() - began
    pairs = pl.from_arrow(predicted.as_pyarrow_table())
    assert isinstance(pairs, pl.DataFrame)
    whole = time.perf_counter() - began
    return _best(
        "Splink 5 (DuckDB)",
        rows,
        pairs["unique_id_l"],
        pairs["unique_id_r"],
        pairs["match_probability"],
        core,
        whole,
    )


def recordlinkage_ecm(rows: pl.DataFrame) -> Result:
    """recordlinkage with the expectation-conditional-maximisation classifier on binary features."""
    import recordlinkage as rl

    warnings.filterwarnings("ignore")
    data = prepared(rows).to_pandas().set_index("unique_id")
    began = time.perf_counter()
    index = rl.Index()
    for on in (["id_full"], ["phone_full"], ["plate"], ["name", "county"], ["name", "employer"],
               ["pinyin", "id_tail"], ["pinyin", "phone_tail"]):  # fmt: skip
        if data[on].notna().all(axis=1).any():
            index.block(on)
    pairs = index.index(data)
    features = rl.Compare()
    for column, cut in (("name", 0.85), ("idno", 0.94), ("phone", 0.9), ("plate", 0.85)):
        if data[column].notna().any():
            features.string(
                column, column, method="jarowinkler", threshold=cut, missing_value=0.0, label=f"{column} like"
            )
            features.exact(column, column, label=column)
    for column in ("pinyin", "id_tail", "phone_tail", "employer", "industry", "county"):
        if data[column].notna().any():
            features.exact(column, column, label=column)
    vectors = features.compute(pairs, data)
    model = rl.ECMClassifier(binarize=0.5)
    model.fit(vectors)
    chance = model.prob(vectors).to_numpy()
    core = time.perf_counter() - began
    left = pl.Series(vectors.index.get_level_values(0).to_numpy())
    right = pl.Series(vectors.index.get_level_values(1).to_numpy())
    return _best("recordlinkage ECM", rows, left, right, pl.Series(chance), core, time.perf_counter() - began)


def _best(
    name: str,
    rows: pl.DataFrame,
    left: pl.Series,
    right: pl.Series,
    chance: pl.Series,
    core: float,
    whole: float,
) -> Result:
    """Best F1 over all thresholds, of the pairs or of the clusters that they make, whichever is better."""
    from nuanxin.engines.matching.rules.cluster import components

    person = rows.sort("id")["person"].to_numpy()
    ids = np.sort(rows["id"].to_numpy())
    a, b = np.searchsorted(ids, left.to_numpy()), np.searchsorted(ids, right.to_numpy())
    p = chance.to_numpy()
    order = np.argsort(-p, kind="stable")
    right_ones = np.cumsum(person[a[order]] == person[b[order]])
    taken = np.arange(1, len(order) + 1)
    _, sizes = np.unique(person, return_counts=True)
    true = int((sizes * (sizes - 1) // 2).sum())
    last = np.append(np.diff(p[order]) != 0, True)
    best = float((2 * right_ones / (taken + true))[last].max())
    for cut in (
        0.02,
        0.05,
        0.1,
        0.2,
        0.3,
        0.5,
        0.7,
        0.8,
        0.9,
        0.95,
        0.98,
        0.99,
        0.995,
        0.999,
        0.9999,
        0.99999,
    ):
        keep = p >= cut
        label = components(len(ids), np.minimum(a, b)[keep], np.maximum(a, b)[keep])
        best = max(best, cluster_scores(label, person)[0])
    sure = p >= 0.999
    correct = int((person[a[sure]] == person[b[sure]]).sum())
    return Result(name, best, correct / max(int(sure.sum()), 1), correct / true, core, whole)


def cluster_scores(label: np.ndarray, person: np.ndarray) -> tuple[float, float, float]:
    """(F1, precision, recall) over pairs of rows: cluster against truth."""

    def pairs(*columns: np.ndarray) -> int:
        _, counts = np.unique(np.stack(columns), axis=1, return_counts=True)
        return int((counts * (counts - 1) // 2).sum())

    both, joined, true = pairs(label, person), pairs(label), pairs(person)
    return 2 * both / max(joined + true, 1), both / max(joined, 1), both / max(true, 1)
