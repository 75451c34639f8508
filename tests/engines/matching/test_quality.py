"""How right the engine is on rosters whose truth is known (seeds other than the one it was tuned on)."""

from __future__ import annotations

import pytest

from bench.matching.roster import generate
from nuanxin.engines.matching.rules import match

from .people import pair_counts


@pytest.mark.parametrize("seed", [101, 102])
def test_automatic_merges_are_right_and_the_answer_is_good(seed):
    rows = generate(6000, seed=seed)
    found = match(rows)
    right, joins, _ = pair_counts(found.clusters, rows)
    assert right >= 0.999 * joins
    right, joins, true = pair_counts(found.answer, rows)
    assert 2 * right / (joins + true) > 0.97


def test_a_community_of_thirty_is_not_over_fitted():
    rows = generate(36, seed=103)
    found = match(rows)
    right, joins, _ = pair_counts(found.clusters, rows)
    assert right == joins
    right, joins, true = pair_counts(found.answer, rows)
    assert 2 * right / (joins + true) > 0.9


def test_auto_pairs_are_exactly_the_pairs_inside_clusters():
    rows = generate(3000, seed=104)
    found = match(rows)
    where = dict(zip(found.clusters["id"], found.clusters["cluster"], strict=True))
    for left, right, band in found.pairs.select("left", "right", "band").iter_rows():
        assert (where[left] == where[right]) == (band == "auto")
