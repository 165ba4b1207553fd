"""Working time to the second: on ordinary days, on holidays, over the turning of clocks, forwards and backwards."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services import working_calendar_text as text
from app.services.working_calendar_hours import Exceptional, Hours, NeverOpen, Period

LISBON = ZoneInfo("Europe/Lisbon")
OFFICE = (text.parse("9-12, 13-18"),) * 5 + ((), ())
ALWAYS = (((0, 1440),),) * 7
HOUR = timedelta(hours=1)

ZONES = st.sampled_from(
    [
        ZoneInfo(name)
        for name in (
            "UTC",
            "Europe/Lisbon",
            "Europe/Berlin",
            "America/New_York",
            "America/Havana",
            "Asia/Beirut",
            "Asia/Kolkata",
            "Australia/Lord_Howe",
            "Pacific/Chatham",
        )
    ]
)
INSTANTS = st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)).map(
    lambda at: at.replace(microsecond=0)
)


@st.composite
def days(draw: st.DrawFn) -> tuple[Period, ...]:
    edges = sorted(draw(st.sets(st.integers(0, 96), max_size=6)))
    return tuple((a * 15, b * 15) for a, b in zip(edges[::2], edges[1::2], strict=False))


@st.composite
def calendars(draw: st.DrawFn) -> Hours:
    week = [draw(days()) for _day in range(7)]
    if not any(week):
        week[0] = ((540, 1020),)
    first = draw(st.dates(date(2025, 1, 1), date(2027, 12, 31)))
    closed = Exceptional(first=first, last=first + timedelta(days=draw(st.integers(0, 9))))
    away = draw(INSTANTS)
    return Hours(
        week=tuple(week),
        zone=draw(ZONES),
        country=draw(st.sampled_from(["", "PT", "US"])),
        exceptions=(closed,),
        away=((away, away + timedelta(hours=draw(st.integers(1, 90)))),),
    )


@given(calendars(), INSTANTS, st.integers(1, 400 * 3600))
def test_adding_time_and_measuring_it_agree(hours: Hours, at: datetime, seconds: int) -> None:
    amount = timedelta(seconds=seconds)

    later = hours.add_hours(at, amount)

    assert hours.hours_between(at, later) == amount
    assert hours.hours_between(later, at) == -amount
    assert hours.add_hours(later, -amount) >= at
    assert hours.add_hours(hours.add_hours(later, -amount), amount) == later


@given(calendars(), INSTANTS)
def test_what_is_open_is_what_the_clock_on_the_wall_says(hours: Hours, at: datetime) -> None:
    here = at.astimezone(hours.zone)
    minutes = here.hour * 60 + here.minute
    gone = any(start <= at < end for start, end in hours.away)

    planned = any(start <= minutes < end for start, end in hours.periods(here.date()))

    assert hours.is_open(at) == (planned and not gone)


@given(calendars(), INSTANTS)
def test_the_next_opening_is_open_and_nothing_before_it_is(hours: Hours, at: datetime) -> None:
    found = hours.next_open(at)

    assert hours.is_open(found)
    assert hours.hours_between(at, found) == timedelta()


@given(calendars(), INSTANTS, INSTANTS, INSTANTS)
def test_time_between_adds_up(hours: Hours, a: datetime, b: datetime, c: datetime) -> None:
    assert hours.hours_between(a, c) == hours.hours_between(a, b) + hours.hours_between(b, c)


@given(calendars(), st.dates(date(2025, 1, 1), date(2027, 1, 1)), st.integers(0, 60))
def test_working_days_are_counted_one_by_one(hours: Hours, first: date, span: int) -> None:
    last = first + timedelta(days=span)
    found, day = 0, first - timedelta(days=1)
    while (day := hours.next_working_day(day)) < last:
        found += 1

    assert hours.days(first, last) == found
    assert hours.days(last, first) == -found


def test_a_lunch_break_and_a_weekend_are_no_working_time() -> None:
    hours = Hours(week=OFFICE, zone=LISBON)
    friday = datetime(2026, 11, 20, 17, tzinfo=LISBON)

    assert hours.add_hours(friday, 4) == datetime(2026, 11, 23, 12, tzinfo=LISBON)
    assert hours.add_hours(friday, 4.5) == datetime(2026, 11, 23, 13, 30, tzinfo=LISBON)
    assert not hours.is_open(datetime(2026, 11, 20, 12, 30, tzinfo=LISBON))


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 6, 1), 24)]
)
def test_a_day_without_a_break_is_as_long_as_the_clock_makes_it(day: date, hours: int) -> None:
    always = Hours(week=ALWAYS, zone=LISBON)
    start = datetime.combine(day, time(), tzinfo=LISBON)
    end = datetime.combine(day + timedelta(days=1), time(), tzinfo=LISBON)

    assert always.hours_between(start, end) == hours * HOUR


def test_the_hour_that_comes_twice_is_open_twice() -> None:
    night = Hours(week=((text.parse("1:30-2")),) * 7, zone=ZoneInfo("Europe/Lisbon"))
    day = date(2026, 10, 25)

    assert [end - start for start, end in night.spans(day)] == [HOUR / 2, HOUR / 2]
    assert night.spans(date(2026, 3, 29)) == ()


def test_holidays_are_those_of_the_region() -> None:
    saxony = Hours(week=OFFICE, zone=ZoneInfo("Europe/Berlin"), country="DE", region="SN")
    berlin = Hours(week=OFFICE, zone=ZoneInfo("Europe/Berlin"), country="DE", region="BE")
    repentance = date(2026, 11, 18)

    assert not saxony.is_working_day(repentance)
    assert berlin.is_working_day(repentance)
    assert saxony.holiday(repentance)
    assert saxony.next_working_day(date(2026, 12, 24)) == date(2026, 12, 28)


def test_an_exception_holds_before_a_holiday() -> None:
    open_anyway = Exceptional(first=date(2026, 12, 25), last=date(2026, 12, 25), periods=text.parse("10-14"))
    hours = Hours(week=OFFICE, zone=LISBON, country="PT", exceptions=(open_anyway,))

    assert hours.is_open(datetime(2026, 12, 25, 11, tzinfo=LISBON))
    assert not hours.is_working_day(date(2026, 12, 8))


def test_a_calendar_that_never_opens_says_so() -> None:
    never = Hours(week=((),) * 7, zone=LISBON)

    for ask in (lambda: never.next_open(datetime.now(UTC)), lambda: never.add_hours(datetime.now(UTC), 1)):
        with pytest.raises(NeverOpen, match="no working time"):
            ask()


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("9-12,13-17", "09:00–12:00, 13:00–17:00"),
        ("13.30 – 18h; 8:15 to 12", "08:15–12:00, 13:30–18:00"),
        ("0-24", "00:00–24:00"),
        ("", ""),
    ],
)
def test_hours_are_read_as_people_write_them(typed: str, shown: str) -> None:
    assert text.write(text.parse(typed)) == shown
    assert text.revived(text.stored([text.parse(typed)])) == (text.parse(typed),)


@pytest.mark.parametrize("typed", ["nine", "9", "12-9", "9-25", "9:70-12", "9-12, 11-13", "22-6", "9-9", "-"])
def test_hours_that_are_none_get_a_sentence(typed: str) -> None:
    with pytest.raises(ValueError, match="“"):
        text.parse(typed)
