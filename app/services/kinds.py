"""Kinds of interaction that an administrator adds as data, beside those of the core and of plugins."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from app.formats.fold import fold
from app.i18n import _
from app.kernel.context import Context
from app.kernel.errors import Invalid, NotVisible
from app.models import InteractionKind, InteractionLink
from app.services import access, settings
from app.services.unit import unit

FIRST = 100
"""Position of the first kind that is added: behind those of the core."""


@dataclass(frozen=True, kw_only=True)
class Values:
    """What can be said about a kind: `tone` is a data-k of the stylesheet; directed: in or out; timed: how long."""

    label: str
    icon: str
    tone: str
    directed: bool = False
    timed: bool = False


def added(ctx: Context) -> Sequence[InteractionKind]:
    """Return the kinds that were added, in their order."""
    access.require(ctx, "admin.settings")
    query = select(InteractionKind).order_by(InteractionKind.position, InteractionKind.id)
    return ctx.session.execute(query).scalars().all()


def get(ctx: Context, kind_id: int) -> InteractionKind:
    """Return an added kind. Raises NotVisible."""
    access.require(ctx, "admin.settings")
    found = ctx.session.get(InteractionKind, kind_id)
    if found is None:
        raise NotVisible(_("There is no such kind of interaction."))
    return found


@unit
def save(ctx: Context, kind_id: int | None, values: Values) -> InteractionKind:
    """Add a kind, or change one; its name never changes. Raises Invalid for a label that is taken."""
    access.require(ctx, "admin.settings")
    label = values.label.strip()
    taken = {str(k.label).casefold() for k in ctx.schema.kinds() if k.key != _name(ctx, kind_id)}
    if label.casefold() in taken:
        raise Invalid({"label": _("There is a kind called “%(name)s” already.", name=label)})
    kind = get(ctx, kind_id) if kind_id is not None else _new(ctx, label)
    kind.label, kind.icon, kind.tone = label, values.icon, values.tone
    kind.directed, kind.timed = values.directed, values.timed
    ctx.session.add(kind)
    ctx.session.flush()
    settings.bump(ctx, "schema")
    return kind


@unit
def remove(ctx: Context, kind_id: int) -> None:
    """Take a kind away that nothing was logged with. Raises Invalid with a sentence when something was."""
    kind = get(ctx, kind_id)
    if used(ctx, kind.name):
        raise Invalid({"kind": _("“%(name)s” has entries. Rename it instead.", name=kind.label)})
    ctx.session.delete(kind)
    settings.bump(ctx, "schema")


def used(ctx: Context, name: str) -> bool:
    """Tell whether anything was logged with a kind, seen or unseen."""
    return (
        ctx.session.scalar(select(InteractionLink.id).where(InteractionLink.kind == name).limit(1))
        is not None
    )


def _name(ctx: Context, kind_id: int | None) -> str:
    return get(ctx, kind_id).name if kind_id is not None else ""


def _new(ctx: Context, label: str) -> InteractionKind:
    base = re.sub(r"[^a-z0-9]+", "_", fold(label)).strip("_")[:40] or "kind"
    known = {k.key for k in ctx.schema.kinds()} | set(ctx.session.scalars(select(InteractionKind.name)))
    name = next(n for n in (base, *(f"{base}_{i}" for i in range(2, 1000))) if n not in known)
    last = ctx.session.scalar(select(func.max(InteractionKind.position)))
    return InteractionKind(name=name, position=max(FIRST, (last or 0) + 1))
