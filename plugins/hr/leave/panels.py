"""Time off on Today, and on the page of an employee."""

from __future__ import annotations

from typing import Any

from flask import render_template, url_for

from app.sdk import Context, Panel, _l
from app.sdk.web import number

from ..people import chain, employees
from ..people.choices import MANAGE
from ..people.models import Employee
from . import balance, pages, service
from .choices import ABSENCE


def _left(ctx: Context, employee: Employee) -> list[tuple[str, str]]:
    year = ctx.now.astimezone(ctx.zone).year
    kinds = [kind for kind in balance.types(ctx) if kind.counted][:3]
    return [(kind.name, number(balance.of_year(ctx, employee, kind, year).left)) for kind in kinds]


def on_today(ctx: Context, _record: Any) -> str | None:
    """Show what one has left and who waits for an answer; nothing for who is no employee and decides about nobody."""
    employee, waiting = employees.own(ctx), service.to_decide(ctx, 5)
    if employee is None and not waiting:
        return None
    return render_template(
        "hr/leave/today.html",
        left=_left(ctx, employee) if employee is not None else [],
        waiting=pages.rows(ctx, waiting),
        ask_url=url_for("hr_leave.new") if employee is not None and ctx.may(f"{ABSENCE}.create") else None,
        own=employee is not None,
    )


def of_employee(ctx: Context, employee: Any) -> str | None:
    """Show somebody's leave year on the page of the person; nothing to those whom it does not concern."""
    own = ctx.user.id is not None and employee.user_id == ctx.user.id
    if not (own or ctx.may(MANAGE) or chain.is_above(ctx, employee.id)):
        return None
    today = ctx.now.astimezone(ctx.zone).date().isoformat()
    rows = pages.rows(ctx, service.of_employee(ctx, employee.id, today, "9999"))
    return render_template(
        "hr/leave/of_employee.html",
        left=_left(ctx, employee),
        rows=rows[:5],
        more_url=url_for("hr_leave.index", of=None if own else employee.id),
        ask_url=url_for("hr_leave.new", of=None if own else employee.id)
        if ctx.may(f"{ABSENCE}.create")
        else None,
    )


REFRESH = tuple(f"{ABSENCE}.{verb}" for verb in ("created", "updated", "deleted"))

ALL = (
    Panel(
        name="leave_today",
        label=_l("Time off"),
        slot="dashboard",
        view=on_today,
        order=45,
        permission=f"{ABSENCE}.view",
        refresh_on=REFRESH,
        lazy=False,
    ),
    Panel(
        name="leave",
        label=_l("Time off"),
        slot="hr.employee.main",
        view=of_employee,
        order=20,
        permission=f"{ABSENCE}.view",
        refresh_on=REFRESH,
        lazy=False,
    ),
)
