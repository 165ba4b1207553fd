from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ..forecast import periods

PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A busy machine is no fault."""

DAYS = st.dates(date(1990, 1, 1), date(2100, 1, 1))


@PATIENT
@given(DAYS, st.sampled_from(periods.UNITS), st.integers(1, 12))
def test_a_period_holds_its_day_and_is_found_by_its_key(day: date, unit: str, first: int) -> None:
    found = periods.of_day(day, unit, first)
    assert day in found
    assert periods.parse(found.key, first) == found


@PATIENT
@given(DAYS, st.sampled_from(periods.UNITS), st.integers(1, 12))
def test_periods_follow_one_another_without_a_gap(day: date, unit: str, first: int) -> None:
    found = periods.of_day(day, unit, first)
    assert found.next.start == found.end + timedelta(days=1)
    assert found.next.previous == found


@PATIENT
@given(DAYS, st.integers(1, 12))
def test_a_fiscal_year_is_four_quarters_and_begins_in_its_month(day: date, first: int) -> None:
    year = periods.of_day(day, "year", first)
    quarters = periods.around(periods.of_day(year.start, "quarter", first), 0, 3)
    assert year.start.month == first
    assert quarters[-1].end == year.end
    assert [q.key for q in quarters] == [f"{year.key}-Q{n}" for n in (1, 2, 3, 4)]


def test_a_fiscal_year_is_called_after_the_year_in_which_it_ends() -> None:
    found = periods.parse("2027-Q1", 7)
    assert (found.start, found.end) == (date(2026, 7, 1), date(2026, 9, 30))


@pytest.mark.parametrize("key", ["", "2026-13", "2026-Q5", "26-Q1", "9999", "2026-1"])
def test_what_is_no_period_is_refused_with_a_sentence(key: str) -> None:
    with pytest.raises(ValueError, match="is no period"):
        periods.parse(key)


def test_periods_have_names_for_readers() -> None:
    assert periods.parse("2026-11").label("en") == "November 2026"
