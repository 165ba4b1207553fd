"""The kind of record of this part: cadences."""

from __future__ import annotations

from typing import Any

from app.sdk import EVERYWHERE, Entity, Field, Kind, Show, _l

from .choices import CADENCE
from .models import Cadence

READ = Show.LIST | Show.FILTER | Show.EXPORT | Show.API | Show.REPORT


def _field(name: str, label: Any, order: int, **more: Any) -> Field:
    return Field(
        name=name, label=label, on=CADENCE, column=name, order=order, **({"show": EVERYWHERE} | more)
    )


ALL = (
    Entity(
        name="cadence",
        label=_l("Cadence"),
        plural=_l("Cadences"),
        model=Cadence,
        icon="route",
        url="sales_cadences.show",
        title="name",
        fields=(
            _field("name", _l("Cadence"), 0, required=True, search=3, sort=lambda m: m.name),
            _field("note", _l("What it is for"), 1, kind=Kind.LONG_TEXT, show=EVERYWHERE & ~Show.LIST),
            _field("active", _l("In use"), 2, kind=Kind.BOOL),
            _field("daily_cap", _l("E-mails a day for each colleague"), 3, kind=Kind.NUMBER),
            _field("owner_id", _l("Owner"), 60, kind=Kind.USER),
            _field("team_id", _l("Team"), 61, kind=Kind.TEAM),
            _field("created_at", _l("Created"), 70, kind=Kind.TIME, show=READ),
        ),
        default_columns=("name", "active", "daily_cap", "owner_id"),
        default_sort="name",
        importable=False,
    ),
)
