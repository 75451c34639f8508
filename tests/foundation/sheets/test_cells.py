from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nuanxin.foundation.sheets.rules import Destroyed, convert, exact_text
from nuanxin.foundation.sheets.rules.cells import convert_raw
from nuanxin.foundation.sheets.rules.dates import CellError, parse_date

KINDS = [
    "text",
    "name",
    "resident_id",
    "credit_code",
    "mobile",
    "phone",
    "plate",
    "date",
    "month",
    "integer",
    "number",
    "percent",
    "boolean",
]


def one(value, kind):
    converted = convert([value], kind)
    return converted.values[0], [finding.code for finding in converted.findings]


@pytest.mark.parametrize(
    "value",
    [
        "2024-03-05",
        "2024/3/5",
        "2024.3.5",
        "20240305",
        "2024年3月5日",
        "2024 年 3 月 5 日",
        "2024-03-05 08:30:00",
        date(2024, 3, 5),
        datetime(2024, 3, 5, 8),
        45356,
        45356.0,
        20240305.0,
    ],
)
def test_days_in_all_their_writings(value):
    assert one(value, "date") == (date(2024, 3, 5), [])
    assert parse_date(value) == "2024-03-05"


@pytest.mark.parametrize("value", ["2024年3月", "2024.03", "2024-3", "202403", 202403.0, 2024.3, "2024/03"])
def test_months_in_all_their_writings(value):
    assert one(value, "month") == ("2024-03", [])
    assert one(value, "date") == (None, ["date.month_only"])


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("2023-02-29", "date.unreal"),
        ("2024-13-01", "date.unreal"),
        ("1024-03-05", "date.unreal"),
        ("去年", "date.format"),
        ("24-3-5", "date.format"),
        (2024.0, "date.format"),
        (2024.1, "date.ambiguous"),
        (True, "date.format"),
        (time(8), "date.format"),
        ("#VALUE!", "cell.formula_error"),
    ],
)
def test_what_is_no_date_is_refused(value, code):
    assert one(value, "month") == (None, [code])


@pytest.mark.parametrize(
    ("value", "number"),
    [("1,234", 1234), ("12人", 12), (7.0, 7), ("-3", -3), ("１２".replace("１２", "12"), 12)],
)
def test_whole_numbers(value, number):
    assert one(value, "integer") == (number, [])


def test_other_numbers():
    assert one("3.5", "integer") == (None, ["number.integer"])
    assert one("3.5万元", "number")[0] == 3.5
    assert one("多", "number") == (None, ["number.format"])
    assert one(1e16, "integer") == (None, ["cell.destroyed"])


@pytest.mark.parametrize(
    ("value", "share"), [("35%", 0.35), ("35 ％", 0.35), (0.35, 0.35), ("0.35", 0.35), ("100%", 1.0)]
)
def test_percentages(value, share):
    assert one(value, "percent") == (share, [])


def test_a_percentage_without_its_sign_is_not_guessed():
    assert one(35.0, "percent") == (None, ["percent.format"])


@pytest.mark.parametrize(
    ("value", "truth"),
    [
        ("是", True),
        ("√", True),
        ("✓", True),
        ("Y", True),
        (True, True),
        (1.0, True),
        ("否", False),
        ("×", False),
        ("无", False),
        ("no", False),
        (False, False),
        (0, False),
    ],
)
def test_yes_and_no(value, truth):
    assert one(value, "boolean") == (truth, [])


def test_perhaps_is_refused():
    assert one("不清楚", "boolean") == (None, ["boolean.format"])


@pytest.mark.parametrize("kind", KINDS)
def test_empty_cells_are_none_and_no_problem(kind):
    converted = convert(["", None, ""], kind)
    assert converted.values == [None, None, None]
    assert not converted.findings


def test_exact_text_of_every_kind_of_cell():
    assert exact_text(True) == "是"
    assert exact_text(datetime(2024, 3, 5)) == "2024-03-05"
    assert exact_text(datetime(2024, 3, 5, 8, 30)) == "2024-03-05 08:30:00"
    assert exact_text(1.5) == "1.5"
    assert str(exact_text(1e15)) == "1.00000000000000E+15"


def test_error_values_in_text_columns_are_refused():
    assert convert(["甲", "#N/A", "#1号"], "text").values == ["甲", None, "#1号"]


@given(
    st.lists(
        st.one_of(
            st.text(),
            st.floats(),
            st.booleans(),
            st.dates(),
            st.datetimes(),
            st.integers(),
            st.none(),
        )
    ),
    st.sampled_from(KINDS),
)
def test_any_column_is_converted_cell_by_cell(values, kind):
    converted = convert_raw(values, kind)
    assert len(converted.values) == len(values)
    for finding in converted.findings:
        assert finding.severity == "note" or converted.values[finding.index] is None
    assert not any(isinstance(value, Destroyed) for value in converted.values)


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_every_day_survives_every_writing(day):
    for text in [
        f"{day:%Y%m%d}",
        f"{day:%Y-%m-%d}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}.{day.month}.{day.day}",
    ]:
        assert parse_date(text) == day.isoformat()


@given(st.text())
def test_any_text_is_a_date_or_refused(text):
    try:
        parse_date(text)
    except CellError as error:
        assert error.code
