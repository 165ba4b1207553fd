"""What other programs tell: checked, taken once, made into a record by the ways of an import (TRUST S26).

Each message leaves a receipt under its id, in the transaction of what it changed: a message that comes again is
answered as known for 30 days, one that failed may come again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from app.formats import json_paths
from app.formats.csv_texts import Texts
from app.i18n import _
from app.kernel.context import Context
from app.kernel.contributions import Kind
from app.kernel.errors import Invalid, NotVisible, Refuse
from app.models import Receipt, WebhookInbox
from app.services import import_running, import_writing, throttle, webhooks_secrets, webhooks_signing
from app.services.context import acting, for_user
from app.services.export_text import MARK, MARKS
from app.services.import_matching import Matcher
from app.services.import_options import Options
from app.services.import_reading import Item
from app.services.unit import unit
from app.services.values import dump
from app.services.webhooks_inboxes import KIND, channel, read_mapping

LARGEST = 256 * 1024
PACE = throttle.Limit("inbox", 600, timedelta(minutes=1))
"""Messages of one sender."""

WRONG = throttle.Limit("inbox-wrong", 60, timedelta(minutes=15))
"""Messages from one network that nobody who knows the secret has sent."""

KEPT = timedelta(days=30)
BATCH = 500
ACCEPTED, MERGED, IGNORED, FAILED, OPEN = "accepted", "merged", "ignored", "failed", "open"
STATES = {"created": ACCEPTED, "updated": MERGED, "skipped": IGNORED}
SOURCE = "webhook"


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What became of a message: the state of its receipt, sentences, the record, and whether it had come before."""

    state: str
    said: str = ""
    entity: str = ""
    uid: str | None = None
    again: bool = False


def inbox_of(ctx: Context, uid: str) -> WebhookInbox:
    """Return the inbox of an address. Raises NotVisible; one that is off is not there."""
    found = ctx.session.execute(select(WebhookInbox).where(WebhookInbox.uid == uid)).scalar_one_or_none()
    if found is None or not found.active:
        raise NotVisible(_("There is no such webhook."))
    return found


def verified(ctx: Context, inbox: WebhookInbox, headers: Mapping[str, str], body: bytes) -> str:
    """Return the id of a message that was signed with the secret within five minutes. Raises Unsigned, TooMany."""
    former = inbox.former_until is not None and inbox.former_until > ctx.now
    secrets = webhooks_secrets.both(ctx, KIND, inbox.id, former=former)
    found = webhooks_signing.verified(secrets, headers, body, ctx.now)
    throttle.take(ctx, PACE, str(inbox.id))
    return found


def take(ctx: Context, inbox: WebhookInbox, key: str, message: Mapping[str, Any]) -> Taken:
    """Make of a message what the inbox says, once for each key. Raises Refuse when nobody is there in whose name."""
    try:
        owner = for_user(inbox.user_id, source=SOURCE)
    except LookupError:
        raise Refuse(_("The owner of the webhook has no active account.")) from None
    with acting(owner):
        try:
            return _taken(owner, inbox.id, key, message)
        except IntegrityError:
            found = _known(owner, inbox, key)  # the same message was being taken beside this one
            if found is None:
                raise
            return found


@unit
def _taken(ctx: Context, inbox_id: int, key: str, message: Mapping[str, Any]) -> Taken:
    inbox = ctx.session.get_one(WebhookInbox, inbox_id)
    if (known := _known(ctx, inbox, key)) is not None:
        return known
    mine = (Receipt.channel == channel(inbox), Receipt.key == key)
    receipt = ctx.session.execute(select(Receipt).where(*mine).with_for_update()).scalar_one_or_none()
    if receipt is None:
        receipt = Receipt(channel=channel(inbox), key=key, state=OPEN, reason="", at=ctx.now)
        ctx.session.add(receipt)
        ctx.session.flush()
    inbox.heard_at = ctx.now
    made = _made(ctx, inbox, message)
    receipt.state, receipt.reason, receipt.at = made.state, made.said[:2000], ctx.now
    receipt.entity = made.entity
    if made.uid is not None:
        model: Any = ctx.schema.entity(made.entity).model
        receipt.record_id = ctx.session.scalar(select(model.id).where(model.uid == made.uid))
    ctx.session.flush()
    return made


def _known(ctx: Context, inbox: WebhookInbox, key: str) -> Taken | None:
    """Return what became of a message that was taken before; one that failed is not."""
    mine = (Receipt.channel == channel(inbox), Receipt.key == key)
    found = ctx.session.execute(select(Receipt).where(*mine)).scalar_one_or_none()
    if found is None or found.state == FAILED:
        return None
    return Taken(state=found.state, said=found.reason, entity=found.entity, again=True)


def _made(ctx: Context, inbox: WebhookInbox, message: Mapping[str, Any]) -> Taken:
    """Make or change the record that a message is about, by an import of one row."""
    try:
        texts = _texts(ctx, inbox, message)
    except Invalid as error:
        return Taken(state=FAILED, said=" ".join(error.problems.values()))
    options = Options.of(
        {
            "entity": inbox.entity,
            "match": inbox.match,
            "duplicates": inbox.duplicates,
            "decimal": ".",
            "system": f"webhook-{inbox.id}",
        }
    )
    row = import_running.prepared(ctx, Item(1, texts), options)
    if row.outcome != FAILED:
        import_running.matched(Matcher(ctx, options.system), [row])
        import_writing.write(ctx, [row], options)
    said = " ".join(map(str, row.said))
    if row.outcome not in STATES:
        return Taken(state=FAILED, said=said)
    uid = None
    if row.record_id is not None:
        model: Any = ctx.schema.entity(row.entity).model
        uid = ctx.session.scalar(select(model.uid).where(model.id == row.record_id))
    return Taken(state=STATES[row.outcome], said=said, entity=row.entity, uid=uid)


def _texts(ctx: Context, inbox: WebhookInbox, message: Mapping[str, Any]) -> Texts:
    """Return what stands at the places of the mapping, as a row of texts. Raises Invalid."""
    cells: list[tuple[str, str]] = []
    for path, name in read_mapping(inbox.mapping):
        try:
            text = json_paths.text(json_paths.value(message, path))
        except ValueError:
            where = ".".join(map(str, path))
            told = _("At “%(path)s” there is an object where a value is expected.", path=where)
            raise Invalid({name: told}) from None
        if text.startswith(MARKS):
            text = _unmarked(ctx, inbox, name, text)
        if text:
            cells.append((name, text))
    if not cells:
        raise Invalid({"": _("The message has nothing at the places that the webhook looks at.")})
    return Texts(tuple(cells))


def _unmarked(ctx: Context, inbox: WebhookInbox, name: str, text: str) -> str:
    """Return a text that begins like one of our marks so that it is read as what it is. Raises Invalid where it cannot be."""
    of = next((f for f in ctx.schema.fields(inbox.entity) if f.key == name), None)
    if of is None or of.kind not in (Kind.TEXT, Kind.LONG_TEXT):
        raise Invalid({name: _("“%(text)s” cannot be used.", text=text[:60])})
    return MARK + dump(text)


@unit
def forget(ctx: Context) -> int:
    """Remove up to a batch of receipts that are older than a month; returns how many."""
    old = select(Receipt.id).where(Receipt.channel.like("hook:%"), Receipt.at < ctx.now - KEPT).limit(BATCH)
    ids = ctx.session.execute(old).scalars().all()
    ctx.session.execute(delete(Receipt).where(Receipt.id.in_(ids)))
    return len(ids)
