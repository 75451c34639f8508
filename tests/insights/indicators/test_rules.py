"""How a number is said, and which cells stay closed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nuanxin.insights.indicators.rules import INDICATORS, TILES, closed_cells, say


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0人"), (3, "3人"), (12, "12人"), (30, "30人"), (34, "30余人"), (100, "100人"), (1200, "1200人"),
        (1234, "1200余人"), (9999, "9900余人"), (10_000, "1万人"), (43_700, "4.37万人"), (43_712, "4.37万余人"),
        (120_000, "12万人"), (1_000_001, "100万余人"), (50_500, "5.05万人"),
    ],
)  # fmt: skip
def test_as_briefs_write_it(number, text):
    assert say(number, "人") == text


@given(st.integers(0, 10**8))
def test_a_hedge_stands_only_where_the_number_is_greater(number):
    text = say(number)
    plain = text.removesuffix("余")
    said = round(float(plain.removesuffix("万")) * 10_000) if "万" in text else int(plain)
    assert said <= number
    assert ("余" in text) == (said < number)


@given(st.lists(st.lists(st.integers(0, 12), min_size=4, max_size=4), min_size=1, max_size=6))
def test_no_small_cell_is_open_and_none_can_be_subtracted(rows):
    rows = [[*row, sum(row)] for row in rows]
    closed = closed_cells(rows, [False] * len(rows))
    small = {(r, c) for r, row in enumerate(rows) for c, n in enumerate(row) if 0 < n < 5}
    assert small <= closed
    for r, row in enumerate(rows):
        mine = [c for c in range(len(row)) if (r, c) in closed]
        others = [c for c, n in enumerate(row) if n and c not in mine]
        assert len(mine) != 1 or not others


def test_those_who_handle_the_records_see_everything():
    assert closed_cells([[1, 2, 3]], [True]) == set()


def test_every_tile_has_a_definition():
    assert all(str(INDICATORS[code].definition) and str(INDICATORS[code].source) for code in TILES)
