"""Recurrence rules: the days they name, as dateutil names them, and what they are called."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from app.formats import recurrence
from app.formats.recurrence import Rule, RuleError
from app.formats.recurrence_words import words

STARTS = st.dates(date(2020, 1, 1), date(2035, 12, 31))
RULES = st.builds(
    Rule,
    freq=st.sampled_from(recurrence.FREQUENCIES),
    interval=st.integers(1, 12),
    weekdays=st.sets(st.integers(0, 6), max_size=3).map(lambda found: tuple(sorted(found))),
    nth=st.just(0),
    day=st.integers(0, 31),
    month=st.just(0),
    until=st.just(""),
    count=st.sampled_from([0, 0, 3, 10]),
)


@given(RULES, STARTS)
def test_the_days_are_those_of_the_standard(rule: Rule, start: date) -> None:
    text = recurrence.normal(str(rule))
    found = recurrence.upcoming(text, start, start - timedelta(days=1), 6)

    parts = dict(p.split("=") for p in text.split(";"))
    if rule.freq in {"DAILY", "WEEKLY"} or any(name.startswith("BY") for name in parts):
        every = iter(rrulestr(text, dtstart=datetime.combine(start, datetime.min.time())))
        named = [day.date() for day, _n in zip(every, range(6), strict=False)]
        assert found == named[: len(found)]
        end = max(start.year, date.today().year) + recurrence.YEARS
        assert all(day.year > end for day in named[len(found) :])
    assert found == sorted(set(found))
    if rule.count and rule.freq != "YEARLY":  # those may end with the walk's thirty years
        assert len(list(recurrence.days(text, start))) == rule.count


@given(RULES, STARTS, st.integers(0, 2000))
def test_the_next_day_is_later_and_none_is_left_out(rule: Rule, start: date, apart: int) -> None:
    text, after = str(rule), start + timedelta(days=apart)
    found = recurrence.next_day(text, start, after)

    if found is not None:
        assert found > after
        assert recurrence.upcoming(text, start, after, 1) == [found]


@given(RULES)
def test_what_the_form_writes_it_reads_again(rule: Rule) -> None:
    again = recurrence.read(str(rule))

    assert again is not None
    assert str(again) == str(rule)
    assert words(str(rule), "en")


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2027-01-31", ["2027-02-28", "2027-03-31", "2027-04-30"]),
        ("2028-01-31", ["2028-02-29", "2028-03-31", "2028-04-30"]),
        ("2027-01-29", ["2027-02-28", "2027-03-29", "2027-04-29"]),
    ],
)
@pytest.mark.parametrize("plain", [True, False])
def test_a_short_month_takes_its_last_day(start: str, expected: list[str], plain: bool) -> None:
    first = date.fromisoformat(start)
    text = "FREQ=MONTHLY" if plain else str(recurrence.suggested("MONTHLY", first))

    assert [d.isoformat() for d in recurrence.upcoming(text, first, first, 3)] == expected


def test_the_leap_day_comes_every_year() -> None:
    leap = date(2028, 2, 29)
    text = str(recurrence.suggested("YEARLY", leap))

    found = [d.isoformat() for d in recurrence.upcoming(text, leap, leap, 4)]

    assert found == ["2029-02-28", "2030-02-28", "2031-02-28", "2032-02-29"]


def test_the_last_friday_and_the_second_tuesday() -> None:
    start = date(2027, 1, 1)
    last = str(Rule(freq="MONTHLY", weekdays=(4,), nth=-1))
    second = str(Rule(freq="MONTHLY", weekdays=(1,), nth=2))

    assert recurrence.next_day(last, start, start) == date(2027, 1, 29)
    assert recurrence.next_day(second, start, start) == date(2027, 1, 12)
    assert recurrence.nth_of(date(2027, 1, 29)) == -1
    assert recurrence.nth_of(date(2027, 1, 12)) == 2


def test_counting_from_completion_forgets_the_plan() -> None:
    found = recurrence.after_done("FREQ=WEEKLY;INTERVAL=2;COUNT=3", date(2027, 3, 10))

    assert found == (date(2027, 3, 24), "FREQ=WEEKLY;INTERVAL=2;COUNT=2")
    assert recurrence.after_done("FREQ=DAILY;COUNT=1", date(2027, 3, 10)) is None
    assert recurrence.after_done("FREQ=DAILY;UNTIL=20270310", date(2027, 3, 10)) is None
    assert recurrence.after_done("FREQ=MONTHLY", date(2027, 1, 31)) == (date(2027, 2, 28), "FREQ=MONTHLY")


def test_a_rule_without_any_day_ends_soon() -> None:
    text = recurrence.normal("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30")

    assert recurrence.next_day(text, date(2027, 1, 1), date(2027, 1, 1)) is None


@pytest.mark.parametrize(
    "text",
    [
        "every week",
        "FREQ=SECONDLY",
        "FREQ=HOURLY",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=DAILY;COUNT=0",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=100000000000",
        "FREQ=DAILY;UNTIL=soon",
        "FREQ=DAILY;COUNT=2;UNTIL=20300101",
        "FREQ=DAILY;X-EVIL=1",
        "FREQ=DAILY;BYMONTHDAY=",
        "FREQ=MONTHLY;BYMONTHDAY=77",
        "FREQ=MONTHLY;BYSETPOS=0;BYDAY=MO",
        "=;=",
        "\x00",
    ],
)
def test_what_cannot_be_followed_is_explained(text: str) -> None:
    with pytest.raises(RuleError, match="Write it like"):
        recurrence.normal(text)


def test_other_spellings_are_made_one() -> None:
    assert recurrence.normal(" rrule:freq=weekly;interval=1;byday=mo,th;until=20300101T120000Z; ") == (
        "FREQ=WEEKLY;BYDAY=MO,TH;UNTIL=20300101"
    )
    assert recurrence.normal("") == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("FREQ=DAILY", "Every day"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH", "Every 2 weeks on Monday and Thursday"),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "Every week from Monday to Friday"),
        ("FREQ=MONTHLY;BYDAY=-1FR", "Every month on the last Friday"),
        ("FREQ=MONTHLY;BYMONTHDAY=15;COUNT=4", "Every month on day 15, 4 times"),
        (str(Rule(freq="MONTHLY", day=31)), "Every month on the last day"),
        (
            "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=14;UNTIL=20300101",
            "Every year on March 14, until January 1, 2030",
        ),
        ("FREQ=YEARLY;BYWEEKNO=20", "By the rule FREQ=YEARLY;BYWEEKNO=20"),
        ("", ""),
    ],
)
def test_a_rule_is_said_in_words(text: str, said: str) -> None:
    assert words(text, "en") == said


def test_a_rule_that_counts_from_completion_says_so() -> None:
    assert words("FREQ=DAILY;INTERVAL=10", "en", after_done=True) == "Every 10 days after it was done"
