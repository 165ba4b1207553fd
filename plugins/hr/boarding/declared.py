"""What this part of the plugin declares: every contribution, its pages, its commands, its demonstration."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import render_template
from sqlalchemy import select

from app.sdk import Context, Contribution, Job, Panel, _l

from ..people.choices import EMPLOYEE, MANAGE
from . import blueprint, demo, pages, retention, service
from .models import Checklist

PAGES = (pages,)
"""The modules whose pages are in the blueprint."""


def on_today(ctx: Context, _record: Any) -> str | None:
    """Show the steps that wait for the reader; nothing when there are none."""
    steps = service.open_steps(ctx, 5)
    return render_template("hr/boarding/today.html", steps=steps) if steps else None


def of_person(ctx: Context, employee: Any) -> str | None:
    """Show the steps for somebody on the page of the person; HR starts a checklist there."""
    steps, manages = service.of_employee(ctx, employee), ctx.may(MANAGE)
    if not steps and not manages:
        return None
    query = select(Checklist.id, Checklist.name).order_by(Checklist.leaving, Checklist.name).limit(100)
    lists = [(str(row.id), row.name) for row in ctx.session.execute(query)] if manages else []
    return render_template("hr/boarding/of_employee.html", steps=steps, lists=lists, employee=employee)


ALL: tuple[Contribution, ...] = (
    *service.NOTICES,
    Job(
        name="retention",
        label=_l("Remove files whose period is over"),
        run=retention.run,
        schedule="daily 03:50",
        timeout=900,
    ),
    Panel(
        name="steps_today",
        label=_l("Comes and goes"),
        slot="dashboard",
        view=on_today,
        order=46,
        permission=f"{EMPLOYEE}.view",
        lazy=False,
    ),
    Panel(
        name="steps",
        label=_l("Comes and goes"),
        slot=f"{EMPLOYEE}.main",
        view=of_person,
        order=50,
        permission=f"{EMPLOYEE}.view",
        lazy=False,
    ),
)

BLUEPRINTS: tuple[Any, ...] = (blueprint.pages,)

COMMANDS: tuple[Any, ...] = ()

DEMO: tuple[Callable[[Any], None], ...] = (demo.build,)
