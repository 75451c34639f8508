"""The frame that goes in and the frames that come out."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from bench.matching.roster import generate
from nuanxin.engines.matching.rules import MatchingRefused, match

from .people import LI, roster


def test_an_empty_frame():
    found = match(pl.DataFrame({"id": [], "name": []}, schema={"id": pl.Int64, "name": pl.String}))
    assert found.pairs.columns == ["left", "right", "confidence", "band", "reasons"]
    assert found.clusters.columns == ["id", "cluster", "confidence"]
    assert len(found.clusters) == len(found.pairs) == 0


def test_one_row():
    assert match(roster(LI)).clusters.rows() == [(0, 1, 1.0)]


def test_rows_without_any_value_stay_alone():
    found = match(pl.DataFrame({"id": [1, 2, 3], "name": ["", None, "  "]}))
    assert found.clusters["cluster"].to_list() == [1, 2, 3]


def test_only_an_id_column():
    assert len(match(pl.DataFrame({"id": ["a", "b"]})).clusters) == 2


def test_placeholders_are_not_values():
    rows = [{"name": name, "phone": "无", "idno": "不详", "plate": "/"} for name in ("王伟", "李娜")]
    assert len(match(roster(*rows)).pairs) == 0


def test_text_ids():
    rows = roster(LI | {"id": "b"}, LI | {"id": "a"})
    assert match(rows).pairs.select("left", "right").rows() == [("a", "b")]


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        (pl.DataFrame({"name": ["a"]}), "no_id"),
        (pl.DataFrame({"id": [1, None]}), "empty_id"),
        (pl.DataFrame({"id": [1, 1]}), "repeated_id"),
    ],
)
def test_ids_must_be_there_and_unique(frame, code):
    with pytest.raises(MatchingRefused) as refused:
        match(frame)
    assert refused.value.code == code


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_the_rows_does_not_matter(seed):
    rows = generate(1500, seed=11)
    found, again = match(rows), match(rows.sample(fraction=1, shuffle=True, seed=seed))
    assert_frame_equal(found.pairs, again.pairs)
    assert_frame_equal(found.clusters, again.clusters)
    assert_frame_equal(found.answer, again.answer)


_cell = st.one_of(
    st.none(),
    st.text(max_size=8),
    st.sampled_from(["王伟", "138****1234", "13812341234", "430511199001010014", "***", "X"]),
)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries(dict.fromkeys(("name", "phone", "idno", "plate", "employer"), _cell)),
        max_size=8,
    )
)
def test_anything_typed_gives_every_row_one_cluster(rows):
    frame = pl.DataFrame(
        rows, schema=dict.fromkeys(("name", "phone", "idno", "plate", "employer"), pl.String)
    ).with_row_index("id")
    found = match(frame)
    assert found.clusters["id"].to_list() == list(range(len(rows)))
    assert found.clusters["confidence"].is_between(0, 1).all()
    assert found.pairs["confidence"].is_between(0, 1).all()
