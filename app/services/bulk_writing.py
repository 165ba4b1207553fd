"""Many records of one entity changed by few statements: the same rights, checks, hooks, journal and events as one by one.

A function here changes all of its records or raises; `bisected` finds those that cannot be changed and leaves them out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import and_, bindparam, select, true, update
from sqlalchemy.exc import DataError, IntegrityError

from app.i18n import _
from app.kernel.context import Context
from app.kernel.contributions import Entity, Field, Kind, Phase
from app.kernel.errors import Invalid, KithError, NotAllowed, NotVisible, Refuse
from app.kernel.events import matches
from app.services import access, events, fields, journal, records, search_index
from app.services.access import WITH_TRASH
from app.services.running import TimeUp
from app.services.unit import exactly, unit
from app.services.values import dumping, is_plain, told

Changes = Mapping[int, Mapping[str, Any]]
"""Record id → field → new value."""

REFUSALS = (KithError, DataError, IntegrityError, ValueError, TypeError, LookupError)
"""What one record may raise without ending the work on the others."""

VERBS = {"updated": "edit", "deleted": "delete", "restored": "restore"}
"""What happened → how the journal calls it."""

FEW = 8
"""Different sets of values that are written by a statement each; more of them share one that is sent many times."""


@dataclass(kw_only=True)
class Wrote:
    """What became of records: ids that were changed, those that were so already, and why the others were not."""

    changed: dict[int, tuple[Mapping[str, Any], Mapping[str, Any]]] = field(default_factory=dict)
    same: list[int] = field(default_factory=list)
    refused: dict[int, str] = field(default_factory=dict)

    def add(self, other: Wrote) -> None:
        """Take in what became of further records."""
        self.changed |= other.changed
        self.same += other.same
        self.refused |= other.refused


Write = Callable[[Sequence[int]], Wrote]


def bisected(ctx: Context, ids: Sequence[int], write: Write) -> Wrote:
    """Write records in a savepoint; where something objects, halve them until only those objected to are left out."""
    if not ids:
        return Wrote()
    try:
        with ctx.unit(savepoint=True):
            return write(ids)
    except TimeUp:
        raise
    except Refuse as error:
        named = {e.record_id for e in error.events or ()} & set(ids)
        if named and len(named) < len(ids):
            found = bisected(ctx, [i for i in ids if i not in named], write)
            found.refused |= dict.fromkeys(named, error.reason)
            return found
        return _halved(ctx, ids, write, error)
    except REFUSALS as error:
        return _halved(ctx, ids, write, error)


def _halved(ctx: Context, ids: Sequence[int], write: Write, error: Exception) -> Wrote:
    if len(ids) == 1:
        return Wrote(refused={ids[0]: sentence(ctx, error)})
    half = len(ids) // 2
    found = bisected(ctx, ids[:half], write)
    found.add(bisected(ctx, ids[half:], write))
    return found


def sentence(ctx: Context, error: Exception) -> str:
    """Return what to tell people about a record that could not be changed."""
    if isinstance(error, Invalid):
        return " ".join(error.problems.values())
    if isinstance(error, KithError):
        return str(error)
    ctx.log.warning("a record could not be changed", exc_info=error)
    return _("The database could not store this change.")


@unit
def update_many(
    ctx: Context, entity: str, changes: Changes, *, verbs: Sequence[str] = ("edit",), exact: bool = False
) -> Wrote:
    """Change fields of records as `records.update` does; records out of reach are refused, not raised.

    `exact` restores what the journal says: nothing is taken as a wish from which other values follow. Raises what
    `records.update` raises; then nothing was changed.
    """
    kind = ctx.schema.entity(entity)
    wanted = [
        ctx.schema.field(entity, name) for name in dict.fromkeys(n for c in changes.values() for n in c)
    ]
    fields.writable(ctx, entity, [f.key for f in wanted])
    for each in {id(c): c for c in changes.values()}.values():
        if not exact:
            records.check(ctx, kind, each, partial=True)
    act = _Act(ctx, kind, wanted, exact=exact)
    found, wrote = _reachable(act, list(changes), verbs)
    present = fields.load(ctx, kind, wanted, found)
    asked: dict[int, dict[str, Any]] = {}
    for row in found:
        new = {k: v for k, v in changes[row.id].items() if not _equal(v, present[k].get(row.id))}
        if new:
            asked[row.id] = new
        else:
            wrote.same.append(row.id)
    _refuse_unknown(ctx, entity, asked.values(), trash=exact)
    if asked:
        act.write([row for row in found if row.id in asked], asked, present, wrote)
    return wrote


@unit
def mark_many(ctx: Context, entity: str, ids: Sequence[int], what: str, verbs: Sequence[str]) -> Wrote:
    """Move records to the trash (`deleted`) or out of it (`restored`), as `records.trash` and `restore` do."""
    kind = ctx.schema.entity(entity)
    act = _Act(ctx, kind, what=what)
    found, wrote = _reachable(act, ids, verbs)
    wrote.same = [row.id for row in found if (row.deleted_at is not None) == (what == "deleted")]
    rows = [row for row in found if (row.deleted_at is not None) != (what == "deleted")]
    if rows:
        at = ctx.now if what == "deleted" else None
        former = {row.id: {"deleted_at": row.deleted_at} for row in rows}
        act.store(rows, {row.id: {"deleted_at": at} for row in rows})
        act.told(rows, {row.id: (former[row.id], {"deleted_at": at}) for row in rows}, wrote)
    return wrote


class _Act:
    """One change of records of an entity: what it needs to read, how it writes, what it tells."""

    def __init__(
        self,
        ctx: Context,
        kind: Entity,
        wanted: Sequence[Field] = (),
        *,
        what: str = "updated",
        exact: bool = False,
    ) -> None:
        self.ctx, self.kind, self.wanted, self.exact = ctx, kind, wanted, exact
        self.topic, self.verb, self.trash = f"{kind.key}.{what}", VERBS[what], what != "updated"
        names = {f.key for f in wanted}
        self.derives = kind.derive is not None and bool(
            names and (kind.derive_from is None or names & set(kind.derive_from))
        )
        asked = [on for on in events.subscribers(ctx, Phase.BEFORE) if matches(on.topic, self.topic)]
        self.whole = self.derives or any(on.record for on in asked)

    def select(self) -> list[Any]:
        """Return what is read of each record: all of it, or the columns that matter."""
        model = self.kind.model
        if self.whole:
            return [model]
        names = dict.fromkeys(["id", "version", "deleted_at", *(f.column for f in self.wanted if f.column)])
        return [getattr(model, name) for name in names]

    def write(self, rows: Sequence[Any], asked: Changes, present: fields.Loaded, wrote: Wrote) -> None:
        """Store new values of records, and tell."""
        ctx, kind = self.ctx, self.kind
        former = {row.id: records.tracked(ctx, kind, row) for row in rows} if self.derives else {}
        columns, computed = _split(ctx, kind, asked)
        self.store(rows, columns)
        with exactly(ctx.session) if self.exact else nullcontext():
            for name, found in computed.items():
                fields.save_computed(ctx, ctx.schema.field(kind.key, name), found)
        if computed:
            ctx.session.flush()
        again = [ctx.schema.field(kind.key, name) for name in computed]
        loaded = fields.load(ctx, kind, again, [row for row in rows if set(asked[row.id]) & set(computed)])
        changed: dict[int, tuple[dict[str, Any], dict[str, Any]]] = {}
        alike = _Alike()
        for row in rows:
            new = asked[row.id]
            before = alike({name: present[name].get(row.id) for name in new})
            after = alike({n: loaded[n].get(row.id) if n in loaded else v for n, v in new.items()})
            if self.derives:
                now = records.tracked(ctx, kind, row)
                followed = {n: v for n, v in now.items() if n not in new and v != former[row.id][n]}
                before = before | {n: former[row.id][n] for n in followed}
                after = {n: now.get(n, v) for n, v in after.items()} | followed
            changed[row.id] = (before, after)
        self.told(rows, changed, wrote)

    def store(self, rows: Sequence[Any], columns: Mapping[int, Mapping[str, Any]]) -> None:
        """Write columns of records, and who did so when."""
        if self.whole:
            self._one_by_one(rows, columns)
            return
        ctx, model = self.ctx, self.kind.model
        groups: dict[tuple[tuple[str, Any], ...], list[int]] = {}
        for row in rows:
            groups.setdefault(tuple(sorted(columns.get(row.id, {}).items())), []).append(row.id)
        touched = {"version": model.version + 1, "updated_at": ctx.now, "updated_by": ctx.user.id}
        if len(groups) > FEW:
            self._by_key(rows, columns)
            return
        for values, ids in groups.items():
            ctx.session.execute(
                update(model).where(model.id.in_(ids)).values(**touched, **dict(values)),
                execution_options={"synchronize_session": False, WITH_TRASH: self.trash},
            )

    def _by_key(self, rows: Sequence[Any], columns: Mapping[int, Mapping[str, Any]]) -> None:
        """Write rows that were read and locked before, each with its own values."""
        model: Any = self.kind.model
        touched = {"version": model.version + 1, "updated_at": self.ctx.now, "updated_by": self.ctx.user.id}
        alike: dict[tuple[str, ...], list[dict[str, Any]]] = {}
        for row in rows:
            values = {f"new_{name}": value for name, value in columns.get(row.id, {}).items()}
            alike.setdefault(tuple(sorted(values)), []).append({"row_id": row.id, **values})
        for names, sent in alike.items():
            new: dict[str, Any] = {name.removeprefix("new_"): bindparam(name) for name in names}
            statement = update(model).where(model.id == bindparam("row_id")).values(**touched, **new)
            self.ctx.session.connection().execute(statement, sent)

    def _one_by_one(self, rows: Sequence[Any], columns: Mapping[int, Mapping[str, Any]]) -> None:
        ctx, derive = self.ctx, self.kind.derive if self.derives else None
        former = {row.id: records.tracked(ctx, self.kind, row) for row in rows} if self.exact else {}
        for row in rows:
            _set(row, columns.get(row.id, {}))
            records.touch(ctx, row)
            if derive is not None:
                derive(ctx, row)
        if self.exact and derive is not None:
            for row in rows:
                stored = records.split(ctx, self.kind, former[row.id])[0]
                _set(row, stored | dict(columns.get(row.id, {})))
            ctx.session.flush()
            for row in rows:
                derive(ctx, row)
        ctx.session.flush()

    def told(
        self,
        rows: Sequence[Any],
        changed: Mapping[int, tuple[Mapping[str, Any], Mapping[str, Any]]],
        wrote: Wrote,
    ) -> None:
        """Ask the subscribers before, write the journal, tell the others, note what search has to read again."""
        ctx, entity = self.ctx, self.kind.key
        stored = [row for row in rows if row.id in changed]
        happened = [
            events.event(
                ctx,
                self.topic,
                entity=entity,
                record_id=row.id,
                before=changed[row.id][0],
                after=changed[row.id][1],
                record=row if self.whole else None,
            )
            for row in stored
        ]
        events.before(ctx, happened)
        once = dumping()
        journal.record_many(ctx, [self._written(row, *changed[row.id]) for row in stored], dump=once)
        events.after_commit(ctx, happened, dump=once)
        for row in stored:
            search_index.stale(ctx, entity, row.id, changed[row.id][1])
        wrote.changed |= changed

    def _written(self, row: Any, before: Mapping[str, Any], after: Mapping[str, Any]) -> journal.Written:
        return journal.Written(
            entity=self.kind.key,
            record_id=row.id,
            verb=self.verb,
            before=before,
            after=after,
            version=row.version if self.whole else row.version + 1,
        )


class _Alike:
    """Gives the same object for plain values that are the same: what all records had or get is then written once."""

    def __init__(self) -> None:
        self.known: dict[Any, dict[str, Any]] = {}

    def __call__(self, values: dict[str, Any]) -> dict[str, Any]:
        """Return values that were seen before, or these."""
        if len(values) != 1:
            return values
        ((name, value),) = values.items()
        if isinstance(value, list) and all(type(one) is str for one in value):
            return self.known.setdefault((name, *value), values)
        return self.known.setdefault((name, type(value), value), values) if is_plain(value) else values


def _reachable(act: _Act, ids: Sequence[int], verbs: Sequence[str]) -> tuple[list[Any], Wrote]:
    """Return the rows that may be changed, locked, and the reasons for the others."""
    ctx, model = act.ctx, act.kind.model
    able = [access.criterion(ctx, model, verb) for verb in verbs]
    missing = next((verb for verb in verbs if not ctx.may(f"{act.kind.key}.{verb}")), None)
    closed = [rule for rule in able if rule is not true()]
    query = select(*act.select(), (and_(*closed) if closed else true()).label("able"))
    query = query.where(model.id.in_([i for i in ids if 0 < i <= access.GREATEST_ID])).with_for_update(
        of=model
    )
    options = {WITH_TRASH: act.trash, "populate_existing": True}
    there = {}
    refused: dict[int, str] = {}
    for row in ctx.session.execute(query, execution_options=options):
        record = row[0] if act.whole else row
        if row.able and missing is None:
            there[record.id] = record
        else:
            name = f"{act.kind.key}.{missing or verbs[0]}"
            refused[record.id] = _(
                "You may see this but not change it. Ask for the right “%(name)s”.", name=name
            )
    for i in ids:
        if i not in there and i not in refused:
            refused[i] = _("There is no such record any more.")
    return [there[i] for i in ids if i in there], Wrote(refused=refused)


def _split(
    ctx: Context, kind: Entity, asked: Changes
) -> tuple[dict[int, dict[str, Any]], dict[str, dict[int, Any]]]:
    """Return the columns of each record, and the values of each field that saves them itself."""
    columns: dict[int, dict[str, Any]] = {}
    computed: dict[str, dict[int, Any]] = {}
    for record_id, new in asked.items():
        columns[record_id], own = records.split(ctx, kind, new)
        for one, value in own:
            computed.setdefault(one.key, {})[record_id] = value
    return columns, computed


def _set(row: Any, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)


def _refuse_unknown(ctx: Context, entity: str, asked: Iterable[Mapping[str, Any]], *, trash: bool) -> None:
    """Raise Invalid where a value points at what is not there (with `trash`: not even there); equal ones are asked once."""
    seen: set[tuple[str, Any]] = set()
    for new in asked:
        for name, value in new.items():
            if ctx.schema.field(entity, name).kind in fields.POINTING and (name, value) not in seen:
                seen.add((name, value))
                if trash and _is_in_trash(ctx, ctx.schema.field(entity, name), value):
                    continue
                fields.refuse_unknown(ctx, entity, {name: value})


def _is_in_trash(ctx: Context, field: Field, value: Any) -> bool:
    if value is None or field.kind is not Kind.REF or field.ref is None or not ctx.schema.has(field.ref):
        return False
    model = ctx.schema.entity(field.ref).model
    query = select(model.id).where(model.id == int(value))
    return ctx.session.scalar(query, execution_options={WITH_TRASH: True}) is not None


def _equal(one: Any, other: Any) -> bool:
    return bool(type(one) is type(other) and one == other) or bool(told(one) == told(other))


__all__ = [
    "REFUSALS",
    "Changes",
    "NotAllowed",
    "NotVisible",
    "Wrote",
    "bisected",
    "mark_many",
    "sentence",
    "update_many",
]
