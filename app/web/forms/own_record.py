"""The form of a record of an own kind: its fields in their order, and who looks after it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.i18n import _
from app.kernel.context import Context
from app.kernel.contributions import Entity, Field
from app.services import custom_fields_rules, fields, layouts
from app.web.forms.controls import Data
from app.web.forms.record import RecordForm, editable

OWNER = ("owner_id", "team_id", "source")
BEHIND = (*OWNER, "created_at", "updated_at")
"""Fields that every kind has; what was added to it stands before them."""


def groups(kind: Entity, every: Sequence[Field]) -> list[tuple[str, tuple[str, ...]]]:
    """Return the groups of a record's fields with their titles: what was added, and who looks after it."""
    own = tuple(f.key for f in every if f.key not in OWNER)
    present = {f.key for f in every}
    found = [(str(kind.label), own), (_("Who looks after it"), OWNER)]
    return [(title, names) for title, names in found if present & set(names)]


def whole(ctx: Context, kind: Entity, record: Any, data: Data | None = None) -> RecordForm:
    """Return the whole form of a record, filled with what is stored, or with what was typed."""
    every = custom_fields_rules.asked_for(ctx, kind.key, record.id, editable(ctx, kind.key))
    loaded = fields.load(ctx, kind, every, [record])
    return RecordForm(ctx, every, {f.key: loaded[f.key].get(record.id) for f in every}, data)


def new(ctx: Context, kind: Entity, data: Data | None, given: Mapping[str, Any]) -> RecordForm:
    """Return the form of a new record; `given` is what is known of it beforehand."""
    every = [f for f in editable(ctx, kind.key) if f.key not in ("team_id", "source")]
    if layouts.of(ctx, kind.key) is None:
        every.sort(key=lambda f: f.key in BEHIND)
    stored = custom_fields_rules.completed(ctx, kind.key, {"owner_id": ctx.user.id, **given})
    return RecordForm(ctx, every, stored, data)
