"""Values that many rows share: nobody is merged because of them, and nothing explodes."""

from __future__ import annotations

import time

import polars as pl

from bench.matching.roster import generate
from nuanxin.engines.matching.rules import match
from nuanxin.engines.matching.rules.blocking import candidates
from nuanxin.engines.matching.rules.normalise import normalise
from nuanxin.engines.matching.rules.table import tabulate


def test_a_station_phone_never_merges_a_crowd():
    rows = generate(2000, seed=5, duplication=1.001).with_columns(phone=pl.lit("0731-84012345"))
    found = match(rows.with_columns(idno=pl.lit("")))
    assert found.clusters["cluster"].n_unique() == 2000
    assert found.answer.group_by("cluster").len()["len"].max() <= 3


def test_an_id_that_everybody_was_given_merges_nobody():
    rows = generate(500, seed=7, duplication=1.001).with_columns(idno=pl.lit("110101199001011237"))
    found = match(rows)
    assert found.clusters["cluster"].n_unique() >= 499


def test_a_masked_station_phone_merges_nobody():
    rows = generate(500, seed=8, duplication=1.001)
    rows = rows.with_columns(phone=pl.lit("173****2345"), idno=pl.lit(""), plate=pl.lit(""))
    assert match(rows).clusters["cluster"].n_unique() == 500


def test_one_row_many_times_is_one_person():
    rows = pl.DataFrame(
        {"id": range(150), "name": "李秀霞", "phone": "13812345678", "idno": "430511199001010014"}
    )
    assert match(rows).clusters["cluster"].n_unique() == 1


def test_20000_rows_with_one_phone_do_not_explode():
    rows = generate(20_000, seed=6).with_columns(phone=pl.lit("17300000000"))
    assert len(candidates(tabulate(normalise(rows)))[0]) < 40 * len(rows)
    began = time.process_time()
    match(rows)
    assert time.process_time() - began < 15


def test_the_same_row_5000_times_does_not_explode():
    rows = pl.DataFrame({"id": range(5000), "name": "王伟", "phone": "17300000000", "county": "北塔区"})
    assert len(candidates(tabulate(normalise(rows)))[0]) < 40 * len(rows)


def test_the_commonest_name_does_not_explode():
    rows = pl.DataFrame({"id": range(20_000), "name": "王伟", "county": "北塔区", "employer": "美团"})
    assert len(candidates(tabulate(normalise(rows)))[0]) < 40 * len(rows)
    assert match(rows).clusters["cluster"].n_unique() == 20_000
