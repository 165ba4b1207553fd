"""Logging what happened: one interaction, tied to people and records, with files and a follow-up in the same act."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import IntegrityError

from app.i18n import _
from app.kernel.context import Context
from app.kernel.errors import Invalid
from app.models import Interaction, InteractionLink, Task
from app.services import access, attachments, interaction_ties, last_contact, records, tasks
from app.services.interaction_ties import Target, Tie, links
from app.services.unit import current, unit

_SENT = select(Interaction.id).where(Interaction.form_nonce == bindparam("nonce"))

__all__ = ["Entry", "Target", "edit", "links", "log", "pin", "relink", "withdraw"]


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What is to be logged.

    `values` are field values of the interaction (kind, subject, body, direction, occurred_at, zone, duration_s,
    outcome, location, visibility); `contacts` and `users` took part; `about` names further records. `follow_up` is
    a task's values. `nonce` identifies the form: logging it twice makes one record.
    """

    values: Mapping[str, Any]
    contacts: Sequence[int] = ()
    users: Sequence[int] = ()
    about: Sequence[Target] = ()
    follow_up: Mapping[str, Any] | None = None
    files: Sequence[attachments.Upload] = ()
    nonce: str = ""

    @property
    def ties(self) -> dict[str, list[Any]]:
        """Who took part and what it was about, as values of the fields `contacts`, `users` and `about`."""
        about = [f"{entity}:{i}" for entity, i in self.about]
        return {
            "contacts": sorted(set(self.contacts)),
            "users": sorted(set(self.users)),
            "about": sorted(set(about)),
        }


def log(ctx: Context, entry: Entry) -> Interaction:
    """Store an interaction with its people, files and follow-up, and return it; a known nonce returns the former one.

    Raises NotAllowed, Invalid with a sentence per field, NotVisible when a person or record does not exist for the
    principal.
    """
    access.require(ctx, "interaction.create")
    prepared = attachments.prepare(ctx, entry.files) if entry.files else ()
    within = current(ctx.session) is not None
    if within and entry.nonce and (known := _known(ctx, entry.nonce)) is not None:
        return known
    try:
        return _log(ctx, entry, prepared)
    except IntegrityError:
        if not entry.nonce or within:
            raise
        known = _known(ctx, entry.nonce)  # the same form was sent before
        return known if known is not None else _log(ctx, replace(entry, nonce=""), prepared)


@unit
def _log(ctx: Context, entry: Entry, prepared: Sequence[attachments.Prepared]) -> Interaction:
    _check(ctx, entry)
    values = {"occurred_at": ctx.now, "zone": ctx.zone.key} | dict(entry.values)
    if entry.nonce:
        values["form_nonce"] = _nonce(ctx, entry.nonce)
    made: Interaction = records.create(ctx, "interaction", values)
    ties = _link(ctx, made, entry)
    if made.occurred_at <= ctx.now:
        last_contact.forward(ctx, made.occurred_at, ties)
    if prepared:
        attachments.add(ctx, "interaction", made.id, prepared)
    if entry.follow_up is not None:
        about = [*(("contact", i) for i in entry.contacts), *entry.about]
        tasks.create(ctx, {**entry.follow_up, "interaction_id": made.id}, about=about)
    return made


@unit
def edit(
    ctx: Context, interaction_id: int, values: Mapping[str, Any], *, seen_version: int | None = None
) -> Any:
    """Change an interaction's fields and return it; its place in timelines follows. Raises as `records.update`."""
    made = access.get(ctx, Interaction, interaction_id, "edit")
    if "kind" in values and values["kind"] != made.kind:
        _check_kind(ctx, str(values["kind"]))
    return records.update(ctx, "interaction", interaction_id, values, seen_version=seen_version)


REPEATED = {"occurred_at", "kind", "pinned_at"}
"""Fields that the links of an interaction repeat."""


def followed(ctx: Context, events: Sequence[Any]) -> None:
    """Carry what was changed of interactions over to their links: a subscriber within their transaction."""
    ids = [e.record_id for e in events if e.record_id is not None and REPEATED & set(e.after)]
    if not ids:
        return
    of = Interaction
    query = select(of.id, of.occurred_at, of.kind, of.pinned_at).where(of.id.in_(ids))
    for row in ctx.session.execute(query, execution_options={access.WITH_TRASH: True}).all():
        ctx.session.execute(
            update(InteractionLink)
            .where(InteractionLink.interaction_id == row.id)
            .values(occurred_at=row.occurred_at, kind=row.kind, pinned_at=row.pinned_at)
        )
    last_contact.anew(ctx, last_contact.of(ctx, ids))


def relink(ctx: Context, interaction_id: int, entry: Entry) -> None:
    """Replace who took part and what it was about; ties to records out of sight stay."""
    edit(ctx, interaction_id, entry.ties)


@unit
def withdraw(ctx: Context, interaction_id: int) -> None:
    """Put what was logged by mistake into the trash, with the follow-up that came with it and is still open."""
    records.trash(ctx, "interaction", [interaction_id])
    follow_up = select(Task.id).where(
        Task.interaction_id == interaction_id, Task.created_by == ctx.user.id, Task.status == "todo"
    )
    records.trash(ctx, "task", ctx.session.execute(follow_up).scalars().all())


def pin(ctx: Context, interaction_id: int, *, on: bool) -> None:
    """Keep an interaction at the top of its timelines, or let it go."""
    edit(ctx, interaction_id, {"pinned_at": ctx.now if on else None})


def _nonce(ctx: Context, nonce: str) -> str:
    return f"{ctx.user.id}:{nonce}"[:64]


def _known(ctx: Context, nonce: str) -> Interaction | None:
    row = access.rows(ctx, _SENT, {"nonce": _nonce(ctx, nonce)}).first()
    return ctx.session.get_one(Interaction, row.id) if row is not None else None


def _check(ctx: Context, entry: Entry) -> None:
    _check_kind(ctx, str(entry.values.get("kind", "")))
    interaction_ties.check(ctx, _ties(entry))


def _check_kind(ctx: Context, name: str) -> None:
    kind = ctx.schema.kind(name)
    if not kind.loggable or (kind.permission is not None and not ctx.may(kind.permission)):
        raise Invalid({"kind": _("Choose what it was: a call, an e-mail, a meeting …")})


def _ties(entry: Entry) -> list[Tie]:
    """Return every tie once: who took part is not also what it was about."""
    people = [*(("contact", i) for i in entry.contacts), *(("user", i) for i in entry.users)]
    about = [t for t in entry.about if t not in people]
    return list(dict.fromkeys([*((*t, "participant") for t in people), *((*t, "about") for t in about)]))


def _link(ctx: Context, made: Interaction, entry: Entry) -> list[Target]:
    ties = _ties(entry)
    interaction_ties.add(ctx, made, ties)
    return [(entity, record_id) for entity, record_id, _role in ties]
