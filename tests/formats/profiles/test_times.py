"""Times as exports write them, in ISO 8601."""

from __future__ import annotations

import pytest

from app.formats.csv_dates import DateOrder
from app.formats.profiles.times import day, elapsed, instant


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-03-01T14:05:00.000Z", "2024-03-01 14:05:00+00:00"),
        ("2024-03-01T14:05:00.000+0100", "2024-03-01 14:05:00+0100"),
        ("2020-12-30 3:15:52", "2020-12-30 03:15:52"),
        ("2014-08-27 20:50:44.778000", "2014-08-27 20:50:44"),
        ("2024-03-01 14:05", "2024-03-01 14:05:00"),
        ("03/31/2024 02:05pm", "2024-03-31 14:05:00"),
        ("31/03/2024 14:05", "2024-03-31 14:05:00"),
        ("12/31/2024, 12:00 AM", "2024-12-31 00:00:00"),
        ("01.03.2024 14:05", "2024-03-01 14:05:00"),
        ("Mar 1, 2024 2:05 PM", "2024-03-01 14:05:00"),
        ("01-Mar-2024", "2024-03-01"),
        ("1709301900000", "2024-03-01 14:05:00+00:00"),
        ("03/04/2024 14:05", "03/04/2024 14:05"),
        ("2024-03-01 25:05", "2024-03-01 25:05"),
        ("soon", "soon"),
        ("", ""),
    ],
)
def test_a_time_is_understood_or_stays(text: str, expected: str) -> None:
    assert instant(text, DateOrder.UNKNOWN) == expected


def test_the_order_and_the_zone_are_taken_where_the_text_says_neither() -> None:
    assert instant("03/04/2024 14:05", DateOrder.DAY_FIRST, "UTC") == "2024-04-03 14:05:00+00:00"
    assert instant("2024-03-01", DateOrder.UNKNOWN, "UTC") == "2024-03-01"
    assert day("2024-03-01T23:59:00Z", DateOrder.UNKNOWN) == "2024-03-01"
    assert elapsed("2024-03-01 23:30", "2024-03-02 00:15", DateOrder.UNKNOWN) == "2700"
    assert elapsed("2024-03-01", "2024-03-02", DateOrder.UNKNOWN) == ""
