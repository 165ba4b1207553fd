"""The fields that every entity shares: owner, team, dates, source."""

from __future__ import annotations

from typing import Any

from app.i18n import _l
from app.kernel.contributions import Field, Kind, Show

ASSIGN = (
    Show.DETAIL
    | Show.FORM
    | Show.LIST
    | Show.FILTER
    | Show.EXPORT
    | Show.API
    | Show.REPORT
    | Show.RULE
    | Show.HISTORY
)
READ = Show.LIST | Show.FILTER | Show.EXPORT | Show.API | Show.REPORT | Show.RULE


def _instant(on: str, name: str, label: Any, order: int) -> Field:
    return Field(
        name=name, label=label, on=on, kind=Kind.TIME, column=name, sort=_column(name), order=order, show=READ
    )


def _column(name: str) -> Any:
    return lambda model: getattr(model, name)


def fields(on: str, *, touched: bool = False) -> tuple[Field, ...]:
    """Return the shared fields of an entity; `touched` adds when it was last in contact."""
    found = [
        Field(
            name="owner_id",
            label=_l("Owner"),
            on=on,
            kind=Kind.USER,
            column="owner_id",
            order=60,
            show=ASSIGN,
        ),
        Field(
            name="team_id", label=_l("Team"), on=on, kind=Kind.TEAM, column="team_id", order=61, show=ASSIGN
        ),
        Field(
            name="source",
            label=_l("Source"),
            on=on,
            column="source",
            order=62,
            show=READ | Show.DETAIL | Show.FORM,
        ),
        _instant(on, "created_at", _l("Created"), 70),
        _instant(on, "updated_at", _l("Changed"), 71),
    ]
    if touched:
        found.append(_instant(on, "last_interaction_at", _l("Last contact"), 65))
    return tuple(found)
