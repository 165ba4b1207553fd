"""What was contributed: by type, owner and target; filtered by enabled owners; frozen after boot.

Readers outside `services/schema.py` and the host do not touch the registry: they ask `ctx.schema`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, TypeVar

from app.kernel.contributions import Contribution, Entity, Field, Panel, RowRule
from app.kernel.errors import PluginError

T = TypeVar("T", bound=Contribution)


class Registry:
    """All declarations of all loaded owners. Written by the host at boot, read by services ever after.

    `enabled` answers whether an owner takes part now; the host installs it. Disabled means shown nowhere. `in_force`
    returns a row rule as it holds now: what a plugin protects stays closed while it ails.
    """

    def __init__(self) -> None:
        self._items: list[Contribution] = []
        self._frozen = False
        self._by_type: dict[type[Contribution], tuple[Contribution, ...]] = {}
        self.enabled: Callable[[str], bool] = lambda owner: True
        self.in_force: Callable[[RowRule], RowRule | None] = self._in_force

    def add(self, owner: str, items: Iterable[Contribution]) -> None:
        """Take an owner's declarations, stamped with the owner and qualified; all of them or none.

        Raises PluginError when a declaration is of the wrong type or a name is taken.
        """
        if self._frozen:
            raise PluginError(owner, "declarations are collected at boot only; return them from a hook.")
        stamped = [_stamp(owner, item) for item in items]
        taken = {(type(item), _identity(item)) for item in self._items}
        for item in stamped:
            if (type(item), _identity(item)) in taken and item.name:
                raise PluginError(
                    owner, f"{type(item).__name__} “{item.name}” is declared twice; rename one."
                )
            taken.add((type(item), _identity(item)))
        self._items.extend(stamped)

    def withdraw(self, owner: str) -> None:
        """Take back everything an owner declared: a plugin counts as a unit."""
        self._items = [item for item in self._items if item.owner != owner]
        self._by_type.clear()

    @contextmanager
    def thawed(self) -> Iterator[None]:
        """Take declarations again for a while: for the testing kit."""
        self._frozen = False
        try:
            yield
        finally:
            self.freeze()

    def freeze(self) -> None:
        """End the boot: nothing is added any more."""
        self._frozen = True
        self._by_type.clear()

    def loaded(self, kind: type[T]) -> Sequence[T]:
        """Return the declarations of one type of all loaded owners, enabled or not (erase, merge, backup)."""
        found = self._by_type.get(kind) if self._frozen else None
        if found is None:
            found = tuple(item for item in self._items if isinstance(item, kind))
            self._by_type[kind] = found
        return found  # type: ignore[return-value]

    def all(self, kind: type[T]) -> Sequence[T]:
        """Return the declarations of one type of the enabled owners, in boot order."""
        if kind is RowRule:
            rules = (item for item in self.loaded(RowRule))
            return [rule for item in rules if (rule := self.in_force(item)) is not None]  # type: ignore[misc]
        return [item for item in self.loaded(kind) if item.owner == "core" or self.enabled(item.owner)]

    def _in_force(self, rule: RowRule) -> RowRule | None:
        return rule if rule.owner == "core" or self.enabled(rule.owner) else None

    def owners(self) -> Sequence[str]:
        """Return the names of the owners that declared something, in boot order."""
        return tuple(dict.fromkeys(item.owner for item in self._items))

    def entities(self) -> Sequence[Entity]:
        """Return the entities of the enabled owners."""
        return self.all(Entity)

    def fields_of(self, entity: str) -> Sequence[Field]:
        """Return the fields on an entity: those in its declaration, then those that others put on it."""
        own = [f for e in self.entities() if e.key == entity for f in e.fields]
        return [*own, *(f for f in self.all(Field) if f.on == entity)]

    def panels_in(self, slot: str) -> Sequence[Panel]:
        """Return the panels of a slot, by order then name."""
        return sorted((p for p in self.all(Panel) if p.slot == slot), key=lambda p: (p.order, p.key))


def _identity(item: Contribution) -> str:
    return f"{item.on}:{item.key}" if isinstance(item, Field) else item.key


def _stamp(owner: str, item: Any) -> Any:
    if not isinstance(item, Contribution):
        raise PluginError(
            owner, f"{item!r} is no declaration; return Entity, Field, Action, Panel … objects."
        )
    if isinstance(item, Entity):
        key = item.name if owner == "core" else f"{owner}.{item.name}"
        fields = tuple(replace(f, owner=owner, on=f.on or key) for f in item.fields)
        return replace(item, owner=owner, fields=fields)
    return replace(item, owner=owner)
