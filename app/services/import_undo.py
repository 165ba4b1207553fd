"""Taking an import back: what it made goes to the trash, what it changed and nobody changed since is as before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select

from app.i18n import _
from app.kernel.context import Context
from app.kernel.contributions import Field
from app.kernel.errors import KithError, Refuse
from app.models import Affiliation, Contact, ImportRun, JournalEntry, Operation
from app.services import access, fields, import_options, importing, jobs, records
from app.services.import_options import Options
from app.services.import_running import within
from app.services.unit import unit
from app.services.values import dump, load, revive

BATCH = 50
KINDS = ("contact", "company")


@unit
def ask(ctx: Context, run_id: int) -> None:
    """Have a run taken back in the background. Raises Refuse for one that is not over, or is taken back already."""
    made = importing.get(ctx, run_id)
    if made.state not in ("done", "cancelled") or made.operation_id is None:
        raise Refuse(_("This import cannot be taken back now."))
    made.state = "undoing"
    name = importing.UNDO
    jobs.enqueue(ctx, name, {"run": made.id}, key=f"{name}:{made.id}", lane="import.run")


def undo_job(ctx: Context, args: Mapping[str, Any]) -> None:
    """The job `import.undo`: take a run back, newest change first, from where it stands."""
    undo(ctx, int(args["run"]))


def undo(ctx: Context, run_id: int) -> None:
    """Take a run back in batches; changes of people made since stay, and what could not be taken back is counted."""
    with within(ctx):
        _undo(ctx, run_id)


def _undo(ctx: Context, run_id: int) -> None:
    made = ctx.session.get(ImportRun, run_id, populate_existing=True)
    if made is None or made.state != "undoing" or made.operation_id is None:
        return
    operation = made.operation_id
    last = int(import_options.told(made.options).get("undone", {}).get("before", 0))
    while entries := _entries(ctx, operation, last):
        last = entries[-1].id
        _batch(ctx, run_id, [entry.id for entry in entries], last)
    with ctx.unit():
        act = ctx.session.get(Operation, operation)
        if act is not None:
            act.undone_at = ctx.now
        over = ctx.session.get(ImportRun, run_id)
        if over is not None:
            over.state, over.finished_at = "undone", ctx.now


def steps(ctx: Context, made: ImportRun) -> tuple[int, int]:
    """Return how many changes were taken back or left, and how many the run made."""
    if made.operation_id is None:
        return 0, 0
    mine = JournalEntry.operation_id == made.operation_id
    total = ctx.session.scalar(select(func.count()).where(mine)) or 0
    before = import_options.told(made.options).get("undone", {}).get("before", 0)
    left = (
        ctx.session.scalar(select(func.count()).where(mine, JournalEntry.id < before)) or 0
        if before
        else total
    )
    return int(total - left), int(total)


def _entries(ctx: Context, operation: int, before: int) -> Sequence[Any]:
    query = select(JournalEntry.id).where(
        JournalEntry.operation_id == operation, JournalEntry.entity.in_(KINDS)
    )
    if before:
        query = query.where(JournalEntry.id < before)
    return ctx.session.execute(query.order_by(JournalEntry.id.desc()).limit(BATCH)).all()


def _batch(ctx: Context, run_id: int, ids: Sequence[int], last: int) -> None:
    with ctx.unit():
        made = ctx.session.get(ImportRun, run_id, with_for_update=True)
        if made is None:
            return
        said = import_options.told(made.options)
        undone = {"left": 0, **said.get("undone", {}), "before": last}
        query = select(JournalEntry).where(JournalEntry.id.in_(ids)).order_by(JournalEntry.id.desc())
        for entry in ctx.session.execute(query).scalars():
            try:
                with ctx.unit(savepoint=True):
                    _back(ctx, entry)
            except KithError as error:
                ctx.log.info("%s %d is left as it is: %s", entry.entity, entry.record_id, error)
                undone["left"] += 1
        made.options = import_options.stored(Options.read(made.options), {**said, "undone": undone})


def _back(ctx: Context, entry: JournalEntry) -> None:
    if entry.verb == "create":
        if not _needed(ctx, entry):
            records.trash(ctx, entry.entity, [entry.record_id])
        return
    model = ctx.schema.entity(entry.entity).model
    if not access.visible_ids(ctx, model, [entry.record_id]):
        return
    record = records.get(ctx, entry.entity, entry.record_id, "edit")
    before, after = load(entry.before), load(entry.after)
    wanted = [
        ctx.schema.field(entry.entity, name)
        for name in after
        if ctx.schema.field(entry.entity, name).save is not None
        or ctx.schema.field(entry.entity, name).column
    ]
    present = fields.load(ctx, ctx.schema.entity(entry.entity), wanted, [record])
    changes = {
        field.key: _former(field, before.get(field.key), after[field.key])
        for field in wanted
        if load(dump(present[field.key].get(record.id))) == after[field.key]
    }
    if changes:
        records.update(ctx, entry.entity, entry.record_id, changes)


def _former(field: Field, before: Any, after: Any) -> Any:
    """Return the value before, with the right sort of nothing where the journal has none."""
    if before is not None:
        return revive(field, before)
    return [] if isinstance(after, list) else "" if isinstance(after, str) else None


def _needed(ctx: Context, entry: JournalEntry) -> bool:
    """Tell whether somebody who is not in the trash works in a company that the import made."""
    if entry.entity != "company":
        return False
    query = select(Contact.id).join(Affiliation, Affiliation.contact_id == Contact.id)
    return ctx.session.scalar(query.where(Affiliation.company_id == entry.record_id).limit(1)) is not None
