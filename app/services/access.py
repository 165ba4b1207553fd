"""The access layer: permissions and row rules, applied to every select; fails closed (DECISIONS 5 and 6).

Visible = (reach OR share OR any grant) AND every restrict AND not in the trash.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, and_, bindparam, event, false, or_, select, true
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria

from app.i18n import _
from app.kernel.context import Context
from app.kernel.contributions import RowRule
from app.kernel.errors import NotAllowed, NotVisible
from app.models import OwnRecord, Record, Share, own_record
from app.services import rule_memory, scoping
from app.services.quick_binds import quicken

M = TypeVar("M", bound=Record)

UNSCOPED = "unscoped"
"""Execution option that switches the filter off; its value is the reason, which a lint counts."""

PREPARED = "prepared"
"""Execution option of a statement that a module builds once, with bound parameters, and sends many times."""

GREATEST_ID = 2**31 - 1
"""The largest key of a record on both databases; numbers beyond it come from nobody's page."""

WITH_TRASH = "with_trash"
"""Execution option that shows trashed rows too; the row rules still hold."""


def require(ctx: Context, permission: str) -> None:
    """Raise NotAllowed, naming the permission, unless the principal has it at some reach."""
    if not ctx.user.may(permission):
        raise NotAllowed(
            _("You may not do this. Ask an administrator for the right “%(name)s”.", name=permission),
            permission,
        )


def criterion(
    ctx: Context, model: Any, verb: str = "view", *, entity: str | None = None
) -> ColumnElement[bool]:
    """Return which rows of a model (or of an alias of its table) exist for the principal and a verb.

    `entity` is the qualified name when `model` is an alias; trash is not considered here.
    """
    if ctx.user.system:
        return true()
    if entity is not None:
        return _criterion(ctx, model, entity, verb)
    name = model.__entity__
    memo = _memo(ctx, verb)
    if ("rows", name, verb) not in memo:
        memo["rows", name, verb] = _criterion(ctx, model, name, verb)
    found: ColumnElement[bool] = memo["rows", name, verb]
    return found


def _criterion(ctx: Context, model: Any, name: str, verb: str) -> ColumnElement[bool]:
    reach = _reach(ctx, model, name, verb)
    grants = [] if reach is true() else _rules(ctx, model, name, verb, "grant")
    allowed = or_(reach, *grants) if grants else reach
    closed = [rule for rule in _rules(ctx, model, name, verb, "restrict") if rule is not true()]
    return and_(allowed, *closed) if closed else allowed


def _memo(ctx: Context, verb: str = "view") -> dict[Any, Any]:
    """Return where expressions about a verb are kept (see `rule_memory`)."""
    return rule_memory.of(ctx, verb)


def _reach(ctx: Context, model: Any, name: str, verb: str) -> ColumnElement[bool]:
    reach = ctx.user.reach(f"{name}.{verb}")
    if reach == "all":
        return true()
    if reach == "none":
        return false()
    mine: list[ColumnElement[bool]] = [model.owner_id == ctx.user.id]
    if reach == "team" and ctx.user.teams:
        mine.append(model.team_id.in_(sorted(ctx.user.teams)))
    return or_(*mine, model.id.in_(_shared(ctx, name, verb)))


def _shared(ctx: Context, name: str, verb: str) -> Any:
    whom = [Share.user_id == ctx.user.id]
    if ctx.user.teams:
        whom.append(Share.team_id.in_(sorted(ctx.user.teams)))
    found = select(Share.record_id).where(Share.entity == name, or_(*whom))
    return found if verb == "view" else found.where(Share.level == "write")


def _rules(ctx: Context, model: Any, name: str, verb: str, side: str) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    for rule in ctx.schema.all(RowRule):
        if getattr(rule, side) is not None and rule.on == name:
            found.append(rule_memory.answer(ctx, rule, side, model, verb))
    return found


def scoped_models() -> Sequence[type[Record]]:
    """Return the mapped classes of all loaded entities: those that the filter knows, and own kinds of record."""
    found = [m.class_ for m in Record.registry.mappers if issubclass(m.class_, Record)]
    return sorted(found, key=lambda model: model.__entity__)


def _options(ctx: Context | None, trash: bool) -> scoping.Scope:
    if ctx is None:
        closed = (with_loader_criteria(model, false(), include_aliases=True) for model in scoped_models())
        return scoping.scope(closed)
    memory, known = _memo(ctx), ("options", trash, own_record.models())
    if known not in memory:
        memory[known] = scoping.scope(_model_options(ctx, trash))
    found: scoping.Scope = memory[known]
    return found


def _model_options(ctx: Context, trash: bool) -> Iterable[Any]:
    for model in scoped_models():
        rule = (
            criterion(ctx, model)
            if ctx.schema.has(model.__entity__)
            else true()
            if ctx.user.system
            else false()
        )
        if not trash:
            rule = and_(model.deleted_at.is_(None), rule)
        if rule is not true():
            made = scoping.Alone if model is OwnRecord else with_loader_criteria
            yield made(model, quicken(rule), include_aliases=True)


@event.listens_for(Session, "do_orm_execute")
def _scope(state: ORMExecuteState) -> None:
    """Filter every select, ORM update and delete by what the session's context may see."""
    if state.is_column_load or UNSCOPED in state.execution_options:
        return
    ctx: Context | None = state.session.info.get("ctx")
    trash = bool(state.execution_options.get(WITH_TRASH))
    if ctx is not None and PREPARED in state.execution_options:
        state.statement = _prepared(ctx, state.statement, trash)
    elif options := scoping.concerned(state.statement, _options(ctx, trash)):
        state.statement = state.statement.options(*options)


def _prepared(ctx: Context, statement: Any, trash: bool) -> Any:
    """Return the scoped form of a statement that is built once: its own cache key is then computed once too."""
    memo = _memo(ctx)
    key = ("prepared", id(statement), trash)
    if key not in memo:
        memo[key] = (
            statement.options(*scoping.concerned(statement, _options(ctx, trash))),
            statement,
        )  # the statement is held, its id stays its own
    return memo[key][0]


def rows(ctx: Context, statement: Any, values: Mapping[str, Any]) -> Any:
    """Run a select of columns that is built once: scoped like any other, but without the session's ceremony."""
    if "unit" in ctx.session.info:
        ctx.session.flush()
    return ctx.session.connection().execute(_prepared(ctx, statement, False), values)


def get(ctx: Context, model: type[M], record_id: int, verb: str = "view", *, trash: bool = False) -> M:
    """Return a record the principal may see and do `verb` to; in a write unit the row is locked.

    Raises NotVisible when it does not exist for the principal, NotAllowed when it does but the verb reaches less far.
    """
    if not 0 < record_id <= GREATEST_ID:
        raise NotVisible(_("There is no such record."))
    query = _getting(ctx, model, verb, "unit" in ctx.session.info)
    options = {WITH_TRASH: trash, "populate_existing": True, PREPARED: True}
    row = ctx.session.execute(query, {"record_id": record_id}, execution_options=options).first()
    if row is None:
        raise NotVisible(_("There is no such record."))
    if not row.able:
        name = f"{model.__entity__}.{verb}"
        raise NotAllowed(
            _("You may see this but not change it. Ask for the right “%(name)s”.", name=name), name
        )
    record: M = row[0]
    return record


def _getting(ctx: Context, model: type[Record], verb: str, lock: bool) -> Any:
    memo = _memo(ctx, verb)
    if ("get", model, verb, lock) not in memo:
        able = true() if verb == "view" else criterion(ctx, model, verb)
        query = select(model, able.label("able")).where(model.id == bindparam("record_id"))
        memo["get", model, verb, lock] = query.with_for_update(of=model) if lock else query
    return memo["get", model, verb, lock]


def visible_ids(ctx: Context, model: type[Record], ids: Iterable[int], verb: str = "view") -> set[int]:
    """Return those of the ids (from a body as from a path) that the principal may see and do `verb` to."""
    wanted = [i for i in ids if 0 < i <= GREATEST_ID]
    if not wanted:
        return set()
    memo = _memo(ctx, verb)
    if ("ids", model, verb) not in memo:
        query = select(model.id).where(model.id.in_(bindparam("ids", expanding=True)))
        memo["ids", model, verb] = query if verb == "view" else query.where(criterion(ctx, model, verb))
    return {row[0] for row in rows(ctx, memo["ids", model, verb], {"ids": wanted})}


def sees(ctx: Context, entity: str, field: str) -> bool:
    """Tell whether a field exists for the principal: hidden ones are absent everywhere."""
    return ctx.user.system or f"{entity}.{field}" not in ctx.user.hidden


def writes(ctx: Context, entity: str, field: str) -> bool:
    """Tell whether the principal may write a field."""
    return sees(ctx, entity, field) and (ctx.user.system or f"{entity}.{field}" not in ctx.user.readonly)
