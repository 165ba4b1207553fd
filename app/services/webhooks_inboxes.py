"""Webhooks in, as administrators set them up: which record, which place of the message goes where, in whose name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select

from app.formats import json_paths
from app.formats.json_paths import Steps
from app.i18n import _
from app.kernel.context import Context
from app.kernel.errors import Invalid, NotVisible
from app.models import Receipt, User, WebhookInbox
from app.services import access, audit, import_mapping, webhooks_secrets
from app.services.export_columns import PARTS, UID
from app.services.import_options import DUPLICATES, MATCHES
from app.services.unit import unit
from app.services.webhooks import RIGHT

KIND = "inbox"
MOST = 100
MOST_FIELDS = 100
SHOWN = 50


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """An inbox as somebody wants it; `mapping` has a line `path = field` for each field, `match` some of MATCHES."""

    name: str
    entity: str
    mapping: str
    user_id: int
    match: Sequence[str] = ()
    duplicates: str = "fill"


def channel(inbox: WebhookInbox) -> str:
    """Return under what the receipts of an inbox are kept."""
    return f"hook:{inbox.id}"


def every(ctx: Context) -> Sequence[WebhookInbox]:
    """Return the inboxes by name. Raises NotAllowed."""
    access.require(ctx, RIGHT)
    query = select(WebhookInbox).order_by(WebhookInbox.name, WebhookInbox.id).limit(MOST)
    return ctx.session.execute(query).scalars().all()


def get(ctx: Context, inbox_id: int) -> WebhookInbox:
    """Return an inbox. Raises NotAllowed, NotVisible."""
    access.require(ctx, RIGHT)
    found = ctx.session.get(WebhookInbox, inbox_id) if 0 < inbox_id <= access.GREATEST_ID else None
    if found is None:
        raise NotVisible(_("There is no such webhook."))
    return found


def receipts(
    ctx: Context, inbox: WebhookInbox, *, before: int = access.GREATEST_ID, limit: int = SHOWN
) -> Sequence[Receipt]:
    """Return what came, the latest first, with an id below `before`."""
    query = select(Receipt).where(Receipt.channel == channel(inbox), Receipt.id < before)
    return ctx.session.execute(query.order_by(Receipt.id.desc()).limit(limit)).scalars().all()


def fields_of(ctx: Context, entity: str) -> Mapping[str, str]:
    """Return what a place may be mapped to: names of fields with their labels, parts of addresses, the sender's own id."""
    known = import_mapping.importable(ctx, entity)
    found = {UID: _("The id that the sender has for it"), **{f.key: str(f.label) for f in known}}
    if any(f.key == "addresses" for f in known):
        found |= {f"addresses.{part}": str(label) for part, label in PARTS.items()}
    if entity == import_mapping.CARD:
        found |= {"company": _("Company"), "title": _("Title")}
    return found


@unit
def create(ctx: Context, wanted: Wanted) -> tuple[WebhookInbox, str]:
    """Set an inbox up and return it with its secret, which is shown this once. Raises NotAllowed, Invalid."""
    access.require(ctx, RIGHT)
    values = _checked(ctx, wanted, None)
    if len(every(ctx)) == MOST:
        raise Invalid({"name": _("There are %(most)s webhooks already. Remove one first.", most=MOST)})
    made = WebhookInbox(**values, created_at=ctx.now)
    ctx.session.add(made)
    ctx.session.flush()
    secret = webhooks_secrets.begin(ctx, KIND, made.id)
    audit.note(ctx, "inbox.create", f"inbox:{made.id}", name=made.name)
    return made, secret


@unit
def update(ctx: Context, inbox_id: int, wanted: Wanted) -> WebhookInbox:
    """Change an inbox. Raises NotAllowed, NotVisible, Invalid."""
    found = get(ctx, inbox_id)
    for name, value in _checked(ctx, wanted, found).items():
        setattr(found, name, value)
    ctx.session.flush()
    audit.note(ctx, "inbox.change", f"inbox:{found.id}", name=found.name)
    return found


@unit
def switch(ctx: Context, inbox_id: int, *, on: bool) -> WebhookInbox:
    """Switch an inbox on or off."""
    found = get(ctx, inbox_id)
    found.active = on
    audit.note(ctx, "inbox.change", f"inbox:{found.id}", name=found.name, changed=["active"])
    return found


@unit
def rotate(ctx: Context, inbox_id: int) -> str:
    """Give an inbox a new secret and return it; for a day messages signed with the former one count too."""
    found = get(ctx, inbox_id)
    secret = webhooks_secrets.change(ctx, KIND, found.id)
    found.former_until = ctx.now + webhooks_secrets.BOTH
    audit.note(ctx, "inbox.secret", f"inbox:{found.id}", name=found.name)
    return secret


@unit
def remove(ctx: Context, inbox_id: int) -> None:
    """Remove an inbox with its log."""
    found = get(ctx, inbox_id)
    audit.note(ctx, "inbox.remove", f"inbox:{found.id}", name=found.name)
    webhooks_secrets.forget(ctx, KIND, found.id)
    ctx.session.execute(delete(Receipt).where(Receipt.channel == channel(found)))
    ctx.session.delete(found)


def read_mapping(text: str) -> list[tuple[Steps, str]]:
    """Return (place, field) of each line of a mapping. Raises ValueError with the line that is none."""
    found: list[tuple[Steps, str]] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        path, sign, name = line.rpartition("=")
        try:
            found.append((json_paths.steps(path), name.strip()))
        except ValueError:
            raise ValueError(line) from None
        if not sign or not name.strip():
            raise ValueError(line)
    return found


def _checked(ctx: Context, wanted: Wanted, former: WebhookInbox | None) -> Mapping[str, Any]:
    """Return the values of an inbox. Raises Invalid."""
    problems: dict[str, str] = {}
    name = " ".join(wanted.name.split())
    if not name or len(name) > 120:
        problems["name"] = _("Write what the webhook is for, in at most 120 characters.")
    if not (ctx.schema.has(wanted.entity) and ctx.schema.entity(wanted.entity).api):
        problems["entity"] = _("There is no such kind of record.")
    elif problem := _wrong_mapping(ctx, wanted):
        problems["mapping"] = problem
    if wanted.duplicates not in DUPLICATES or not set(wanted.match) <= set(MATCHES):
        problems["duplicates"] = _("Choose one of the entries of the list.")
    if former is None or wanted.user_id != former.user_id:
        user = ctx.session.get(User, wanted.user_id) if 0 < wanted.user_id <= access.GREATEST_ID else None
        if user is None or not user.active:
            problems["user"] = _("Choose an active account whose rights count.")
        elif wanted.user_id != ctx.user.id and not ctx.may("admin.users"):
            problems["user"] = _("Choose your own account, or ask somebody who manages users.")
    if problems:
        raise Invalid(problems)
    return {
        "name": name,
        "entity": wanted.entity,
        "mapping": "\n".join(filter(None, map(str.strip, wanted.mapping.splitlines()))),
        "match": ",".join(m for m in MATCHES if m in wanted.match),
        "duplicates": wanted.duplicates,
        "user_id": wanted.user_id,
    }


def _wrong_mapping(ctx: Context, wanted: Wanted) -> str:
    try:
        found = read_mapping(wanted.mapping)
    except ValueError as error:
        return _("“%(line)s” is no line like customer.email = emails.", line=str(error)[:80])
    if not 1 <= len(found) <= MOST_FIELDS:
        return _("Say for at least one field where it stands in the message.")
    known = fields_of(ctx, wanted.entity)
    if unknown := [name for _path, name in found if name not in known]:
        return _("There is no field “%(name)s”.", name=unknown[0][:60])
    return ""
