"""Entities and fields as they are now: frozen contributions of enabled owners plus definitions from the database.

Built once per `schema` and `plugins` epoch and shared by all requests of the process (DECISIONS 9).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.house import house
from app.kernel.contributions import Action, Choice, Contribution, Entity, Field, Link, Panel, TimelineKind
from app.kernel.errors import Invalid
from app.kernel.registry import Registry
from app.models import InteractionKind, LifecycleStage

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
    ) -> None:
        self.registry = registry
        self._stages: tuple[Choice, ...] = ()
        self._entities = {e.key: e for e in registry.entities()}
        self._by_model = {e.model: e for e in self._entities.values() if e.where is None}
        self._fields = {
            key: {f.key: f for f in sorted(registry.fields_of(key), key=lambda f: f.order)}
            for key in self._entities
        }
        if stage := self._fields.get("contact", {}).get(STAGE):
            self._stages = _merged(stage.choices if isinstance(stage.choices, tuple) else (), stages)
            self._fields["contact"][STAGE] = replace(stage, choices=self._stages)
        found = [*registry.all(TimelineKind), *kinds]
        self._kinds = {k.key: k for k in sorted(found, key=lambda k: (k.order, k.key))}
        self._actions = sorted(registry.all(Action), key=lambda a: (a.order, a.key))
        self._links = sorted(registry.all(Link), key=lambda item: (item.order, item.key))

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
        return self.registry.panels_in(slot)

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
        return cast("Sequence[T]", self.registry.all(cast("type[Contribution]", kind)))


def current(session: Session, epoch: tuple[int, ...]) -> LiveSchema:
    """Return the schema for an epoch, from the process's cache when nothing has changed."""
    kith = house()
    key = epoch[:2]
    cached = kith.schema_cache
    if cached is not None and cached[0] == key:
        return cast(LiveSchema, cached[1])
    built = LiveSchema(kith.registry, _defined_kinds(session), _defined_stages(session))
    kith.schema_cache = (key, built)
    return built


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
