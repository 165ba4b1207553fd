"""What deals tell about contacts and companies: fields for their lists, filters and exports."""

from __future__ import annotations

from app.sdk import Field, Kind, Show, _l

from . import of_records, options
from .fields import DEAL

SHOW = Show.LIST | Show.FILTER | Show.EXPORT | Show.API | Show.REPORT | Show.RULE


def _fields(entity: str) -> tuple[Field, ...]:
    count, count_sql = of_records.open_count(entity)
    value, value_sql = of_records.open_value(entity)
    won, won_sql = of_records.last_won(entity)
    may = f"{DEAL}.view"
    return (
        Field(
            name="open_deals",
            label=_l("Open deals"),
            on=entity,
            kind=Kind.NUMBER,
            load=count,
            sql=count_sql,
            show=SHOW,
            permission=may,
            order=81,
        ),
        Field(
            name="open_value",
            label=_l("Value of open deals"),
            on=entity,
            kind=Kind.MONEY,
            currency=options.currency,
            load=value,
            sql=value_sql,
            show=SHOW,
            permission=may,
            order=82,
        ),
        Field(
            name="last_won",
            label=_l("Last deal won"),
            on=entity,
            kind=Kind.DATE,
            load=won,
            sql=won_sql,
            show=SHOW,
            permission=may,
            order=83,
        ),
    )


ALL = (*_fields("contact"), *_fields("company"))
