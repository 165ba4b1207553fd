"""The kinds of record of plans, and the fields by which people meet them."""

from __future__ import annotations

from typing import Any

from app.sdk import EVERYWHERE, Context, Entity, Field, Kind, Privacy, Show, _, _l

from . import outline
from .choices import ACTIVE, BILLINGS, DONE, HEALTHS, STATUSES
from .days import today
from .models import PROJECT, Milestone, Phase, Project, Template

PHASE, MILESTONE, TEMPLATE = "projects.phase", "projects.milestone", "projects.template"
READ = EVERYWHERE & ~Show.FORM
WRITTEN = EVERYWHERE & ~Show.LIST


def _of(entity: str, name: str, label: Any, order: int, **more: Any) -> Field:
    more.setdefault("personal", False)
    return Field(name=name, label=label, on=entity, column=name, order=order, **more)


def _currency(ctx: Context, text: str) -> str:
    code = text.strip().upper()
    if code and not (len(code) == 3 and code.isascii() and code.isalpha()):
        raise ValueError(_("“%(text)s” is no currency. Write three letters, like EUR.", text=text[:10]))
    return code


def _share(ctx: Context, text: str) -> int | None:
    typed = text.strip().removesuffix("%").strip()
    if typed and not (typed.isdecimal() and int(typed) <= 100):
        raise ValueError(_("Write a number from 0 to 100."))
    return int(typed) if typed else None


def _outline(ctx: Context, text: str) -> str:
    outline.parse(text)
    return text.strip()


def derive(ctx: Context, project: Project) -> None:
    """Fill in what follows: the currency of the house, and the day on which a project was done."""
    if not project.currency:
        project.currency = str(ctx.settings.get("currency", "EUR"))
    if project.status == DONE and not project.finished_on:
        project.finished_on = today(ctx).isoformat()
    elif project.status not in (DONE, None) and project.finished_on:
        project.finished_on = ""


PROJECTS = (
    _of(PROJECT, "name", _l("Project"), 0, required=True, search=3, sort=lambda m: m.name),
    _of(PROJECT, "company_id", _l("Company"), 1, kind=Kind.REF, ref="company", search=1),
    _of(PROJECT, "contact_id", _l("Contact"), 2, kind=Kind.REF, ref="contact", search=1, personal=True),
    _of(PROJECT, "status", _l("Status"), 3, kind=Kind.CHOICE, choices=STATUSES),
    _of(PROJECT, "health", _l("Health"), 4, kind=Kind.CHOICE, choices=HEALTHS),
    _of(PROJECT, "start_on", _l("Begins"), 5, kind=Kind.DATE),
    _of(PROJECT, "due_on", _l("Due"), 6, kind=Kind.DATE, sort=lambda m: m.due_on),
    _of(PROJECT, "billing", _l("Billed"), 7, kind=Kind.CHOICE, choices=BILLINGS, show=WRITTEN),
    _of(PROJECT, "budget_hours", _l("Budget in hours"), 8, kind=Kind.NUMBER),
    _of(PROJECT, "budget", _l("Budget"), 9, kind=Kind.MONEY, currency="currency"),
    _of(PROJECT, "currency", _l("Currency"), 10, parse=_currency, show=WRITTEN),
    _of(PROJECT, "rate", _l("Price of an hour"), 11, kind=Kind.MONEY, currency="currency", show=WRITTEN),
    _of(PROJECT, "owner_id", _l("Led by"), 12, kind=Kind.USER),
    _of(PROJECT, "team_id", _l("Team"), 13, kind=Kind.TEAM),
    _of(PROJECT, "note", _l("Note"), 14, kind=Kind.LONG_TEXT, show=WRITTEN, search=1, personal=True),
    _of(PROJECT, "finished_on", _l("Done on"), 15, kind=Kind.DATE, show=READ & ~Show.LIST),
    _of(PROJECT, "baseline_on", _l("Baseline of"), 16, kind=Kind.DATE, show=READ & ~Show.LIST),
    _of(PROJECT, "origin", _l("Came from"), 17, show=READ & ~Show.LIST & ~Show.HISTORY & ~Show.DETAIL),
    _of(
        PROJECT,
        "created_at",
        _l("Created"),
        70,
        kind=Kind.TIME,
        sort=lambda m: m.created_at,
        show=READ & ~Show.HISTORY & ~Show.DETAIL,
    ),
)

PHASES = (
    _of(PHASE, "name", _l("Phase"), 0, required=True, sort=lambda m: m.name),
    _of(PHASE, "project_id", _l("Project"), 1, kind=Kind.REF, ref=PROJECT, required=True),
    _of(PHASE, "position", _l("Place"), 2, kind=Kind.NUMBER),
)

MILESTONES = (
    _of(MILESTONE, "name", _l("Milestone"), 0, required=True, sort=lambda m: m.name),
    _of(MILESTONE, "project_id", _l("Project"), 1, kind=Kind.REF, ref=PROJECT, required=True),
    _of(MILESTONE, "due_on", _l("Due"), 2, kind=Kind.DATE, sort=lambda m: m.due_on),
    _of(MILESTONE, "reached_on", _l("Reached on"), 3, kind=Kind.DATE),
    _of(MILESTONE, "share", _l("Billed then, in percent"), 4, kind=Kind.NUMBER, parse=_share),
    _of(MILESTONE, "owner_id", _l("Owner"), 5, kind=Kind.USER),
    _of(MILESTONE, "invoice", _l("Invoice"), 6, show=READ),
)

TEMPLATES = (
    _of(TEMPLATE, "name", _l("Template"), 0, required=True, sort=lambda m: m.name),
    _of(
        TEMPLATE,
        "outline",
        _l("Plan"),
        1,
        kind=Kind.LONG_TEXT,
        parse=_outline,
        show=WRITTEN,
        hint=_l(
            "A line each: # phase, * milestone | 30 %, task | +0 | 2d | 8h | after 1 | @role. Lines that begin with - are its checklist."
        ),
    ),
    _of(TEMPLATE, "note", _l("Note"), 2, kind=Kind.LONG_TEXT, show=WRITTEN),
)

ALL = (
    Entity(
        name="project",
        label=_l("Project"),
        plural=_l("Projects"),
        model=Project,
        icon="folder-kanban",
        url="projects_plan.show",
        subject="contact_id",
        derive=derive,
        derive_from=("status", "currency"),
        fields=PROJECTS,
        default_columns=("name", "company_id", "status", "health", "due_on", "owner_id"),
        default_sort="-created_at",
        privacy=Privacy(
            erase="anonymise", fields=("note",), reason=_l("What was worked and billed stays in the books.")
        ),
    ),
    Entity(
        name="phase",
        label=_l("Phase"),
        plural=_l("Phases"),
        model=Phase,
        icon="list",
        fields=PHASES,
        default_columns=("name", "project_id", "position"),
        default_sort="name",
    ),
    Entity(
        name="milestone",
        label=_l("Milestone"),
        plural=_l("Milestones"),
        model=Milestone,
        icon="flag",
        fields=MILESTONES,
        default_columns=("name", "project_id", "due_on", "reached_on", "share", "owner_id"),
        default_sort="due_on",
    ),
    Entity(
        name="template",
        label=_l("Project template"),
        plural=_l("Project templates"),
        model=Template,
        icon="copy",
        url="projects_templates.show",
        fields=TEMPLATES,
        default_columns=("name", "created_at"),
        default_sort="name",
    ),
)

START = {"status": ACTIVE, "billing": "hours"}
"""What a new project has until somebody says otherwise."""
