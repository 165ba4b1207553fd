"""Taking an import back: what it made goes to the trash, what it changed and nobody changed since is as before."""

from __future__ import annotations

from collections.abc import Mapping
from time import perf_counter
from typing import Any

from sqlalchemy import func, select

from app.i18n import _
from app.kernel.context import Context
from app.kernel.errors import Refuse
from app.models import ImportRun, JournalEntry, Operation
from app.services import bulk_running, bulk_undo, import_options, importing, jobs
from app.services.import_options import Options
from app.services.import_running import within
from app.services.unit import unit


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
        bulk_running.paced(ctx, lambda size: _batch(ctx, run_id, size))


@unit
def _batch(ctx: Context, run_id: int, size: int) -> list[float]:
    """Take the next changes back and note how far it is; nothing when there is nothing more to do."""
    started = perf_counter()
    made = _locked(ctx, run_id)
    if made is None or made.state != "undoing" or made.operation_id is None:
        return []
    said = import_options.told(made.options)
    undone = {"left": 0, **said.get("undone", {})}
    ctx.operation = undone["operation"] = _operation(ctx, made.operation_id, undone.get("operation"))
    last = undone.get("before") or bulk_undo.NEWEST
    rows = bulk_undo.entries(ctx, made.operation_id, before=last, limit=size)
    if rows:
        found = bulk_undo.back(ctx, rows)
        undone |= {"left": undone["left"] + len(found.left), "before": rows[-1].id}
    else:
        _over(ctx, made)
    made.options = import_options.stored(Options.read(made.options), {**said, "undone": undone})
    return bulk_running.clocked(ctx, started) if rows else []


def _locked(ctx: Context, run_id: int) -> ImportRun | None:
    query = select(ImportRun).where(ImportRun.id == run_id).with_for_update()
    found: ImportRun | None = ctx.session.execute(
        query, execution_options={"populate_existing": True}
    ).scalar_one_or_none()
    return found


def _operation(ctx: Context, undoes: int, known: int | None) -> int:
    """Return the operation of the undo, begun if there is none: all batches are one act."""
    if known is not None:
        return known
    act = Operation(name="undo", actor_id=ctx.user.id, source="web", at=ctx.now, undoes=undoes)
    ctx.session.add(act)
    ctx.session.flush()
    return act.id


def _over(ctx: Context, made: ImportRun) -> None:
    act = ctx.session.get(Operation, made.operation_id)
    if act is not None:
        act.undone_at = ctx.now
    made.state, made.finished_at = "undone", ctx.now


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
