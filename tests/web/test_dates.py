"""Days and times in words, in the reader's zone and language."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask, g

from app.services import context
from app.testing.factories import Make, frozen
from app.web import dates

NOON = datetime(2026, 11, 19, 12, 0, tzinfo=UTC)
Reader = Callable[..., None]


@pytest.fixture
def reader(app: Flask, make: Make, monkeypatch: pytest.MonkeyPatch) -> Iterator[Reader]:
    """`reader(locale="de", zone="Asia/Tokyo")`: somebody looks at a page at noon (UTC) of 19 November 2026."""
    monkeypatch.setattr(context, "clock", frozen(NOON))

    def look(**values: Any) -> None:
        g.ctx = make.ctx(make.user(**values))

    with app.test_request_context():
        yield look


@pytest.mark.parametrize(
    ("days", "text"),
    [
        (0, "Today"),
        (1, "Tomorrow"),
        (-1, "Yesterday"),
        (3, "Sun, Nov 22"),
        (-30, "Oct 20"),
        (-400, "Oct 15, 2025"),
    ],
)
def test_a_day_is_told_by_how_far_it_is(reader: Reader, days: int, text: str) -> None:
    reader(locale="en")
    assert dates.day(NOON + timedelta(days=days)) == text


@pytest.mark.parametrize(
    ("locale", "yesterday", "within", "on", "dated"),
    [
        ("en", "yesterday", "today, ", "on Sun, Nov 22", "Wed, Nov 18"),
        ("de", "gestern", "heute, ", "am So., 22. Nov.", "Mi., 18. Nov."),
        ("fr", "hier", "aujourd’hui, ", "le dim. 22 nov.", "mer. 18 nov."),
        ("es", "ayer", "hoy, ", "el dom, 22 nov", "mié, 18 nov"),
        ("pt", "ontem", "hoje, ", "em dom., 22 de nov.", "qua., 18 de nov."),
    ],
)
def test_within_a_sentence_a_day_goes_on_with_it(
    reader: Reader, locale: str, yesterday: str, within: str, on: str, dated: str
) -> None:
    reader(locale=locale)
    day = timedelta(days=1)
    assert dates.when(NOON - day) == dates.day(NOON - day, within=True) == yesterday
    assert dates.moment(NOON, within=True).startswith(within)
    assert dates.when((NOON + 3 * day).date()) == on
    assert dates.dated(NOON - day) == dated
    assert dates.when(None) == dates.dated("") == "–"


def test_a_day_begins_where_the_reader_is(reader: Reader) -> None:
    reader(zone="Asia/Tokyo")
    assert dates.day(datetime(2026, 11, 19, 16, 0, tzinfo=UTC)) == "Tomorrow"
    assert dates.clock(datetime(2026, 11, 19, 16, 0, tzinfo=UTC)).replace("\u202f", " ") == "1:00 AM"


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("en", "Thursday, November 19"),
        ("de", "Donnerstag, 19. November"),
        ("fr", "jeudi 19 novembre"),
        ("pt", "quinta-feira, 19 de novembro"),
        ("hu", "november 19., csütörtök"),
        ("lt", "lapkričio 19 d., ketvirtadienis"),
        ("ru", "четверг, 19 ноября"),
        ("ja", "11月19日木曜日"),
    ],
)
def test_a_whole_day_is_written_without_the_year(locale: str, text: str) -> None:
    assert dates._whole(NOON.date(), locale) == text


def test_a_task_without_a_date_is_due_someday(reader: Reader) -> None:
    reader()
    assert dates.due("9999-12-31") == "someday"
    assert dates.due("2026-11-20") == "Tomorrow"
