"""Approvals: an action that somebody else has to approve waits as a request (app.services.approvals_deciding).

Who may not see every record of a request sees no request; one whose action nobody declares now is shown nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select, true

from app.i18n import _, _l, speaking
from app.kernel.context import Context, Principal
from app.kernel.contributions import Action, Outcome
from app.kernel.errors import Invalid, NotVisible
from app.kernel.guard import Surface, must
from app.models import Approval, ApprovalLink
from app.services import access, notifications, notify_channels, people, principals, roles, typed_json
from app.services.unit import unit

DECIDE = "approvals.decide"
"""The permission that decides when an action names none: then only for who asks from one's own teams."""

TOPIC = "approval"
WAITING, APPROVED, DECLINED, EXPIRED, WITHDRAWN = "waiting", "approved", "declined", "expired", "withdrawn"
PAGE = 30
LONGEST = 500


# ---------------------------------------------------------------- asking


def needed(ctx: Context, action: Action, records: Sequence[Any], data: Mapping[str, Any]) -> str:
    """Return why somebody else has to approve an action first, in the language of who asks; "" when nobody has to."""
    if action.approval is None or (ctx.approved is not None and ctx.approved.action == action.key):
        return ""
    return reason(ctx, action, records, data)


def reason(ctx: Context, action: Action, records: Sequence[Any], data: Mapping[str, Any]) -> str:
    """Ask the action's owner why this has to be approved, whether it was or not. Raises GuardedFailure."""
    assert action.approval is not None
    with speaking(ctx.locale):
        found = must(
            action.approval,
            ctx,
            records,
            data,
            owner=action.owner,
            surface=Surface.ACTION,
            item=action.key,
            session=ctx.session,
        )
        return " ".join(str(found or "").split())[:LONGEST]


@unit
def ask(ctx: Context, action: Action, records: Sequence[Any], data: Mapping[str, Any], why: str) -> Outcome:
    """Store a request in place of running an action, and tell those who may decide; records that wait already do not.

    Raises Invalid when the data cannot be stored, or when nobody could decide.
    """
    ids = [record.id for record in records]
    waits = waiting_ids(ctx, action, ids)
    fresh = [i for i in ids if i not in waits]
    refused = {i: _("This waits for an approval already.") for i in ids if i in waits}
    if not fresh:
        return Outcome(message=_("Nothing was changed."), refused=refused)
    permission = action.approver or DECIDE
    deciders, team_id = _who_decides(ctx, permission, own_team=action.approver is None)
    if not deciders:
        raise Invalid({"approval": _("There is nobody who could approve this: “%(why)s”.", why=why)})
    row = Approval(
        action=action.key,
        entity=action.on,
        data=_stored(data),
        reason=why,
        permission=permission,
        team_id=team_id,
        asked_by=ctx.user.id,
        asked_at=ctx.now,
        until=ctx.now + timedelta(days=action.approval_days),
    )
    ctx.session.add(row)
    ctx.session.flush()
    ctx.session.add_all([ApprovalLink(approval_id=row.id, entity=action.on, record_id=i) for i in fresh])
    ctx.session.flush()
    tell(
        ctx,
        row,
        [p.id for p in deciders if p.id],
        _l("%(who)s asks for your approval: %(what)s", who=ctx.user.name, what=_what(ctx, action, fresh)),
    )
    ctx.events.emit("approval.asked", entity=action.on, record_ids=fresh, payload={"approval": row.id})
    message = _("Waits for approval: %(why)s", why=why)
    return Outcome(message=message, refused=refused, approval=row.id)


def _stored(data: Mapping[str, Any]) -> str:
    try:
        return typed_json.dump(dict(data))
    except TypeError as error:
        raise Invalid({"approval": _("A file cannot wait for an approval. Attach it afterwards.")}) from error


def waiting_ids(ctx: Context, action: Action, ids: Iterable[int]) -> set[int]:
    """Return the records for which the same action waits for an approval already."""
    query = (
        select(ApprovalLink.record_id)
        .join(Approval, Approval.id == ApprovalLink.approval_id)
        .where(ApprovalLink.entity == action.on, ApprovalLink.record_id.in_(list(ids)))
        .where(Approval.action == action.key, Approval.state == WAITING, Approval.until > ctx.now)
    )
    return set(ctx.session.execute(query).scalars())


def _who_decides(ctx: Context, permission: str, *, own_team: bool) -> tuple[list[Principal], int | None]:
    """Return who is told, and the team whose managers decide (None: everybody with the permission)."""
    epoch = getattr(ctx, "epoch", ())
    found = [principals.load(ctx.session, i, epoch) for i in roles.holders(ctx, permission)]
    able = [p for p in found if p is not None and p.id != ctx.user.id]
    team = ctx.user.team_id
    near = [p for p in able if team in p.teams] if own_team and team is not None else []
    return (near, team) if near else (able, None)


def tell(ctx: Context, row: Approval, user_ids: Iterable[int], text: Any) -> None:
    """Tell people of a request, each once for each of its states; about nothing that they cannot see."""
    about = ctx.session.execute(
        select(func.min(ApprovalLink.record_id)).where(ApprovalLink.approval_id == row.id)
    ).scalar()
    notifications.send(
        ctx,
        user_ids,
        TOPIC,
        text,
        about=(row.entity, about) if about is not None else None,
        url=notify_channels.path("approvals.show", approval_id=row.id),
        key=f"approval {row.id} {row.state}",
    )


def _what(ctx: Context, action: Action, ids: Sequence[int]) -> Any:
    named = people.names(ctx, [(action.on, ids[0])]).get((action.on, ids[0]))
    name = (named.name if named is not None else "") + (f" +{len(ids) - 1}" if len(ids) > 1 else "")
    return _l("%(action)s – %(name)s", action=action.label, name=name)


# ---------------------------------------------------------------- who sees and decides what


def declared(ctx: Context) -> Mapping[str, Action]:
    """Return the actions that may need an approval, by key."""
    return {a.key: a for a in ctx.schema.all(Action) if a.approval is not None}


def may_decide(ctx: Context, row: Approval) -> bool:
    """Tell whether the principal may decide a request: never on his own, and for his teams only if it says so."""
    user = ctx.user
    if user.id is None or user.id == row.asked_by or not user.may(row.permission):
        return False
    return row.team_id is None or row.team_id in user.teams or user.is_a("administrator")


def visible(ctx: Context) -> ColumnElement[bool]:
    """Return which requests exist for the principal: every one of their records does, and the action is declared."""
    actions = declared(ctx)
    entities = sorted({a.on for a in actions.values() if ctx.schema.has(a.on) and ctx.may(f"{a.on}.view")})
    if not entities:
        return false()
    links = ApprovalLink.approval_id == Approval.id
    hidden = []
    for name in entities:
        model = ctx.schema.entity(name).model
        there = exists(select(model.id).where(model.id == ApprovalLink.record_id))
        hidden.append(and_(Approval.entity == name, ~exists(select(ApprovalLink.id).where(links, ~there))))
    return and_(
        Approval.action.in_(sorted(actions)), exists(select(ApprovalLink.id).where(links)), or_(*hidden)
    )


def _deciding(ctx: Context) -> ColumnElement[bool]:
    """Return which requests the principal may decide, as `may_decide` does."""
    known = {DECIDE, *(a.approver for a in declared(ctx).values() if a.approver)}
    mine = sorted(p for p in known if ctx.user.may(p))
    if not mine or ctx.user.id is None:
        return false()
    others = or_(Approval.asked_by.is_(None), Approval.asked_by != ctx.user.id)
    team: ColumnElement[bool] = or_(Approval.team_id.is_(None), Approval.team_id.in_(sorted(ctx.user.teams)))
    return and_(Approval.permission.in_(mine), others, true() if ctx.user.is_a("administrator") else team)


def for_me(ctx: Context, limit: int = PAGE) -> Sequence[Approval]:
    """Return the requests that wait for the principal's decision, those that end first before others."""
    return _found(ctx, _open(ctx), _deciding(ctx), order=(Approval.until, Approval.id), limit=limit)


def count_for_me(ctx: Context) -> int:
    """Return how many requests wait for the principal's decision; nothing is asked where no action needs approvals."""
    if not declared(ctx):
        return 0
    query = select(func.count()).select_from(Approval).where(_open(ctx), _deciding(ctx), visible(ctx))
    return int(ctx.session.execute(query).scalar_one())


def asked_by_me(ctx: Context, limit: int = PAGE) -> Sequence[Approval]:
    """Return what the principal asked for, the newest first."""
    return _found(ctx, Approval.asked_by == ctx.user.id, order=(Approval.id.desc(),), limit=limit)


def decided_by_me(ctx: Context, limit: int = PAGE) -> Sequence[Approval]:
    """Return what the principal decided, the newest first."""
    return _found(ctx, Approval.decided_by == ctx.user.id, order=(Approval.id.desc(),), limit=limit)


def of_record(ctx: Context, entity: str, record_id: int, limit: int = 5) -> Sequence[Approval]:
    """Return the requests about a record that wait; the principal sees those that he asked for or may decide."""
    if not any(a.on == entity for a in declared(ctx).values()):
        return []
    about = exists(
        select(ApprovalLink.id).where(
            ApprovalLink.approval_id == Approval.id,
            ApprovalLink.entity == entity,
            ApprovalLink.record_id == record_id,
        )
    )
    mine = or_(Approval.asked_by == ctx.user.id, _deciding(ctx))
    return _found(ctx, _open(ctx), about, mine, order=(Approval.until, Approval.id), limit=limit)


def get(ctx: Context, approval_id: int) -> Approval:
    """Return a request that the principal asked for, may decide or decided. Raises NotVisible."""
    row: Approval | None = None
    if 0 < approval_id <= access.GREATEST_ID:
        query = select(Approval).where(Approval.id == approval_id, visible(ctx))
        if "unit" in ctx.session.info:
            query = query.with_for_update(of=Approval)
        row = ctx.session.execute(query, execution_options={"populate_existing": True}).scalar_one_or_none()
    if row is None or not (ctx.user.system or _took_part(ctx, row) or may_decide(ctx, row)):
        raise NotVisible(_("There is no such request."))
    return row


def _took_part(ctx: Context, row: Approval) -> bool:
    return ctx.user.id is not None and ctx.user.id in (row.asked_by, row.decided_by)


def records_of(ctx: Context, rows: Sequence[Approval]) -> Mapping[int, Sequence[int]]:
    """Return the ids of the records that each request is about, in one query."""
    query = (
        select(ApprovalLink.approval_id, ApprovalLink.record_id)
        .where(ApprovalLink.approval_id.in_([row.id for row in rows]))
        .order_by(ApprovalLink.record_id)
    )
    found: dict[int, list[int]] = {row.id: [] for row in rows}
    for approval_id, record_id in ctx.session.execute(query) if rows else ():
        found[approval_id].append(record_id)
    return found


def _open(ctx: Context) -> ColumnElement[bool]:
    return and_(Approval.state == WAITING, Approval.until > ctx.now)


def _found(
    ctx: Context, *where: ColumnElement[bool], order: tuple[Any, ...], limit: int
) -> Sequence[Approval]:
    if not declared(ctx):
        return []
    query = select(Approval).where(*where, visible(ctx)).order_by(*order).limit(limit)
    return ctx.session.execute(query).scalars().all()


def names_of(ctx: Context, rows: Sequence[Approval]) -> Mapping[int, str]:
    """Return the names of those who asked and decided."""
    ids = {i for row in rows for i in (row.asked_by, row.decided_by) if i is not None}
    return people.user_names(ctx, ids)
