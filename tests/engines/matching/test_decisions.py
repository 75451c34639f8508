"""A person's decision always wins."""

from __future__ import annotations

import pytest

from nuanxin.engines.matching.rules import MatchingRefused, match

from .people import LI, roster, together

OTHER = {"name": "王建国", "phone": "15900001111", "idno": "430304199001010051"}


def test_known_same_joins_what_the_engine_would_not():
    found = match(roster(LI, OTHER), known_same=[(0, 1)])
    assert together(found, 0, 1)
    assert found.pairs["confidence"].to_list() == [1.0]
    assert "known_same" in found.pairs["reasons"][0]


def test_known_distinct_splits_identical_rows():
    found = match(roster(LI, LI), known_distinct=[(1, 0)])
    assert not together(found, 0, 1)
    assert not together(found, 0, 1, answer=True)
    assert len(found.pairs) == 0


def test_known_distinct_holds_through_a_chain():
    found = match(roster(LI, LI, LI, LI), known_distinct=[(0, 3)])
    assert not together(found, 0, 3)
    assert found.clusters["cluster"].n_unique() == 2


def test_distinct_wins_over_same_through_a_third_record():
    found = match(roster(LI, LI, LI), known_same=[(0, 1), (1, 2)], known_distinct=[(0, 2)])
    assert not together(found, 0, 2)


def test_distinct_holds_in_a_crowd_larger_than_is_looked_at_pair_by_pair():
    rows = roster(*[LI] * 150)
    found = match(rows, known_distinct=[(0, 149), (3, 77)])
    for frame in (found.clusters, found.answer):
        where = frame["cluster"].to_list()
        assert where[0] != where[149]
        assert where[3] != where[77]


def test_a_decision_about_an_unknown_record_is_refused():
    with pytest.raises(MatchingRefused) as refused:
        match(roster(LI), known_same=[(0, 99)])
    assert refused.value.code == "unknown_id"
    assert "99" in refused.value.zh
    assert "99" in refused.value.en
