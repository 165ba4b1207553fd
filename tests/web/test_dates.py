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
