"""What territories know about contacts and companies: values for lists, filters, reports and rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from app.sdk import Choice, Context, Field, Kind, Show, _l

from . import placing
from .entities import TERRITORY
from .models import Mark, Place, Territory

READ = Show.DETAIL | Show.LIST | Show.FILTER | Show.EXPORT | Show.API | Show.REPORT | Show.RULE
QUIET = READ & ~Show.DETAIL

EXACT = (
    Choice(value="point", label=_l("To the point")),
    Choice(value="street", label=_l("Street")),
    Choice(value="address", label=_l("Address")),
    Choice(value="postal_code", label=_l("Postal code")),
    Choice(value="city", label=_l("City")),
    Choice(value="region", label=_l("Region")),
    Choice(value="country", label=_l("Country")),
)

LEAD = "sales.lead"


def _whose(entity: str, model: Any) -> tuple[Any, Any]:
    """Return the column of places and that of the record that are equal: leads are where their contacts are."""
    return (Place.contact_id, model.contact_id) if entity == LEAD else (placing.column(entity), model.id)


def _value(entity: str, column: Any, empty: Any = None) -> Callable[[Any], ColumnElement[Any]]:
    def sql(model: Any) -> ColumnElement[Any]:
        place, own = _whose(entity, model)
        found = select(column).where(place == own).correlate(model).scalar_subquery()
        return found if empty is None else func.coalesce(found, empty)

    return sql


def _loaded(entity: str, column: Any) -> Callable[[Context, Sequence[int]], Mapping[int, Any]]:
    def load(ctx: Context, ids: Sequence[int]) -> Mapping[int, Any]:
        model = ctx.schema.entity(entity).model
        place, own = _whose(entity, model)
        query = select(model.id, column).join(Place, place == own).where(model.id.in_(ids))
        return {row[0]: row[1] for row in ctx.session.execute(query) if row[1] is not None}

    return load


def _territory_sql(entity: str) -> Callable[[Any], ColumnElement[Any]]:
    def sql(model: Any) -> ColumnElement[Any]:
        place, own = _whose(entity, model)
        query = select(Territory.id).join(Place, Place.territory_id == Territory.id)
        return query.where(place == own, Territory.deleted_at.is_(None)).correlate(model).scalar_subquery()

    return sql


def _territory(entity: str) -> Callable[[Context, Sequence[int]], Mapping[int, Any]]:
    def load(ctx: Context, ids: Sequence[int]) -> Mapping[int, Any]:
        model = ctx.schema.entity(entity).model
        place, own = _whose(entity, model)
        query = select(model.id, Territory.id).join(Place, place == own)
        query = query.join(Territory, Territory.id == Place.territory_id).where(model.id.in_(ids))
        return {row[0]: row[1] for row in ctx.session.execute(query)}

    return load


def _areas_rows(entity: str) -> Callable[[Any], Select[Any]]:
    def rows(model: Any) -> Select[Any]:
        whose = placing.column(entity)
        return (
            select(whose, Mark.territory_id).join(Place, Place.id == Mark.place_id).where(whose.is_not(None))
        )

    return rows


def _areas(entity: str) -> Callable[[Context, Sequence[int]], Mapping[int, Any]]:
    def load(ctx: Context, ids: Sequence[int]) -> Mapping[int, Any]:
        whose = placing.column(entity)
        query = select(whose, Territory.id).join(Mark, Mark.place_id == Place.id)
        query = query.join(Territory, Territory.id == Mark.territory_id).where(whose.in_(ids))
        found: dict[int, list[int]] = {}
        for row in ctx.session.execute(query.order_by(Territory.name, Territory.id)):
            found.setdefault(row[0], []).append(row[1])
        return found

    return load


def _of(entity: str) -> tuple[Field, ...]:
    return (
        Field(
            name="territory",
            label=_l("Territory"),
            on=entity,
            kind=Kind.REF,
            ref=TERRITORY,
            load=_territory(entity),
            sql=_territory_sql(entity),
            show=READ,
            order=70,
        ),
        Field(
            name="areas",
            label=_l("Areas"),
            on=entity,
            kind=Kind.REFS,
            ref=TERRITORY,
            many=True,
            load=_areas(entity),
            rows=_areas_rows(entity),
            show=QUIET,
            order=71,
        ),
        Field(
            name="distance",
            label=_l("Distance (km)"),
            on=entity,
            kind=Kind.NUMBER,
            load=_loaded(entity, Place.away),
            sql=_value(entity, Place.away),
            show=QUIET,
            order=72,
        ),
        Field(
            name="exact",
            label=_l("Place known by"),
            on=entity,
            kind=Kind.CHOICE,
            choices=EXACT,
            load=_loaded(entity, Place.exact),
            sql=_value(entity, Place.exact, ""),
            show=QUIET,
            order=73,
        ),
    )


ALL = (
    *_of("contact"),
    *_of("company"),
    Field(
        name="territory",
        label=_l("Territory"),
        on=LEAD,
        kind=Kind.REF,
        ref=TERRITORY,
        load=_territory(LEAD),
        sql=_territory_sql(LEAD),
        show=READ,
        order=70,
    ),
)
