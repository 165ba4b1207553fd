"""Records on which the checks look at a plugin: an empty one, a full one, and one whose every text is markup."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from itertools import count
from types import SimpleNamespace
from typing import Any

from app.kernel.contributions import Entity, Field, Kind, Show
from app.services.context import acting
from app.testing.contract.case import Case

MARK = "<x-oh>\"'&"
"""Markup that no sanitiser lets through: seen raw in an answer, a text was not escaped."""

RAW = "<x-oh"
FULL = "plainly seen"
"""What the texts of full records say."""

SHAPES = ("empty", "full", "hostile")
numbers = count(1)


class Samples:
    """Makes records of any entity in three shapes, each with records of the plugin that point to it."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._busy: set[str] = set()

    def all(self, entity: str) -> list[Any]:
        """Return an empty, a full and a hostile record of an entity, the same ones for all of a check; only their `id`."""
        if entity not in self._case.kept:
            made = [self.one(entity, shape) for shape in SHAPES]
            self._case.kept[entity] = [SimpleNamespace(id=one.id) for one in made]
        return self._case.kept[entity]

    def one(self, entity: str, shape: str = "full") -> Any:
        """Return a new record of a shape; full and hostile ones have one of each of the plugin's records about them."""
        made = self._made(entity, shape)
        if shape != "empty" and not self._busy:
            for other in self._case.declared(Entity):
                for field in other.fields:
                    if field.ref == entity and field.column and other.key != entity:
                        with self._within(entity):
                            self._made(other.key, shape, {field.key: made.id})
        return made

    def _made(self, entity: str, shape: str, given: dict[str, Any] | None = None) -> Any:
        case = self._case
        ctx = case.make.ctx()
        with acting(ctx), self._within(entity):
            values = {**self._values(ctx, entity, shape), **(given or {})}
            if (build := case.builders.get(entity)) is not None:
                return build(case.make, values)
            if entity == "contact":
                return case.make.contact(**values)
            return case.make(entity, **values)

    @contextmanager
    def _within(self, entity: str) -> Iterator[None]:
        fresh = entity not in self._busy
        self._busy.add(entity)
        try:
            yield
        finally:
            if fresh:
                self._busy.discard(entity)

    def _values(self, ctx: Any, entity: str, shape: str) -> dict[str, Any]:
        values = {}
        for field in ctx.schema.fields(entity):
            mine = Show.FORM in field.show and field.owner in ("core", self._case.name)
            wanted = field.required or (shape != "empty" and mine)
            if wanted and (field.column or field.save) and field.key not in ("owner_id", "team_id"):
                value = self._value(ctx, entity, field, shape)
                if value is not None:
                    values[field.key] = value
        if entity == "contact":
            text = MARK if shape == "hostile" else "Ana"
            values = {"given_name": text, "family_name": f"{text} {next(numbers)}"}
        if entity == "company":
            values = {"name": f"{MARK if shape == 'hostile' else 'Acme'} {next(numbers)}"}
        return values

    def _value(self, ctx: Any, entity: str, field: Field, shape: str) -> Any:
        text = MARK if shape == "hostile" else FULL
        if field.many or field.save is not None:
            return None
        if field.kind in (Kind.TEXT, Kind.LONG_TEXT):
            return self._text(ctx, entity, field, text)
        if field.kind is Kind.REF and field.ref:
            return None if field.ref in self._busy else self._spare(field.ref)
        if field.kind is Kind.USER:
            return self._spare("user")
        if field.kind is Kind.CHOICE:
            choices = field.choices(ctx) if callable(field.choices) else field.choices
            return next((choice.value for choice in choices if not choice.retired), None)
        return PLAIN.get(field.kind)

    def _spare(self, entity: str) -> int:
        """Return an empty record to point to, the same one for all of a check."""
        if entity not in self._case.spare:
            made = self._case.make.user() if entity == "user" else self._made(entity, "empty")
            self._case.spare[entity] = made.id
        return self._case.spare[entity]

    @staticmethod
    def _text(ctx: Any, entity: str, field: Field, text: str) -> Any:
        column = getattr(ctx.schema.entity(entity).model, str(field.column), None)
        kind = getattr(column, "type", None)
        length = getattr(kind, "length", None)
        if getattr(kind, "python_type", str) is not str:
            return None
        return f"{text} {next(numbers)}"[:length] if length is None or length >= len(text) else text[:length]


PLAIN: dict[Kind, Any] = {
    Kind.NUMBER: 7,
    Kind.MONEY: Decimal("12.50"),
    Kind.DATE: date(2026, 3, 1).isoformat(),
    Kind.BOOL: True,
    Kind.EMAIL: "ana@example.org",
    Kind.URL: "https://example.org/",
}
"""A value of a kind that fits everywhere."""
