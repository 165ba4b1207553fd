"""Working days for tasks, as the working calendar of the principal has them: holidays and absences are left out."""

from __future__ import annotations

from datetime import date

from app.kernel.context import Context
from app.services import working_calendar
from app.services.working_calendar_hours import Hours, NeverOpen


def hours(ctx: Context, user_id: int | None = None) -> Hours:
    """Return the calendar of somebody, the principal's unless said otherwise; the company's for no person."""
    person = user_id or ctx.user.id
    return working_calendar.of_user(ctx, person) if person else working_calendar.company(ctx)


def working_days(ctx: Context, after: date, number: int) -> list[date]:
    """Return the next working days of the principal after a day; where nobody ever works, the next days at all."""
    calendar, found = hours(ctx), [after]
    try:
        for _n in range(number):
            found.append(calendar.next_working_day(found[-1]))
    except NeverOpen:
        return [date.fromordinal(after.toordinal() + n + 1) for n in range(number)]
    return found[1:]
