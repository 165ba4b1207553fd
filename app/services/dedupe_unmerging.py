"""Taking a merge back from the journal, and doing it again when that is taken back: what was moved goes where it was."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, select, update

from app.i18n import _
from app.kernel.context import Context
from app.models import RecordAlias
from app.services import access, dedupe_merging, dedupe_moving, last_contact
from app.services.access import UNSCOPED
from app.services.dedupe_merging import MERGE, UNMERGE
from app.services.values import load

__all__ = ["MERGE", "UNMERGE", "again", "back"]


def back(ctx: Context, entity: str, rows: Sequence[Any], found: Any) -> None:
    """Give former records back what was theirs; they are out of the trash by now, or nothing is done (bulk_undo)."""
    for row in rows:
        told = load(row.after)
        kept, former = int(told["kept"]), int(told["former"])
        model = ctx.schema.entity(entity).model
        if access.visible_ids(ctx, model, [kept, former], "merge") != {kept, former}:
            found.left.append((entity, former, _("It is in the trash. Restore it first."), {}))
            continue
        notes = list(reversed(told["notes"]))
        done = dedupe_moving.again(ctx, entity, notes, kept, former, back=True)
        _parted(ctx, entity, former)
        dedupe_merging.note(ctx, entity, UNMERGE, kept, former, list(reversed(done)))
        last_contact.anew(ctx, [(entity, kept), (entity, former)])
        found.changed += 1


def again(ctx: Context, entity: str, rows: Sequence[Any], found: Any) -> None:
    """Merge once more what was taken apart."""
    for row in rows:
        told = load(row.after)
        kept, former = int(told["kept"]), int(told["former"])
        model = ctx.schema.entity(entity).model
        if access.visible_ids(ctx, model, [kept, former], "merge") != {kept, former}:
            found.left.append((entity, former, _("There is no such record any more."), {}))
            continue
        done = dedupe_moving.again(ctx, entity, told["notes"], former, kept, back=False)
        dedupe_merging.note(ctx, entity, MERGE, kept, former, done)
        dedupe_merging.lead(ctx, entity, [former], kept)
        last_contact.anew(ctx, [(entity, kept)])
        found.changed += 1


def kept_of(ctx: Context, entity: str, record_id: int) -> int | None:
    """Return what a record that is no more became part of, if the principal may see that; None otherwise."""
    if not 0 < record_id <= access.GREATEST_ID:
        return None
    alias, seen = RecordAlias, {record_id}
    here: int | None = record_id
    while True:
        query = select(alias.kept_id).where(alias.entity == entity, alias.former_id == here)
        here = ctx.session.scalar(query)
        if here is None or here in seen:
            return None
        if access.visible_ids(ctx, ctx.schema.entity(entity).model, [here]):
            return here
        seen.add(here)


def _parted(ctx: Context, entity: str, former: int) -> None:
    whole = {UNSCOPED: "where a record went is a fact about it", "synchronize_session": False}
    model = ctx.schema.entity(entity).model
    ctx.session.execute(
        update(model).where(model.id == former).values(merged_into=None), execution_options=whole
    )
    gone = delete(RecordAlias).where(RecordAlias.entity == entity, RecordAlias.former_id == former)
    ctx.session.execute(gone)
