"""What this plugin knows about contacts."""

from __future__ import annotations

from app.sdk import Field, Kind, Show, _l

from . import gifts

ALL = (
    Field(
        name="last_on",
        label=_l("Last gift"),
        on="contact",
        kind=Kind.DATE,
        load=gifts.last_given,
        sql=gifts.last_given_sql,
        show=Show.LIST | Show.FILTER | Show.EXPORT | Show.API | Show.REPORT | Show.RULE,
        order=80,
    ),
)
