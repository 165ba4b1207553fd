"""How somebody wants to be told: channels by topic, quiet hours, the daily digest, how long before a date."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.i18n import _
from app.kernel.context import Context
from app.kernel.errors import Invalid
from app.kernel.notices import Notice
from app.models import Setting
from app.services import settings
from app.services.unit import unit

KEY = "notifications"
MOST_DAYS_BEFORE = 60
WEEKDAYS = tuple(range(7))


@dataclass(frozen=True, kw_only=True)
class Preferences:
    """What one person chose. `topics` maps a notice to its channels, where that differs from what it has at first.

    `quiet_from` and `quiet_to` are "HH:MM" in the person's zone, empty for none. The digest comes at `digest_hour` on
    `digest_days` (0 is Monday). `days_before` says how long before an important date to be told, 0 on the day.
    """

    topics: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    quiet_from: str = ""
    quiet_to: str = ""
    digest: bool = True
    digest_hour: int = 7
    digest_days: tuple[int, ...] = (0, 1, 2, 3, 4)
    days_before: tuple[int, ...] = (0,)

    def channels(self, notice: Notice) -> tuple[str, ...]:
        """Return the channels by which the person wants to hear of something."""
        return self.topics.get(notice.key, notice.channels)

    def held_until(self, now: datetime, zone: ZoneInfo) -> datetime:
        """Return when a message of this moment may go out: now, or at the end of the quiet hours."""
        start, end = clock(self.quiet_from), clock(self.quiet_to)
        if start is None or end is None or start == end:
            return now
        here = now.astimezone(zone)
        at = here.time().replace(tzinfo=None)
        quiet = start <= at < end if start < end else at >= start or at < end
        if not quiet:
            return now
        day = here.date() if at < end else here.date() + timedelta(days=1)
        return max(now, datetime.combine(day, end, tzinfo=zone).astimezone(now.tzinfo))


def clock(text: str) -> time | None:
    """Return a time of day written as HH:MM, None for an empty text. Raises ValueError."""
    return time.fromisoformat(text) if text else None


def of(ctx: Context, user_ids: Iterable[int]) -> dict[int, Preferences]:
    """Return what people chose, for all asked in one query; what nobody chose is as at first."""
    ids = list(user_ids)
    query = select(Setting.user_id, Setting.value).where(
        Setting.owner == "core", Setting.key == KEY, Setting.user_id.in_(ids)
    )
    stored = {row.user_id: _read(row.value) for row in ctx.session.execute(query)}
    return {i: stored.get(i) or Preferences() for i in ids}


def mine(ctx: Context) -> Preferences:
    """Return what the principal chose."""
    return of(ctx, [ctx.user.id])[ctx.user.id] if ctx.user.id is not None else Preferences()


@unit
def save(ctx: Context, user_id: int, chosen: Preferences) -> None:
    """Keep what somebody chose. Raises Invalid with a sentence for a time or a number that is none."""
    for name in ("quiet_from", "quiet_to"):
        try:
            clock(getattr(chosen, name))
        except ValueError:
            told = _("“%(text)s” is no time of day. Write it as 22:00.", text=getattr(chosen, name))
            raise Invalid({name: told}) from None
    if bool(chosen.quiet_from) != bool(chosen.quiet_to):
        raise Invalid({"quiet_to": _("Quiet hours need a beginning and an end. Leave both empty for none.")})
    if not all(0 <= n <= MOST_DAYS_BEFORE for n in chosen.days_before):
        told = _("Choose from 0 to %(num)s days before.", num=MOST_DAYS_BEFORE)
        raise Invalid({"days_before": told})
    settings.save(ctx, {KEY: asdict(chosen)}, user_id=user_id)


def _read(text: str) -> Preferences | None:
    found: Any = json.loads(text)
    if not isinstance(found, dict):
        return None
    known = {k: v for k, v in found.items() if k in Preferences.__dataclass_fields__}
    for name in ("digest_days", "days_before"):
        if name in known:
            known[name] = tuple(known[name])
    known["topics"] = {k: tuple(v) for k, v in (known.get("topics") or {}).items()}
    return Preferences(**known)
