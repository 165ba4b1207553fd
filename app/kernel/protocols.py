"""Protocols the core owns and plugins implement, with null versions that say what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

if TYPE_CHECKING:
    from app.kernel.context import Context


@dataclass(frozen=True, kw_only=True)
class Mail:
    """A message to send: addresses as in RFC 5322, `text` plain, `html` optional, headers without line breaks."""

    to: Sequence[str]
    subject: str
    text: str
    html: str | None = None
    reply_to: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@runtime_checkable
class Mailer(Protocol):
    """Sends a mail now; raises OSError or smtplib.SMTPException when it could not."""

    def send(self, mail: Mail) -> None: ...


@runtime_checkable
class Geocoder(Protocol):
    """Finds coordinates for an address: (latitude, longitude, accuracy in metres) or None."""

    def locate(self, address: Mapping[str, str]) -> tuple[float, float, int] | None: ...


@runtime_checkable
class LanguageModel(Protocol):
    """Completes a prompt with text."""

    def complete(self, prompt: str, *, limit: int = 500) -> str: ...


@runtime_checkable
class Telephony(Protocol):
    """Starts a call from a user's phone to a number in E.164."""

    def dial(self, user_id: int, number: str) -> str: ...


@runtime_checkable
class Storage(Protocol):
    """Keeps files under generated names."""

    def put(self, data: bytes) -> str: ...
    def get(self, name: str) -> bytes: ...
    def delete(self, name: str) -> None: ...


@runtime_checkable
class Notifier(Protocol):
    """Tells a user something over one channel."""

    def notify(self, user_id: int, subject: str, text: str, url: str = "") -> None: ...


@runtime_checkable
class WorkingCalendar(Protocol):
    """When somebody works; instants are aware. Made by `working_calendar.of_user`, `of_team` and `company`."""

    def is_open(self, at: datetime) -> bool: ...
    def next_open(self, at: datetime) -> datetime: ...
    def add_hours(self, at: datetime, hours: float | timedelta) -> datetime: ...
    def hours_between(self, start: datetime, end: datetime) -> timedelta: ...
    def is_working_day(self, day: date) -> bool: ...
    def days(self, start: date, end: date) -> int: ...
    def next_working_day(self, day: date) -> date: ...


@runtime_checkable
class Absences(Protocol):
    """Knows when people are away: (from, to) as instants, of each person asked; all services of this kind are asked."""

    def away(
        self, user_ids: Sequence[int], start: datetime, end: datetime
    ) -> Mapping[int, Sequence[tuple[datetime, datetime]]]: ...


@dataclass(frozen=True, kw_only=True)
class Point:
    """A reason of a score: the points it counts now, in words, since when, and what it counted then."""

    points: float
    reason: str
    since: datetime | None = None
    full: float = 0


@runtime_checkable
class Scorer(Protocol):
    """Says how promising records are, and why: each record's points add up to its score. One batch at a time."""

    def score(self, ctx: Context, entity: str, ids: Sequence[int]) -> Mapping[int, Sequence[Point]]: ...


@runtime_checkable
class Router(Protocol):
    """Says whose a record becomes: the user's id with the reason in words, or None when it has no opinion."""

    def route(self, ctx: Context, entity: str, record_id: int) -> tuple[int, str] | None: ...


class NullRouter:
    """Has no opinion."""

    def route(self, ctx: Context, entity: str, record_id: int) -> None:
        """Return None: the rules of whoever asks decide."""


class NullMailer:
    """Stands in when no mail server is set up; refuses with a sentence instead of losing the mail."""

    def send(self, mail: Mail) -> None:
        """Raise OSError: the job that wanted to send keeps the mail and tries again."""
        raise OSError(f"No mail server is set up; the mail “{mail.subject}” waits. Set KITH_SMTP_URL.")


class NullGeocoder:
    """Knows no place."""

    def locate(self, address: Mapping[str, str]) -> None:
        """Return None: nothing is located without a geocoder."""


NULLS: dict[type[Any], type[Any]] = {Mailer: NullMailer, Geocoder: NullGeocoder, Router: NullRouter}
"""Protocol → what stands in when nothing is chosen."""
