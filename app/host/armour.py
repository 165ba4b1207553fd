"""Puts the guard around callables of declarations that are asked from many places: what a record is called, say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from app.kernel.contributions import Contribution, Entity
from app.kernel.guard import Failure, Surface, must, run


def armoured(owner: str, item: Contribution) -> Contribution:
    """Return a plugin's declaration with its far-reaching callables in the guard; the core's stay as they are."""
    if owner == "core" or not isinstance(item, Entity):
        return item
    key = f"{owner}.{item.name}"
    title = _title(owner, key, item) if callable(item.title) else item.title
    derive = _derive(owner, key, item.derive) if item.derive is not None else None
    return replace(item, title=title, derive=derive)


def _title(owner: str, key: str, entity: Entity) -> Callable[[Any], str]:
    call: Any = entity.title

    def title(record: Any) -> str:
        named = run(call, record, owner=owner, surface=Surface.FIELD, item=f"{key} title")
        return str(entity.label) if isinstance(named, Failure) else str(named)

    return title


def _derive(owner: str, key: str, call: Callable[[Any, Any], None]) -> Callable[[Any, Any], None]:
    def derive(ctx: Any, record: Any) -> None:
        must(call, ctx, record, owner=owner, surface=Surface.SAVE, item=f"{key} derive", session=ctx.session)

    return derive
