"""The stages of contacts: those of the core, as an administrator named, ordered and coloured them, and more."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy import select

from app.formats.fold import fold
from app.house import house
from app.i18n import _
from app.kernel.context import Context
from app.kernel.contributions import Choice
from app.kernel.errors import Invalid, NotVisible
from app.models import Contact, LifecycleStage
from app.services import access, settings
from app.services.schema import STAGE
from app.services.unit import unit

MOST = 60


@dataclass(frozen=True, kw_only=True)
class Values:
    """What can be said about a stage: `tone` is a data-k of the stylesheet; a retired one is offered no more."""

    label: str
    tone: str
    retired: bool = False


def first(ctx: Context) -> str:
    """Return the stage in which people begin."""
    return next((s.value for s in ctx.schema.stages() if not s.retired), "subscriber")


def get(ctx: Context, name: str) -> Choice:
    """Return a stage. Raises NotVisible when there is none of this name."""
    found = next((s for s in ctx.schema.stages() if s.value == name), None)
    if found is None:
        raise NotVisible(_("There is no such stage."))
    return found


def used(ctx: Context, name: str) -> bool:
    """Tell whether any contact is in a stage, seen or unseen, in the trash too."""
    query = select(Contact.id).where(Contact.lifecycle_stage == name).limit(1)
    options = {access.UNSCOPED: "whether a stage is in use at all, whoever asks"}
    return ctx.session.execute(query, execution_options=options).first() is not None


@unit
def save(ctx: Context, name: str | None, values: Values) -> str:
    """Add a stage, or change one, and return its name, which never changes.

    Raises Invalid for a label that is taken, and when no stage would be left to begin in.
    """
    access.require(ctx, "admin.settings")
    label = values.label.strip()
    others = [s for s in ctx.schema.stages() if s.value != name]
    if label.casefold() in {str(s.label).casefold() for s in others}:
        raise Invalid({"label": _("There is a stage called “%(name)s” already.", name=label)})
    if values.retired and all(s.retired for s in others):
        raise Invalid({"retired": _("People must be able to begin somewhere: keep one stage.")})
    rows = _rows(ctx)
    row = rows.get(name or "") or _added(ctx, rows, label)
    if name is None or str(get(ctx, name).label) != label:
        row.label = label
    row.tone, row.retired = values.tone, values.retired
    _changed(ctx)
    return row.name


@unit
def move(ctx: Context, name: str, *, up: bool) -> None:
    """Put a stage before the one above it, or behind the one below it."""
    access.require(ctx, "admin.settings")
    names = [s.value for s in ctx.schema.stages()]
    if name not in names:
        raise NotVisible(_("There is no such stage."))
    rows, at = _rows(ctx), names.index(name)
    to = max(0, min(at + (-1 if up else 1), len(names) - 1))
    names.insert(to, names.pop(at))
    for position, one in enumerate(names):
        rows[one].position = position
    _changed(ctx)


@unit
def remove(ctx: Context, name: str) -> None:
    """Take a stage away that was added and in which nobody is. Raises Invalid with a sentence otherwise."""
    access.require(ctx, "admin.settings")
    stage = get(ctx, name)
    if not added(name):
        raise Invalid({"stage": _("“%(name)s” came with Kith. Retire it instead.", name=str(stage.label))})
    if used(ctx, name):
        raise Invalid(
            {"stage": _("There are people in “%(name)s”. Retire it instead.", name=str(stage.label))}
        )
    ctx.session.delete(_rows(ctx)[name])
    _changed(ctx)


def added(name: str) -> bool:
    """Tell whether a stage was added here: those of the core can only be retired."""
    declared = (f for f in house().registry.fields_of("contact") if f.key == STAGE)
    return name not in {c.value for f in declared if isinstance(f.choices, tuple) for c in f.choices}


def _rows(ctx: Context) -> dict[str, LifecycleStage]:
    """Return a row for every stage there is: the first change writes them all down in their present order."""
    found = {row.name: row for row in ctx.session.execute(select(LifecycleStage)).scalars()}
    for position, stage in enumerate(ctx.schema.stages()):
        if stage.value not in found:
            row = LifecycleStage(
                name=stage.value, label="", tone=stage.tone, position=position, retired=stage.retired
            )
            found[stage.value] = row
            ctx.session.add(row)
    return found


def _added(ctx: Context, rows: dict[str, LifecycleStage], label: str) -> LifecycleStage:
    if len(rows) >= MOST:
        raise Invalid({"label": _("There are %(num)s stages already. Retire some first.", num=len(rows))})
    base = re.sub(r"[^a-z0-9]+", "_", fold(label)).strip("_")[:30] or "stage"
    name = next(n for n in (base, *(f"{base}_{i}" for i in range(2, 1000))) if n not in rows)
    row = LifecycleStage(name=name, position=1 + max((r.position for r in rows.values()), default=0))
    ctx.session.add(row)
    return row


def _changed(ctx: Context) -> None:
    ctx.session.flush()
    settings.bump(ctx, "schema")
