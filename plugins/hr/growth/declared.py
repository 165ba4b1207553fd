"""What this part of the plugin declares: every contribution, its pages, its commands, its demonstration."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import render_template, url_for
from sqlalchemy import select

from app.sdk import Context, Contribution, Link, On, Panel, Phase, _l

from ..people import chain, guarding, rules
from ..people.choices import EMPLOYEE, MANAGE
from ..people.links import SECTION
from ..people.rules import CHAIN, SELF
from . import blueprint, demo, entities, pages, reviews
from .entities import GOAL
from .models import Goal

PAGES = (pages,)
"""The modules whose pages are in the blueprint."""


def of_person(ctx: Context, employee: Any) -> str | None:
    """Show somebody's goals, and the way to the notes of talks, to those whom it concerns."""
    own = ctx.user.id is not None and employee.user_id == ctx.user.id
    above = chain.is_above(ctx, employee.id)
    if not (own or above or ctx.may(MANAGE)):
        return None
    query = select(Goal).where(Goal.employee_id == employee.id).order_by(Goal.ends_on.desc(), Goal.id.desc())
    return render_template(
        "hr/growth/of_employee.html",
        goals=pages.shown(ctx, ctx.session.execute(query.limit(5)).scalars().all()),
        add=url_for("hr_growth.new_goal", of=employee.id) if ctx.may(f"{GOAL}.create") else None,
        talks_url=url_for("hr_growth.talk", record_id=employee.id) if own or above else None,
    )


ALL: tuple[Contribution, ...] = (
    *entities.ALL,
    rules.of(GOAL, "employee_id", {SELF, CHAIN}, {SELF, CHAIN}),
    *guarding.guards((GOAL,)),
    On(
        name="goal_moved",
        topic=f"{GOAL}.updated",
        run=guarding.owned,
        phase=Phase.BEFORE,
        critical=True,
        fields=("employee_id",),
    ),
    *reviews.NOTICES,
    Link(
        name="growth",
        label=_l("Goals and reviews"),
        place="nav",
        endpoint="hr_growth.index",
        icon="target",
        section=SECTION,
        order=66,
        permission=f"{GOAL}.view",
    ),
    Panel(
        name="goals",
        label=_l("Goals"),
        slot=f"{EMPLOYEE}.main",
        view=of_person,
        order=40,
        permission=f"{GOAL}.view",
        lazy=False,
    ),
)

BLUEPRINTS: tuple[Any, ...] = (blueprint.pages,)

COMMANDS: tuple[Any, ...] = ()

DEMO: tuple[Callable[[Any], None], ...] = (demo.build,)
