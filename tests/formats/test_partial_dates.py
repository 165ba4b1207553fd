"""A birthday is understood as people write it, with or without its year, and shown as their country does."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.formats.partial_dates import DateError, PartialDate, age, display, from_iso, next_occurrence, parse

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("written", "locale", "iso"),
    [
        ("2026-02-28", "en", "2026-02-28"),
        ("20260228", "en", "2026-02-28"),
        ("--04-12", "en", "--04-12"),
        ("--0412", "en", "--04-12"),
        ("28.02.2026", "en", "2026-02-28"),
        ("28. 2.", "de", "--02-28"),
        ("29.02.", "de", "--02-29"),
        ("04/05/1980", "en", "1980-04-05"),
        ("04/05/1980", "en-GB", "1980-05-04"),
        ("25/12/1980", "en", "1980-12-25"),
        ("28/02/85", "pt", "1985-02-28"),
        ("28.02.30", "de", "1930-02-28"),
        ("02/1980", "en", "1980-02"),
        ("12.04.1980 00:00", "de", "1980-04-12"),
        ("4/12/1980 12:00:00 AM", "en", "1980-04-12"),
        ("1985-04-12T00:00:00Z", "en", "1985-04-12"),
        ("1604-04-12", "en", "--04-12"),
        ("12-Apr-80", "en", "1980-04-12"),
        ("February 28th, 2026", "de", "2026-02-28"),
        ("28. Februar 2026", "en", "2026-02-28"),
        ("1er mai", "fr", "--05-01"),
        ("28 de fevereiro de 2026", "en", "2026-02-28"),
        ("12 de abril", "es", "--04-12"),
        ("28 лютого 2026", "uk", "2026-02-28"),
        ("2026. 02. 28.", "hu", "2026-02-28"),
        ("2026年2月28日", "ja", "2026-02-28"),
        ("April 1953", "en", "1953-04"),
        ("1953", "en", "1953"),
    ],
)
def test_dates_are_understood_as_people_write_them(written: str, locale: str, iso: str) -> None:
    assert str(parse(written, locale, TODAY)) == iso


@pytest.mark.parametrize(
    "written",
    ["31.02.2026", "29.02.2025", "13/13/2000", "hello", "Select", "", "0", "5", "100", "2026-13-01", "--02-30", "1 2 3 4",
     "28 Februar März 2026", "x" * 5000, "99999999", "²8.02.2026"],
)  # fmt: skip
def test_what_is_no_date_is_answered_with_how_to_write_it(written: str) -> None:
    with pytest.raises(
        DateError, match=r"is no date\. Write it as 2026-02-28 or 28\.02\.2026, or leave it empty\."
    ):
        parse(written, "en", TODAY)


def test_the_message_repeats_what_was_written() -> None:
    with pytest.raises(DateError, match=r"^“31\.02\.2026” is no date"):
        parse(" 31.02.2026 ", "de")


@given(
    st.dates(min_value=date(1700, 1, 1)),
    st.sampled_from(["full", "no year", "no day", "year", "month", "day"]),
)
def test_every_date_comes_back_from_its_written_form(when: date, known: str) -> None:
    parts = {
        "full": PartialDate(when.year, when.month, when.day),
        "no year": PartialDate(None, when.month, when.day),
        "no day": PartialDate(when.year, when.month),
        "year": PartialDate(when.year),
        "month": PartialDate(None, when.month),
        "day": PartialDate(None, None, when.day),
    }[known]
    assert from_iso(str(parts)) == parts


@given(
    st.dates(min_value=date(1900, 1, 1), max_value=TODAY),
    st.sampled_from(["en", "de", "fr", "es", "pt", "it", "nl"]),
)
def test_what_is_shown_can_be_typed_again(when: date, locale: str) -> None:
    whole, yearless = PartialDate(when.year, when.month, when.day), PartialDate(None, when.month, when.day)
    assert parse(display(whole, locale), locale, TODAY) == whole
    assert parse(display(yearless, locale), locale, TODAY) == yearless


def test_a_partial_date_is_shown_without_what_is_unknown() -> None:
    assert display(from_iso("--04-12"), "de") == "12. April"
    assert display(from_iso("--04-12"), "en") == "April 12"
    assert display(from_iso("1953-04"), "pt") == "abril de 1953"
    assert display(from_iso("1953"), "xx-unknown") == "1953"


@pytest.mark.parametrize(
    ("iso", "today", "expected"),
    [
        ("1980-11-22", date(2026, 11, 22), date(2026, 11, 22)),
        ("--11-21", date(2026, 11, 22), date(2027, 11, 21)),
        ("1980-02-29", date(2027, 1, 1), date(2027, 2, 28)),
        ("1980-02-29", date(2027, 2, 28), date(2027, 2, 28)),
        ("1980-02-29", date(2027, 3, 1), date(2028, 2, 29)),
        ("1980-02", date(2027, 3, 1), None),
    ],
)
def test_the_next_birthday(iso: str, today: date, expected: date | None) -> None:
    assert next_occurrence(from_iso(iso), today) == expected


def test_the_age_counts_completed_years() -> None:
    born = PartialDate(1980, 2, 29)
    assert [age(born, date(2027, 2, 27)), age(born, date(2027, 2, 28)), age(born, date(2028, 2, 28))] == [
        46,
        47,
        47,
    ]
    assert age(PartialDate(None, 2, 28), TODAY) is None
    assert age(PartialDate(2027, 1, 1), TODAY) is None
