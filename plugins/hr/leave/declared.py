"""What this part of the plugin declares: every contribution, its pages, its commands, its demonstration."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.sdk import Contribution, Link, Notice, On, Phase, _l

from ..people import guarding, rules
from ..people.choices import MANAGE
from ..people.links import SECTION
from ..people.rules import CHAIN, SELF, STAFF
from . import away, blueprint, demo, entities, feed, month_pages, pages, panels, service, settling
from .choices import ABSENCE, TYPE

PAGES = (pages, month_pages, feed, settling)
"""The modules whose pages are in the blueprint."""

RULES = (
    rules.of(ABSENCE, "employee_id", {SELF, CHAIN}, {SELF, CHAIN}),
    rules.of(TYPE, "id", {STAFF}),
)

EVENTS = (
    *guarding.guards((ABSENCE, TYPE)),
    On(
        name="absence_moved",
        topic=f"{ABSENCE}.updated",
        run=guarding.owned,
        phase=Phase.BEFORE,
        critical=True,
        fields=("employee_id",),
    ),
    *(
        On(
            name=f"absence_{verb}",
            topic=f"{ABSENCE}.{verb}",
            run=service.arrived,
            phase=Phase.BEFORE,
            critical=True,
            fields=("first_on", "last_on", "half", "type_id", "employee_id") if verb == "updated" else (),
        )
        for verb in ("created", "updated")
    ),
    Notice(
        name="leave_asked", label=_l("Requests for time off"), icon="calendar-days", tone="warn", order=60
    ),
    Notice(
        name="leave_decided",
        label=_l("Answers to your requests for time off"),
        icon="calendar-days",
        tone="ok",
        order=61,
    ),
)

LINKS = (
    Link(
        name="leave",
        label=_l("Time off"),
        place="nav",
        endpoint="hr_leave.index",
        icon="calendar-days",
        section=SECTION,
        order=63,
        permission=f"{ABSENCE}.view",
    ),
    Link(
        name="away",
        label=_l("Who is away"),
        place="nav",
        endpoint="hr_leave.team",
        icon="calendar",
        section=SECTION,
        order=64,
        permission=f"{ABSENCE}.view",
    ),
    Link(
        name="new_leave_type",
        label=_l("Kind of leave"),
        place="hr.leave_type.list",
        endpoint="hr_leave.new_type",
        icon="plus",
        permission=MANAGE,
    ),
)

ALL: tuple[Contribution, ...] = (*entities.ALL, *RULES, *EVENTS, *LINKS, *panels.ALL, *away.ALL)

BLUEPRINTS: tuple[Any, ...] = (blueprint.pages,)

COMMANDS: tuple[Any, ...] = ()

DEMO: tuple[Callable[[Any], None], ...] = (demo.build,)
