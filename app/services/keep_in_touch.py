"""Keeping in touch: how often somebody is to hear from us, who is due, and why.

A contact's own rule wins, then the most frequent one of its tags, then that of its stage. Nought is "never".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import bindparam, select, tuple_

from app.i18n import _, _n
from app.kernel.context import Context
from app.kernel.errors import Invalid
from app.models import NEVER, Contact, Tag
from app.services import access, jobs, recent_contacts, settings
from app.services.keep_in_touch_upkeep import KEY, REFRESH, base, site_day
from app.services.unit import unit

MOST_DAYS = 3650


@dataclass(frozen=True, kw_only=True)
class Due:
    """Somebody who should hear from us: since how many days, and the reason in words."""

    contact: Contact
    late: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class Rules:
    """Days by the name of a stage and by the id of a tag, as the site's settings have them."""

    stages: Mapping[str, int] = field(default_factory=dict)
    tags: Mapping[int, int] = field(default_factory=dict)


_MINE_DUE = (
    select(Contact)
    .where(
        Contact.keep_in_touch_on <= bindparam("today"),
        Contact.owner_id == bindparam("me"),
        ~recent_contacts.PLANNED.exists(),
        ~recent_contacts.REFUSED,
    )
    .order_by(Contact.keep_in_touch_on, Contact.id)
    .limit(bindparam("most"))
)
"""Who is due among the principal's own; to be left alone is with whom something is planned, and who asked for it."""


def due(ctx: Context, limit: int = 5) -> Sequence[Due]:
    """Return the principal's own contacts that should hear from him, the latest first; two statements at most.

    Where rules name fewer, people follow who were talked to once and not for long. Left out is who has asked for
    silence, and with whom something is planned already.
    """
    values = {"me": ctx.user.id or 0, "today": site_day(ctx, ctx.now).isoformat(), "most": limit}
    rows = ctx.session.execute(_MINE_DUE, values, execution_options={access.PREPARED: True})
    found = [_due(ctx, contact) for contact in rows.scalars()]
    left = limit - len(found)
    quiet = recent_contacts.going_cold(ctx, left) if left > 0 else ()
    return [*found, *(_cold(ctx, contact) for contact in quiet)]


def page(ctx: Context, *, mine: bool = True, after: str = "", limit: int = 50) -> tuple[Sequence[Due], str]:
    """Return who is due by the rules, the latest first, and where the next page begins ("" when there is none)."""
    query = _overdue(ctx)
    if mine:
        query = query.where(Contact.owner_id == ctx.user.id)
    day, _dot, number = after.partition(".")
    if number.isdecimal() and len(number) < 11:
        query = query.where(tuple_(Contact.keep_in_touch_on, Contact.id) > (day, int(number)))
    found = ctx.session.execute(query.limit(limit + 1)).scalars().all()
    shown = [_due(ctx, c) for c in found[:limit]]
    last = found[limit - 1] if len(found) > limit else None
    return shown, f"{last.keep_in_touch_on}.{last.id}" if last is not None else ""


def _overdue(ctx: Context) -> Any:
    today = site_day(ctx, ctx.now).isoformat()
    return (
        select(Contact)
        .where(Contact.keep_in_touch_on <= today)
        .order_by(Contact.keep_in_touch_on, Contact.id)
    )


def _due(ctx: Context, contact: Contact) -> Due:
    since, on = base(ctx, contact), date.fromisoformat(contact.keep_in_touch_on)
    today = site_day(ctx, ctx.now)
    every = _n("every %(num)s day", "every %(num)s days", (on - since).days)
    if contact.last_interaction_at <= NEVER:
        reason = _("%(every)s, no contact yet", every=every)
    else:
        ago = _n("last contact %(num)s day ago", "last contact %(num)s days ago", (today - since).days)
        reason = _("%(every)s, %(ago)s", every=every, ago=ago)
    return Due(contact=contact, late=(today - on).days, reason=reason)


def _cold(ctx: Context, contact: Contact) -> Due:
    days = (ctx.now - contact.last_interaction_at).days
    return Due(
        contact=contact,
        late=days - recent_contacts.QUIET_DAYS,
        reason=_n("Quiet for %(num)s day.", "Quiet for %(num)s days.", days),
    )


# ---------------------------------------------------------------- rules


def rules(ctx: Context) -> Rules:
    """Return the rules of stages and tags that are in force."""
    stored = ctx.settings.get(KEY) or {}
    return Rules(
        stages=dict(stored.get("stages") or {}),
        tags={int(i): days for i, days in (stored.get("tags") or {}).items()},
    )


@unit
def save_rules(ctx: Context, wanted: Rules) -> None:
    """Change the rules; everybody's next day follows in the background. Raises Invalid with a sentence."""
    access.require(ctx, "admin.settings")
    known = {s.value for s in ctx.schema.stages()}
    if not all(0 <= days <= MOST_DAYS for days in (*wanted.stages.values(), *wanted.tags.values())):
        raise Invalid({"days": _("Write days from 0 (never) to %(most)s.", most=MOST_DAYS)})
    tags = set(ctx.session.execute(select(Tag.id).where(Tag.id.in_(list(wanted.tags)))).scalars())
    stored = {
        "stages": {name: days for name, days in wanted.stages.items() if name in known},
        "tags": {str(i): days for i, days in wanted.tags.items() if i in tags},
    }
    settings.save(ctx, {KEY: stored})
    jobs.enqueue(ctx, REFRESH, {}, key=REFRESH, user_id=None)


def parse_days(ctx: Context, text: str) -> int | None:
    """Read a number of days as typed, None for an empty text. Raises ValueError with a sentence."""
    if not text:
        return None
    if not text.isdecimal() or len(text) > 5 or int(text) > MOST_DAYS:
        told = _("“%(text)s” is no number of days. Write it like 30; 0 is never.", text=text[:40])
        raise ValueError(told)
    return int(text)
