"""What this part of the plugin declares: every contribution, its pages, its commands, its demonstration."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import render_template, url_for

from app.sdk import Context, Contribution, Job, Link, Panel, _l

from ..people import guarding, rules
from ..people.choices import MANAGE
from ..people.links import SECTION
from ..people.rules import CHAIN, SELF, STAFF
from . import blueprint, demo, entities, pages, service
from .entities import CERTIFICATE, COURSE, SKILL

PAGES = (pages,)
"""The modules whose pages are in the blueprint."""

RULES = (
    rules.of(SKILL, "id", {STAFF}),
    rules.of(COURSE, "id", {STAFF}),
    rules.of(CERTIFICATE, "employee_id", {SELF, CHAIN}),
)


def of_person(ctx: Context, employee: Any) -> str | None:
    """Show somebody's skills and gaps on the page of the person, to those whom it concerns."""
    if not service.concerned(ctx, employee):
        return None
    skills, url = service.of_employee(ctx, employee), url_for("hr_training.index", of=employee.id)
    return render_template("hr/training/of_employee.html", skills=skills, url=url)


LINKS = (
    Link(
        name="training",
        label=_l("Training"),
        place="nav",
        endpoint="hr_training.index",
        icon="book-open",
        section=SECTION,
        order=65,
        permission=f"{COURSE}.view",
    ),
    *(
        Link(
            name=f"new_{what}",
            label=label,
            place=f"hr.{what}.list",
            endpoint="hr_training.new",
            values={"what": what},
            icon="plus",
            permission=MANAGE,
        )
        for what, label in (("skill", _l("New skill")), ("course", _l("New course")))
    ),
)

ALL: tuple[Contribution, ...] = (
    *entities.ALL,
    *RULES,
    *guarding.guards((SKILL, COURSE, CERTIFICATE)),
    *service.NOTICES,
    *LINKS,
    Job(
        name="certificates",
        label=_l("Tell of certificates that expire"),
        run=service.remind,
        schedule="daily 05:40",
    ),
    Panel(
        name="training",
        label=_l("Skills"),
        slot="hr.employee.main",
        view=of_person,
        order=30,
        permission=f"{SKILL}.view",
        lazy=False,
    ),
)

BLUEPRINTS: tuple[Any, ...] = (blueprint.pages,)

COMMANDS: tuple[Any, ...] = ()

DEMO: tuple[Callable[[Any], None], ...] = (demo.build,)
