"""Changes that a program asks for: parsed, then made by the services that pages use; versions are compared exactly."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.i18n import _
from app.kernel.context import Context
from app.kernel.errors import Conflict, GuardedFailure, Invalid, KithError, NotAllowed, NotVisible, Refuse
from app.services import access, api_parsing, api_reading, contacts, interactions, records, tasks
from app.services.unit import unit

MOST = 200
"""Records of one bulk request."""

Versions = Collection[int] | None
"""In which of its versions a record may be for a change; None for any."""


class Stale(KithError):
    """The record is not in the version that the program has seen: answered as 412. Nothing was changed."""


def create(ctx: Context, entity: str, sent: Mapping[str, Any]) -> Any:
    """Create a record from what a program sent and return it. Raises what `records.create` raises."""
    api_reading.entity_of(ctx, entity)
    access.require(ctx, f"{entity}.create")
    values = api_parsing.values(ctx, entity, sent)
    return _MAKERS.get(entity, _made(entity))(ctx, values)


def _made(entity: str) -> Callable[[Context, Mapping[str, Any]], Any]:
    return lambda ctx, values: records.create(ctx, entity, values)


def _contact(ctx: Context, values: Mapping[str, Any]) -> Any:
    found = contacts.named(values)
    if not any(str(found.get(n) or "").strip() for n in contacts.NAMES):
        raise Invalid({"name": _("Give a name, an e-mail address, a phone number or a company.")})
    return records.create(ctx, "contact", found)


def _interaction(ctx: Context, values: Mapping[str, Any]) -> Any:
    plain = {k: v for k, v in values.items() if k not in ("contacts", "users", "about")}
    about = [tuple(one.rsplit(":", 1)) for one in values.get("about") or ()]
    entry = interactions.Entry(
        values=plain,
        contacts=values.get("contacts") or (),
        users=values.get("users") or (),
        about=[(kind, int(number)) for kind, number in about],
    )
    return interactions.log(ctx, entry)


def _task(ctx: Context, values: Mapping[str, Any]) -> Any:
    return tasks.create(ctx, values)


_MAKERS: Mapping[str, Callable[[Context, Mapping[str, Any]], Any]] = {
    "contact": _contact,
    "interaction": _interaction,
    "task": _task,
}
"""Entities of the core whose records are made by more than their fields alone."""


@unit
def update(ctx: Context, entity: str, uid: str, sent: Mapping[str, Any], *, versions: Versions = None) -> Any:
    """Change fields of a record and return it. Raises Stale if it is in none of the versions, and as `records.update`."""
    record = held(ctx, entity, uid, "edit", versions)
    values = api_parsing.values(ctx, entity, sent)
    if entity == "interaction":
        return interactions.edit(ctx, record.id, values)
    return records.update(ctx, entity, record.id, values)


@unit
def trash(ctx: Context, entity: str, uid: str, *, versions: Versions = None) -> None:
    """Move a record to the trash. Raises Stale, NotVisible, NotAllowed, Refuse."""
    record = held(ctx, entity, uid, "delete", versions)
    records.trash(ctx, entity, [record.id])


@unit
def restore(ctx: Context, entity: str, uid: str) -> Any:
    """Take a record out of the trash and return it; one that is not in there stays as it is."""
    kind = api_reading.entity_of(ctx, entity)
    number = api_reading.number(ctx, kind, uid, trash=True)
    records.restore(ctx, entity, [number])
    return records.get(ctx, entity, number)


def held(ctx: Context, entity: str, uid: str, verb: str, versions: Versions) -> Any:
    """Return a record, locked in the open unit, in one of the versions that were seen (None: in any). Raises Stale."""
    kind = api_reading.entity_of(ctx, entity)
    record = records.get(ctx, entity, api_reading.number(ctx, kind, uid), verb)
    if versions is not None and record.version not in versions:
        raise Stale(_("Somebody changed this in the meantime. Read it again, then repeat your change."))
    return record


# ---------------------------------------------------------------- many at once


@dataclass(frozen=True, kw_only=True)
class Done:
    """What became of one entry of a bulk request: the record, or why nothing was done."""

    uid: str | None = None
    version: int | None = None
    error: KithError | None = None


REFUSALS = (Invalid, NotAllowed, NotVisible, Refuse, Conflict, Stale, GuardedFailure)


@unit
def many(ctx: Context, entity: str, operation: str, entries: Sequence[Mapping[str, Any]]) -> list[Done]:
    """Do the same to many records, each for itself: one that is refused leaves the others done."""
    api_reading.entity_of(ctx, entity)
    access.require(ctx, f"{entity}.bulk")
    return [_tried(ctx, entity, operation, entry) for entry in entries]


def _tried(ctx: Context, entity: str, operation: str, entry: Mapping[str, Any]) -> Done:
    uid = entry.get("uid")
    try:
        with ctx.unit(savepoint=True):
            record = _OPERATIONS[operation](ctx, entity, entry)
    except REFUSALS as error:
        return Done(uid=uid if isinstance(uid, str) else None, error=error)
    if record is None:
        return Done(uid=uid)
    return Done(uid=record.uid, version=record.version)


def _update(ctx: Context, entity: str, entry: Mapping[str, Any]) -> Any:
    return update(ctx, entity, str(entry["uid"]), entry["fields"], versions=_versions(entry))


def _trash(ctx: Context, entity: str, entry: Mapping[str, Any]) -> Any:
    return trash(ctx, entity, str(entry["uid"]), versions=_versions(entry))


def _versions(entry: Mapping[str, Any]) -> Versions:
    return None if entry.get("version") is None else frozenset((entry["version"],))


_OPERATIONS: Mapping[str, Callable[[Context, str, Mapping[str, Any]], Any]] = {
    "create": lambda ctx, entity, entry: create(ctx, entity, entry["fields"]),
    "update": _update,
    "delete": _trash,
    "restore": lambda ctx, entity, entry: restore(ctx, entity, str(entry["uid"])),
}
OPERATIONS = tuple(_OPERATIONS)
