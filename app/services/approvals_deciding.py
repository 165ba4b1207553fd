"""Deciding what waits for an approval: it is run as the request of who asked, checked again, or declined with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, exists, select

from app.i18n import _, _l
from app.kernel.context import Approved, Context
from app.kernel.contributions import Action
from app.kernel.errors import Conflict, Invalid, NotAllowed, NotVisible, Refuse
from app.models import Approval, ApprovalLink
from app.services import actions, approvals, notifications, typed_json
from app.services.unit import unit

EXPIRE = "approvals.expire"
"""The job that ends what nobody decided in time."""

BATCH = 200


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What came of an approval: `done` is False when it has to be looked at again, because the reason has changed."""

    done: bool
    message: str
    url: str | None = None


@unit
def approve(ctx: Context, approval_id: int, note: str = "") -> Decision:
    """Run what was asked for, as the request of who asked, and tell him.

    Raises NotVisible, NotAllowed for who may not decide, Invalid when it was decided already or cannot be run any more
    (then nothing is changed), GuardedFailure when the action failed.
    """
    row = _undecided(ctx, approval_id)
    action = actions.find(ctx, row.action)
    ids = list(approvals.records_of(ctx, [row])[row.id])
    data = typed_json.load(row.data)
    with notifications.receiving(ctx, row.asked_by or 0) as asker:
        if asker is None:
            raise Invalid({"approval": _("Who asked for this cannot act any more. Decline it.")})
        asker.source = ctx.source
        if changed := _another_reason(asker, row, action, ids, data):
            row.reason = changed
            message = _("It has changed since it was asked for. Look at it again: %(why)s", why=changed)
            return Decision(done=False, message=message)
        asker.approved = Approved(
            id=row.id,
            action=action.key,
            by_id=ctx.user.id or 0,
            by=ctx.user.name,
            at=ctx.now,
            note=_clean(note),
            reason=row.reason,
        )
        outcome, row.operation_id = _carried_out(asker, action, ids, data)
    _close(ctx, row, approvals.APPROVED, note)
    _tell_asker(
        ctx, row, action, _l("%(who)s approved: %(what)s", who=ctx.user.name, what=_what(action, row))
    )
    return Decision(done=True, message=str(outcome.message or _("Approved")), url=outcome.url)


@unit
def decline(ctx: Context, approval_id: int, note: str) -> None:
    """Say no, with a reason that who asked can read. Raises NotVisible, NotAllowed, Invalid."""
    row = _undecided(ctx, approval_id)
    if not note.strip():
        raise Invalid({"note": _("Say why, so that your colleague knows what to change.")})
    _close(ctx, row, approvals.DECLINED, note)
    action = actions.find(ctx, row.action)
    values = {"who": ctx.user.name, "what": _what(action, row), "why": row.note}
    _tell_asker(ctx, row, action, _l("%(who)s declined: %(what)s. “%(why)s”", **values))


@unit
def withdraw(ctx: Context, approval_id: int) -> None:
    """Take one's own request back. Raises NotVisible, NotAllowed, Invalid when it was decided already."""
    row = approvals.get(ctx, approval_id)
    if row.asked_by != ctx.user.id:
        raise NotAllowed(_("Only who asked for this can take it back."))
    _still_waits(ctx, row)
    _close(ctx, row, approvals.WITHDRAWN, "")


def expire(ctx: Context, args: Mapping[str, Any]) -> None:
    """The job `approvals.expire`: end what nobody decided in time, and tell those who asked."""
    while _expire_some(ctx):
        pass


@unit
def _expire_some(ctx: Context) -> int:
    over = select(Approval).where(Approval.state == approvals.WAITING, Approval.until <= ctx.now)
    rows = ctx.session.execute(over.order_by(Approval.until).limit(BATCH).with_for_update()).scalars().all()
    known = approvals.declared(ctx)
    for row in rows:
        row.state, row.decided_at = approvals.EXPIRED, ctx.now
        action = known.get(row.action)
        if action is not None:
            text = _l("Nobody approved in time: %(what)s", what=_what(action, row))
            _tell_asker(ctx, row, action, text)
    ctx.session.flush()
    return len(rows)


def forget(ctx: Context) -> int:
    """Remove up to a batch of requests whose records were all removed for good; returns how many."""
    with ctx.unit():
        linked = exists(select(ApprovalLink.id).where(ApprovalLink.approval_id == Approval.id))
        ids = ctx.session.execute(select(Approval.id).where(~linked).limit(BATCH)).scalars().all()
        ctx.session.execute(
            delete(Approval).where(Approval.id.in_(ids)), execution_options={"synchronize_session": False}
        )
    return len(ids)


# ---------------------------------------------------------------- the steps of a decision


def _undecided(ctx: Context, approval_id: int) -> Approval:
    row = approvals.get(ctx, approval_id)
    if not approvals.may_decide(ctx, row):
        raise NotAllowed(_("Somebody else has to decide this."), row.permission)
    _still_waits(ctx, row)
    return row


def _still_waits(ctx: Context, row: Approval) -> None:
    if row.state != approvals.WAITING:
        raise Invalid({"approval": _("This was decided already.")})
    if row.until <= ctx.now:
        raise Invalid({"approval": _("The time for this is over. It has to be asked for again.")})


def _another_reason(
    asker: Context, row: Approval, action: Action, ids: list[int], data: Mapping[str, Any]
) -> str:
    """Return why it would have to be approved now, if that is not what was asked for; "" when it still is."""
    model = asker.schema.entity(action.on).model
    found = asker.session.execute(select(model).where(model.id.in_(ids)).order_by(model.id)).scalars().all()
    now = approvals.reason(asker, action, found, data) if found else row.reason
    return now if now and now != row.reason else ""


def _carried_out(asker: Context, action: Action, ids: list[int], data: Mapping[str, Any]) -> Any:
    try:
        outcome, operation = actions.perform(asker, action, ids, data)
    except (Conflict, Invalid, NotAllowed, NotVisible, Refuse) as error:
        raise Invalid({"approval": _("It cannot be done any more: %(why)s", why=str(error))}) from error
    if not outcome.changed:
        why = " ".join(dict.fromkeys(outcome.refused.values())) or str(outcome.message)
        raise Invalid({"approval": _("It cannot be done any more: %(why)s", why=why)})
    return outcome, operation


def _close(ctx: Context, row: Approval, state: str, note: str) -> None:
    row.state, row.note = state, _clean(note)
    row.decided_at = ctx.now
    row.decided_by = ctx.user.id if state != approvals.WITHDRAWN else None
    ctx.session.flush()
    ids = ctx.session.execute(
        select(ApprovalLink.record_id).where(ApprovalLink.approval_id == row.id)
    ).scalars()
    ctx.events.emit(
        f"approval.{state}", entity=row.entity, record_ids=list(ids), payload={"approval": row.id}
    )


def _clean(note: str) -> str:
    return " ".join(note.split())[: approvals.LONGEST]


def _what(action: Action, row: Approval) -> Any:
    return _l("%(action)s (%(why)s)", action=action.label, why=row.reason)


def _tell_asker(ctx: Context, row: Approval, action: Action, text: Any) -> None:
    if row.asked_by is not None and row.asked_by != ctx.user.id:
        approvals.tell(ctx, row, [row.asked_by], text)
