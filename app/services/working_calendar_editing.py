"""Changing calendars: the company's and the teams' by an administrator, one's own by everybody."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from app.formats import holidays
from app.i18n import _
from app.kernel.context import Context
from app.kernel.errors import Invalid, NotVisible
from app.models import Team, User, WorkCalendar, WorkException
from app.services import access
from app.services import working_calendar_text as text
from app.services.unit import unit
from app.services.working_calendar import COMPANY, NONE, TEAM, USER, Level, Place
from app.services.working_calendar_hours import Period

LONGEST = 366
MOST = 200


def may(ctx: Context, place: Place) -> bool:
    """Tell whether the principal may change a calendar."""
    return place == (USER, ctx.user.id) or ctx.may("admin.settings")


def require(ctx: Context, place: Place) -> None:
    """Raise NotAllowed unless the principal may change a calendar, NotVisible when nobody has it."""
    if place != (USER, ctx.user.id):
        access.require(ctx, "admin.settings")
    model = {TEAM: Team, USER: User}.get(place[0])
    if model is None:
        if place != (COMPANY, 0):
            raise NotVisible(_("There is no such calendar."))
    elif ctx.session.execute(select(model.id).where(model.id == place[1])).first() is None:
        raise NotVisible(_("There is no such calendar."))


@unit
def save(ctx: Context, place: Place, wanted: Level) -> None:
    """Keep what a level says itself. Raises NotAllowed, or Invalid with a sentence."""
    require(ctx, place)
    if wanted.week and not any(wanted.week):
        raise Invalid({"day_0": _("Give at least one day its hours.")})
    if wanted.country not in {"", NONE} and not holidays.known(wanted.country, wanted.region):
        raise Invalid({"country": _("There are no holidays known for this place.")})
    row = _row(ctx, place)
    row.week = text.stored(wanted.week) if wanted.week else ""
    row.country = wanted.country
    row.region = wanted.region if wanted.country not in {"", NONE} else ""
    row.zone = wanted.zone


@unit
def add_exception(
    ctx: Context, place: Place, first: date, last: date, periods: tuple[Period, ...], label: str
) -> None:
    """Let days differ, first to last. Raises NotAllowed, or Invalid with a sentence."""
    require(ctx, place)
    if last < first:
        raise Invalid({"last_on": _("The last day is before the first.")})
    if (last - first).days > LONGEST:
        raise Invalid({"last_on": _("Choose at most a year.")})
    row = _row(ctx, place)
    ctx.session.flush()
    known = ctx.session.execute(
        select(WorkException.id).where(WorkException.calendar_id == row.id).limit(MOST)
    ).all()
    if len(known) >= MOST:
        raise Invalid({"first_on": _("There are %(num)s such days already. Remove some first.", num=MOST)})
    ctx.session.add(
        WorkException(
            calendar_id=row.id,
            first_on=first.isoformat(),
            last_on=last.isoformat(),
            periods=text.stored([periods]) if periods else "[]",
            label=label.strip()[:120],
        )
    )


@unit
def remove_exception(ctx: Context, place: Place, exception_id: int) -> None:
    """Let days be ordinary again. Raises NotAllowed, or NotVisible when this calendar has no such entry."""
    require(ctx, place)
    found = ctx.session.get(WorkException, exception_id)
    if found is None or found.calendar_id != _row(ctx, place).id:
        raise NotVisible(_("There is no such entry."))
    ctx.session.delete(found)


def _row(ctx: Context, place: Place) -> WorkCalendar:
    at = (WorkCalendar.scope == place[0], WorkCalendar.scope_id == place[1])
    found = ctx.session.execute(select(WorkCalendar).where(*at).with_for_update()).scalar_one_or_none()
    if found is None:
        found = WorkCalendar(scope=place[0], scope_id=place[1], week="", country="", region="", zone="")
        ctx.session.add(found)
        ctx.session.flush()
    return found
