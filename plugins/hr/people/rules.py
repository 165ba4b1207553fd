"""Which rows exist for whom: what is about somebody is for that person, those above, and HR; all else stays closed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Select, false, or_, select, true

from app.sdk import Context, Permission, RowRule, _l

from .choices import CONTRACT, DEPARTMENT, DIRECTORY, DOCUMENT, EMPLOYEE, MANAGE, POSITION
from .models import Above

SELF, CHAIN, STAFF, PEERS = "self", "chain", "staff", "peers"
"""Who may: the person, those above, everybody who is employed here, and who may see the directory. HR always may."""

Rule = Callable[[Context, Any, str], ColumnElement[bool]]
CHANGING = {"edit", "bulk"}


def mine(ctx: Context) -> Select[Any]:
    """Return a select of the ids of the reader as an employee."""
    return select(Above.employee_id).where(Above.user_id == ctx.user.id, Above.steps == 0)


def below(ctx: Context) -> Select[Any]:
    """Return a select of the ids of those who answer to the reader, directly or not."""
    return select(Above.employee_id).where(Above.user_id == ctx.user.id, Above.steps > 0)


def concerned(ctx: Context, column: Any, who: frozenset[str]) -> ColumnElement[bool]:
    """Return the condition on a column with the id of an employee: the reader is one of those who may."""
    if ctx.may(MANAGE) or (PEERS in who and ctx.may(DIRECTORY)):
        return true()
    if ctx.user.id is None:
        return false()
    found: list[ColumnElement[bool]] = []
    if SELF in who:
        found.append(column.in_(mine(ctx)))
    if CHAIN in who:
        found.append(column.in_(below(ctx)))
    if STAFF in who:
        found.append(mine(ctx).exists())
    return or_(*found) if found else false()


def of(entity: str, column: str, view: set[str], edit: set[str] | None = None) -> RowRule:
    """Return the rule of an entity: `column` holds the employee it is about; everything else is for HR alone."""

    def who(verb: str) -> frozenset[str]:
        return frozenset(view if verb == "view" else (edit or ()) if verb in CHANGING else ())

    def restrict(ctx: Context, model: Any, verb: str) -> ColumnElement[bool]:
        return concerned(ctx, getattr(model, column), who(verb))

    def grant(ctx: Context, model: Any, verb: str) -> ColumnElement[bool]:
        return restrict(ctx, model, verb) if ctx.may(f"{entity}.{verb}") else false()

    name = entity.partition(".")[2]
    return RowRule(name=f"{name}_rows", on=entity, grant=grant, restrict=restrict, stable=True)


ALL = (
    Permission(name="manage", label=_l("Manage employees: see and change everything of HR")),
    Permission(name="directory", label=_l("See who works here, where and for whom")),
    of(EMPLOYEE, "id", {SELF, CHAIN, PEERS}),
    of(DEPARTMENT, "id", {STAFF, PEERS}),
    of(POSITION, "id", {STAFF, PEERS}),
    of(CONTRACT, "employee_id", {SELF, CHAIN}),
    of(DOCUMENT, "employee_id", {SELF}),
)
