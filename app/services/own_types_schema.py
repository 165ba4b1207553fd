"""Kinds of record that administrators defined, made into declarations: what a plugin declares of its own, as data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.formats.fold import name_key
from app.i18n import _l
from app.kernel.context import Context
from app.kernel.contributions import Action, Contribution, Entity, Field, Link, Panel
from app.models import OwnRecord, OwnType
from app.models.own_record import model_of
from app.services import base_fields

PREFIX = "x_"
"""Begins the names of all kinds that were defined, so that none ever meets one of the core or of a plugin."""

PAGE = "own_records.show"
NEW = "own_records.new"
EACH = "own"
"""Stands for every own kind in what the core declares for all of them."""

BESIDE = "own.side"
"""The slot of the core's panel that stands beside every record which records of own kinds point at."""

COLUMNS = 5
"""So many of its own fields a list of a kind shows from the start."""

FIRST = 40
"""Where the ways to own kinds stand in the navigation: behind those that were built in."""


@dataclass(frozen=True, kw_only=True)
class Own:
    """What was defined: the kinds of record, and the ways to their pages."""

    entities: tuple[Entity, ...] = ()
    links: tuple[Link, ...] = ()


def is_own(entity: str) -> bool:
    """Tell whether an entity is one that an administrator defined."""
    return entity.startswith(PREFIX)


def is_pattern(item: Contribution) -> bool:
    """Tell whether a declaration stands for one of each own kind: it is none itself."""
    return (isinstance(item, Action) and item.on == EACH) or (isinstance(item, Panel) and item.slot == BESIDE)


def read(session: Session, added: Sequence[Field], *, deleted: bool = False) -> Own:
    """Return the kinds that are in use, with the first of their added fields as columns of their lists.

    With `deleted` those are among them that were deleted but are not yet gone.
    """
    query = select(OwnType).order_by(OwnType.position, OwnType.id)
    rows = session.execute(query if deleted else query.where(OwnType.deleted_at.is_(None))).scalars().all()
    return Own(
        entities=tuple(_entity(row, added) for row in rows),
        links=tuple(link for n, row in enumerate(rows) for link in _links(row, FIRST + n)),
    )


def _entity(row: OwnType, added: Sequence[Field]) -> Entity:
    shown = [f.key for f in added if f.on == row.name][:COLUMNS]
    return Entity(
        name=row.name,
        label=row.label,
        plural=row.plural,
        model=model_of(row.name),
        icon=row.icon,
        url=PAGE,
        title="name",
        derive=_derive,
        derive_from=("name",),
        fields=(_name(row.name), *base_fields.fields(row.name)),
        default_columns=("name", *shown, "owner_id"),
        default_sort="name",
    )


def _name(on: str) -> Field:
    return Field(
        name="name",
        label=_l("Name"),
        on=on,
        column="name",
        required=True,
        search=3,
        sort=lambda model: model.name_key,
        order=0,
    )


def _derive(ctx: Context, record: OwnRecord) -> None:
    """Set the key by which a name is sorted."""
    record.name_key = name_key("", "", record.name or "")[:300]


def _links(row: OwnType, order: int) -> list[Link]:
    whole: dict[str, Any] = {"values": {"entity": row.name}}
    lists = f"{row.name}.list"
    return [
        Link(
            name=row.name,
            label=row.plural,
            place="nav",
            endpoint="lists.index",
            icon=row.icon,
            section=_l("Records"),
            order=order - 15,
            permission=f"{row.name}.view",
            **whole,
        ),
        Link(
            name=f"new_{row.name}",
            label=row.label,
            place="create",
            endpoint=NEW,
            icon=row.icon,
            order=order,
            permission=f"{row.name}.create",
            **whole,
        ),
        Link(
            name=f"import_{row.name}",
            label=_l("Import"),
            place=lists,
            endpoint="importing.start",
            icon="upload",
            permission=f"{row.name}.import",
            **whole,
        ),
        Link(
            name=f"export_{row.name}",
            label=_l("Export"),
            place=lists,
            endpoint="exporting.export",
            icon="download",
            order=60,
            permission=f"{row.name}.export",
            **whole,
        ),
    ]


def actions(found: Sequence[Action], own: Own) -> list[Action]:
    """Return the actions on records of own kinds, made after those on EACH: their permission is a verb."""
    return [
        replace(
            action,
            on=kind.key,
            name=f"{action.name}_{kind.key}",
            permission=f"{kind.key}.{action.permission}",
        )
        for action in found
        if action.on == EACH
        for kind in own.entities
    ]


def panels(found: Sequence[Panel], added: Sequence[Field]) -> list[Panel]:
    """Return the panels that stand beside records which records of own kinds point at, made after those of BESIDE."""
    pointed = dict.fromkeys(f.ref for f in added if f.ref and is_own(f.on))
    return [
        replace(panel, name=f"{panel.name}_{entity}", slot=f"{entity}.side")
        for panel in found
        if panel.slot == BESIDE
        for entity in pointed
    ]
