"""Kinds of record that administrators defined pass the checks that a plugin's kinds of record pass."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from app.house import house
from app.kernel.contributions import Action, Choice, Entity
from app.services import custom_fields, own_types
from app.services.context import acting
from app.services.custom_fields import Values as Field
from app.services.own_types import Values
from app.services.own_types_schema import is_own
from app.testing.contract import CHECKS, held
from app.testing.contract.case import Case
from app.testing.factories import Make

FITTING = [
    *(name for name in CHECKS if name.startswith("fields_")),
    "sorts_use_an_index",
    *(name for name in CHECKS if name.startswith("actions_")),
    "writes_pass_the_journal",
]
"""The checks that are about records; the others look at a plugin's files, tables and pages."""

TYPES: tuple[dict[str, Any], ...] = (
    {"type": "text", "searched": True},
    *({"type": t} for t in ("long_text", "number", "money", "date", "time", "bool", "url", "email", "phone")),
    {"type": "choice", "choices": (Choice(value="", label="Red"), Choice(value="", label="Blue"))},
    {"type": "ref", "ref": "contact"},
)


class Own(Case):
    """The own kinds of an application, looked at as if a plugin had declared them."""

    @property
    def registry(self) -> Any:
        """All declarations, own kinds among them."""
        schema = self.make.ctx().schema
        return SimpleNamespace(entities=schema.entities, loaded=schema.all)

    def declared(self, kind: type[Any]) -> list[Any]:
        """Return what there is for own kinds alone."""
        every = self.make.ctx().schema.all(kind)
        if kind is Entity:
            return [entity for entity in every if is_own(entity.key)]
        return [item for item in every if kind is Action and is_own(item.on)]

    def fields(self) -> list[Any]:
        """Return the fields of own kinds, those that were added among them."""
        schema = self.make.ctx().schema
        return [field for kind in self.declared(Entity) for field in schema.fields(kind.key)]


@pytest.mark.parametrize("check", FITTING)
def test_an_own_kind(app: Flask, make: Make, check: str) -> None:
    user = make.user("administrator")
    with acting(make.ctx(user)) as ctx:
        own_types.add(ctx, Values(label="Boat", plural="Boats"))
    with acting(make.ctx(user)) as ctx:
        for more in TYPES:
            custom_fields.add(ctx, "x_boat", Field(label=str(more["type"]), **more))
    assert house(app).host is not None
    case = Own(app, "own")
    case.make = make
    held(check, case)
