"""Work on many records: chosen in a list, looked at before it is done, done in the background when it is long.

A draft keeps the choice; its number stands for the form, so that sending it twice does the work once.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select

from app.i18n import _
from app.kernel.context import Context
from app.kernel.errors import Invalid, NotVisible, Refuse
from app.models import BulkRefusal, BulkRun, JobRow
from app.services import access, bulk_check, bulk_choice, bulk_running, bulk_work
from app.services.bulk_choice import Chosen
from app.services.unit import unit

KINDS = ("edit", "trash", "action")
AT_ONCE = 500
"""Records that are worked on while the person waits; more are done in the background."""

KEEP = timedelta(days=30)
PAGE = 50


@unit
def draft(
    ctx: Context, entity: str, chosen: Chosen, kind: str = "", work: Mapping[str, Any] | None = None
) -> BulkRun:
    """Keep which records are meant, to say next what is to be done with them.

    Raises NotAllowed without the right to work on many, Invalid when nothing is chosen.
    """
    if not ctx.schema.has(entity):
        raise NotVisible(_("There is no such list."))
    access.require(ctx, f"{entity}.view")
    access.require(ctx, f"{entity}.{bulk_work.VERB}")
    total = bulk_choice.count(ctx, entity, chosen, cap=bulk_choice.MOST if chosen.ids else bulk_check.CAP)
    if not total:
        raise Invalid({"id": _("Choose at least one entry.")})
    made = BulkRun(
        user_id=ctx.user.id,
        entity=entity,
        kind=kind,
        chosen=chosen.json(),
        work=json.dumps(dict(work or {})),
        total=total,
        ceiling=bulk_choice.newest(ctx, entity),
        created_at=ctx.now,
    )
    ctx.session.add(made)
    ctx.session.flush()
    return made


def get(ctx: Context, run_id: int) -> BulkRun:
    """Return a run of the principal's own. Raises NotVisible."""
    found = ctx.session.get(BulkRun, run_id, populate_existing=True) if run_id <= access.GREATEST_ID else None
    if found is None or (found.user_id != ctx.user.id and not ctx.user.system):
        raise NotVisible(_("There is no such work."))
    return found


def choose(ctx: Context, run_id: int, kind: str, work: Mapping[str, Any]) -> None:
    """Say what is to be done, and look at what it would do: at first on some, on all of many in the background.

    Raises Refuse when the work has begun, and what the work itself raises when it cannot be done at all.
    """
    if kind not in KINDS:
        raise NotVisible(_("There is no such action."))
    _choose(ctx, run_id, kind, json.dumps(dict(work), default=str))
    bulk_check.first(ctx, run_id)


@unit
def _choose(ctx: Context, run_id: int, kind: str, work: str) -> None:
    made = get(ctx, run_id)
    _still(made)
    bulk_work.work(ctx, made.entity, kind, work)
    made.kind, made.work, made.checked = kind, work, "{}"


def start(ctx: Context, run_id: int) -> BulkRun:
    """Do the work of a draft: at once when it is short, else in the background; begun already, nothing more happens."""
    if not _start(ctx, run_id):
        bulk_running.run(ctx, run_id)
    return get(ctx, run_id)


@unit
def _start(ctx: Context, run_id: int) -> bool:
    """Set a draft to work; True when it needs nothing more from this request."""
    get(ctx, run_id)
    made = bulk_running.locked(ctx, run_id)
    if made is None or made.state != "draft" or made.kind not in KINDS:
        return True
    bulk_work.work(ctx, made.entity, made.kind, made.work)
    if made.total > AT_ONCE:
        bulk_running.begin(ctx, made)
        return True
    made.state = "running"
    return False


@unit
def resume(ctx: Context, run_id: int) -> None:
    """Go on with a run that was stopped or interrupted."""
    made = get(ctx, run_id)
    if made.state not in ("cancelled", *bulk_running.OPEN):
        raise Refuse(_("This is over already."))
    bulk_running.begin(ctx, made)


@unit
def cancel(ctx: Context, run_id: int) -> None:
    """Stop a run after the batch it is at; what is done stays done and can be taken back."""
    get(ctx, run_id)
    made = bulk_running.locked(ctx, run_id)
    if made is not None and made.state in ("waiting", "running"):
        made.state = "cancelled" if made.state == "waiting" else "cancelling"
        made.finished_at = ctx.now if made.state == "cancelled" else None


@unit
def discard(ctx: Context, run_id: int) -> str:
    """Forget a draft and return the entity it was about."""
    made = get(ctx, run_id)
    _still(made)
    ctx.session.execute(delete(BulkRun).where(BulkRun.id == made.id))
    return made.entity


def interrupted(ctx: Context, made: BulkRun) -> bool:
    """Tell whether a run that is not over has nobody who works on it."""
    if made.state not in bulk_running.OPEN:
        return False
    key = f"{bulk_running.JOB}:{made.id}"
    alive = select(JobRow.id).where(JobRow.key == key, JobRow.state == "ready")
    return ctx.session.scalar(alive.limit(1)) is None


def refusals(ctx: Context, made: BulkRun, *, after: int = 0, limit: int = PAGE) -> Sequence[BulkRefusal]:
    """Return records that a run left alone, in order, after one of them."""
    query = select(BulkRefusal).where(BulkRefusal.run_id == made.id, BulkRefusal.id > after)
    return ctx.session.execute(query.order_by(BulkRefusal.id).limit(limit)).scalars().all()


@unit
def forget(ctx: Context) -> int:
    """Remove runs of a month ago and drafts of yesterday that nobody works on; returns how many there were."""
    done = BulkRun.state.not_in(bulk_running.OPEN)
    old = BulkRun.created_at < ctx.now - KEEP
    stale = (BulkRun.state == "draft") & (BulkRun.created_at < ctx.now - timedelta(days=1))
    gone = ctx.session.execute(
        delete(BulkRun).where(done, old | stale), execution_options={"synchronize_session": False}
    )
    return int(gone.rowcount)  # type: ignore[attr-defined]


def _still(made: BulkRun) -> None:
    if made.state != "draft":
        raise Refuse(_("This has begun already."))
