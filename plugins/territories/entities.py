"""The kind of record: territories."""

from __future__ import annotations

from typing import Any

from app.sdk import EVERYWHERE, Context, Entity, Field, Invalid, Kind, Show, _, _l, filters

from . import borders, geometry, placing
from .borders import Unclear
from .geometry import Misdrawn
from .matching import above, every
from .models import Territory

TERRITORY = "territories.territory"
QUIET = EVERYWHERE & ~Show.LIST


def derive(ctx: Context, territory: Any) -> None:
    """Check what cannot be checked value by value. Raises Invalid with a sentence for each."""
    problems: dict[str, Any] = {}
    try:
        borders.read(territory.borders or "")
    except Unclear as error:
        problems["borders"] = str(error)
    try:
        if territory.shape:
            geometry.read(territory.shape)
    except Misdrawn as error:
        problems["shape"] = str(error)
    if territory.condition and (wrong := _wrong(ctx, territory.condition)):
        problems["condition"] = wrong
    if territory.valid_from and territory.valid_until and territory.valid_from > territory.valid_until:
        problems["valid_until"] = _("This is before the first day.")
    if territory.id is not None and territory.parent_id is not None and _is_ring(ctx, territory):
        problems["parent_id"] = _("A territory cannot be within itself.")
    if problems:
        raise Invalid(problems)


def _wrong(ctx: Context, condition: str) -> str:
    """Return what is wrong with a condition that means something neither for contacts nor for companies, or ""."""
    said = []
    for entity in placing.WHOSE:
        try:
            filters.check(ctx, entity, condition)
            return ""
        except filters.ExprError as error:
            said.append(str(error))
    return said[0]


def _is_ring(ctx: Context, territory: Any) -> bool:
    parents = {one.id: one.parent_id for one in every(ctx) if one.id != territory.id}
    return territory.parent_id == territory.id or territory.id in above(
        {**parents, territory.id: None}, territory.parent_id
    )


def _field(name: str, label: Any, order: int, **more: Any) -> Field:
    return Field(name=name, label=label, on=TERRITORY, column=name, order=order, personal=False, **more)


def _sorted(name: str) -> Any:
    return lambda model: getattr(model, name)


ALL = (
    Entity(
        name="territory",
        label=_l("Territory"),
        plural=_l("Territories"),
        model=Territory,
        icon="map",
        url="territories.show",
        title="name",
        derive=derive,
        derive_from=("borders", "shape", "condition", "valid_from", "valid_until", "parent_id"),
        default_columns=("name", "parent_id", "owner_id", "team_id", "priority"),
        default_sort="name",
        fields=(
            _field("name", _l("Name"), 1, required=True, search=5, sort=_sorted("name")),
            _field("parent_id", _l("Part of"), 2, kind=Kind.REF, ref=TERRITORY),
            _field(
                "borders",
                _l("Borders"),
                3,
                kind=Kind.LONG_TEXT,
                show=QUIET,
                hint=_l(
                    "A line each, like “country DE, AT”, “postal DE 80000-86999” or “within 25 km of Berlin”."
                ),
            ),
            _field(
                "condition",
                _l("Condition"),
                4,
                hint=_l("Which records besides, in the language of filters: stage = customer"),
            ),
            _field(
                "priority",
                _l("Priority"),
                5,
                kind=Kind.NUMBER,
                sort=_sorted("priority"),
                hint=_l("Where territories overlap, the greater number has the record."),
            ),
            _field("valid_from", _l("From"), 6, kind=Kind.DATE),
            _field("valid_until", _l("Until"), 7, kind=Kind.DATE),
            _field("marks", _l("Only marks a place to filter by"), 8, kind=Kind.BOOL),
            _field("follows", _l("Records go to its owner"), 9, kind=Kind.BOOL),
            _field("owner_id", _l("Whose it is"), 60, kind=Kind.USER),
            _field("team_id", _l("Team"), 61, kind=Kind.TEAM),
            _field("note", _l("Note"), 10, kind=Kind.LONG_TEXT, show=QUIET),
            _field(
                "shape", _l("Drawn area"), 11, kind=Kind.LONG_TEXT, show=Show.EXPORT | Show.API | Show.HISTORY
            ),
        ),
    ),
)
