"""Codes over time: 亳州 342102 → 341281 → 341602."""

from datetime import date

from nuanxin.registry.areas.rules.changes import successors

C = 10**9
STEPS = {
    342102 * C: [(date(1996, 1, 1), 341281 * C)],
    341281 * C: [(date(2000, 1, 1), 341600 * C), (date(2000, 1, 1), 341602 * C)],
    341223 * C: [(date(2000, 1, 1), 341621 * C)],
}


def codes(old, on):
    return {c // C for c in successors(old * C, on, STEPS)}


def test_bozhou():
    assert codes(342102, date(1995, 12, 31)) == {342102}
    assert codes(342102, date(1998, 6, 1)) == {341281}
    assert codes(342102, date(2026, 1, 1)) == {341602}
    assert codes(341223, date(2026, 1, 1)) == {341621}
    assert codes(430121, date(2026, 1, 1)) == {430121}


def test_a_divided_place_has_two_successors():
    steps = {1 * 10**13 + 1 * 10**9: []}
    old = 110199 * C
    steps = {old: [(date(2001, 1, 1), 110101 * C), (date(2001, 1, 1), 110102 * C)]}
    assert successors(old, date(2020, 1, 1), steps) == {110101 * C, 110102 * C}


def test_a_code_given_anew_is_not_followed_backwards():
    a, b, c = 110101 * C, 110102 * C, 110103 * C
    steps = {a: [(date(1990, 1, 1), b)], b: [(date(1985, 1, 1), c)]}
    assert successors(a, date(2020, 1, 1), steps) == {b}


def test_a_circle_ends():
    a, b = 110101 * C, 110102 * C
    steps = {a: [(date(1990, 1, 1), b)], b: [(date(1990, 1, 1), a)]}
    assert successors(a, date(2020, 1, 1), steps) <= {a, b}
