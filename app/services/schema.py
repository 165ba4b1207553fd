"""Entities and fields as they are now: frozen contributions of enabled owners plus definitions from the database.

Built once per `schema` and `plugins` epoch and shared by all requests of the process (DECISIONS 9).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.house import house
from app.kernel.contributions import Action, Choice, Contribution, Entity, Field, Link, Panel, TimelineKind
from app.kernel.errors import Invalid
from app.kernel.registry import Registry
from app.models import InteractionKind, LifecycleStage
from app.services import custom_fields_schema, layouts_schema, own_types_schema
from app.services.layouts_schema import Layout
from app.services.own_types_schema import Own

T = TypeVar("T")

STAGE = "lifecycle_stage"
"""The field of contacts whose choices are data."""


class LiveSchema:
    """The declarations in force, indexed for readers; immutable after construction."""

    def __init__(
        self,
        registry: Registry,
        kinds: Sequence[TimelineKind] = (),
        stages: Sequence[LifecycleStage] = (),
        added: Sequence[Field] = (),
        own: Own | None = None,
        layouts: Mapping[tuple[str, str], Layout] | None = None,
    ) -> None:
        self.layouts = layouts or {}
        self.registry = registry
        self._own = own = own or Own()
        self._stages: tuple[Choice, ...] = ()
        self._entities = {e.key: e for e in (*registry.entities(), *own.entities)}
        self._by_model = {e.model: e for e in self._entities.values() if e.where is None}
        declared = {e.key: e.fields for e in own.entities}
        self._fields = {
            key: {
                f.key: f
                for f in sorted((*declared.get(key, ()), *registry.fields_of(key)), key=lambda f: f.order)
            }
            for key in self._entities
        }
        for field in added:
            if field.on in self._fields:
                self._fields[field.on].setdefault(field.key, field)
        if stage := self._fields.get("contact", {}).get(STAGE):
            self._stages = _merged(stage.choices if isinstance(stage.choices, tuple) else (), stages)
            self._fields["contact"][STAGE] = replace(stage, choices=self._stages)
        found = [*registry.all(TimelineKind), *kinds]
        self._kinds = {k.key: k for k in sorted(found, key=lambda k: (k.order, k.key))}
        here = [f for f in added if f.on in self._entities]
        self._beside = own_types_schema.panels(registry.all(Panel), here)
        self._more: dict[Any, Sequence[Contribution]] = {
            Action: own_types_schema.actions(registry.all(Action), own),
            Entity: own.entities,
            Link: own.links,
            Panel: self._beside,
        }
        self._actions = sorted(self.all(Action), key=lambda a: (a.order, a.key))
        self._links = sorted(self.all(Link), key=lambda item: (item.order, item.key))

    def entities(self) -> Sequence[Entity]:
        """Return all entities in boot order."""
        return tuple(self._entities.values())

    def entity(self, name: str) -> Entity:
        """Return an entity by its qualified name. Raises Invalid when there is none (now)."""
        if name not in self._entities:
            raise Invalid({"entity": f"There is no kind of record called “{name}”."})
        return self._entities[name]

    def has(self, name: str) -> bool:
        """Tell whether an entity is there now."""
        return name in self._entities

    def of(self, model: type) -> Entity:
        """Return the entity of a mapped class."""
        return self._by_model[model]

    def fields(self, entity: str) -> Sequence[Field]:
        """Return the fields of an entity, by order."""
        return tuple(self._fields.get(entity, {}).values())

    def field(self, entity: str, name: str) -> Field:
        """Return a field by name. Raises Invalid when the entity has none of that name."""
        found = self._fields.get(entity, {}).get(name)
        if found is None:
            raise Invalid({name: f"There is no field “{name}” on {entity}."})
        return found

    def actions(self, entity: str) -> Sequence[Action]:
        """Return the actions on an entity."""
        return [a for a in self._actions if a.on == entity]

    def panels(self, slot: str) -> Sequence[Panel]:
        """Return the panels of a slot."""
        found = [p for p in self._beside if p.slot == slot]
        declared = self.registry.panels_in(slot)
        return sorted((*declared, *found), key=lambda p: (p.order, p.key)) if found else declared

    def links(self, place: str) -> Sequence[Link]:
        """Return the links of a place."""
        return [item for item in self._links if item.place == place]

    def kinds(self) -> Sequence[TimelineKind]:
        """Return the kinds of timeline entry, declared and defined."""
        return tuple(self._kinds.values())

    def kind(self, name: str) -> TimelineKind:
        """Return a kind by name, or a neutral stand-in: entries of a removed plugin must still be shown."""
        return self._kinds.get(name) or TimelineKind(name=name, label=name, icon="circle-dot", order=99)

    def stages(self) -> Sequence[Choice]:
        """Return the stages of contacts in their order, the retired ones last."""
        return self._stages

    def all(self, kind: type[T]) -> Sequence[T]:
        """Return the declarations of one type of the enabled owners."""
        found = self.registry.all(cast("type[Contribution]", kind))
        if kind in self._more:
            found = [*(item for item in found if not own_types_schema.is_pattern(item)), *self._more[kind]]
        return cast("Sequence[T]", found)

    def own(self) -> Sequence[Entity]:
        """Return the kinds of record that administrators defined."""
        return self._own.entities


def current(session: Session, epoch: tuple[int, ...]) -> LiveSchema:
    """Return the schema for an epoch, from the process's cache when nothing has changed."""
    kith = house()
    key = epoch[:2]
    cached = kith.schema_cache
    if cached is not None and cached[0] == key:
        return cast(LiveSchema, cached[1])
    built = _built(session)
    kith.schema_cache = (key, built)
    return built


def with_deleted(session: Session) -> LiveSchema:
    """Return the schema with the kinds of record that were deleted but are not yet gone: to remove what is left of them."""
    return _built(session, deleted=True)


def _built(session: Session, *, deleted: bool = False) -> LiveSchema:
    added = custom_fields_schema.read(session)
    return LiveSchema(
        house().registry,
        _defined_kinds(session),
        _defined_stages(session),
        added,
        own_types_schema.read(session, added, deleted=deleted),
        layouts_schema.read(session),
    )


def _defined_kinds(session: Session) -> list[TimelineKind]:
    rows = session.execute(select(InteractionKind).order_by(InteractionKind.position)).scalars()
    return [
        TimelineKind(
            name=row.name,
            label=row.label,
            icon=row.icon,
            tone=row.tone,
            directed=row.directed,
            timed=row.timed,
            loggable=True,
            order=row.position,
        )
        for row in rows
    ]


def _defined_stages(session: Session) -> list[LifecycleStage]:
    return list(session.execute(select(LifecycleStage)).scalars())


def _merged(declared: Sequence[Choice], defined: Sequence[LifecycleStage]) -> tuple[Choice, ...]:
    """Return the declared choices as an administrator changed them, with those that were added."""
    known = {choice.value: choice for choice in declared}
    places = {choice.value: place for place, choice in enumerate(declared)}
    for row in defined:
        label = row.label or (known[row.name].label if row.name in known else row.name)
        known[row.name] = Choice(value=row.name, label=label, tone=row.tone, retired=row.retired)
        places[row.name] = row.position
    return tuple(sorted(known.values(), key=lambda c: (c.retired, places[c.value])))
