"""Webhooks as administrators set them up: an address, topics, a filter, and whose eyes they see with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select

from app.i18n import _
from app.kernel.context import Context
from app.kernel.contributions import Topic
from app.kernel.errors import Invalid, NotVisible
from app.models import User, Webhook, WebhookDelivery
from app.services import access, audit, filters, safe_fetch, webhooks_secrets, webhooks_state
from app.services.notifications import receiving
from app.services.unit import unit

RIGHT = "admin.webhooks"
MOST = 100
"""Webhooks that there may be."""

VERBS = ("created", "updated", "deleted", "restored", "merged")


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A webhook as somebody wants it; `topics` are words, `filter` is in the language of lists (with an entity)."""

    name: str
    url: str
    topics: str
    user_id: int
    entity: str = ""
    filter: str = ""


def topics(ctx: Context) -> Sequence[str]:
    """Return the topics there are to choose from."""
    own = [f"{e.key}.{verb}" for e in ctx.schema.entities() if e.api for verb in VERBS]
    return sorted({*own, *(topic.key for topic in ctx.schema.all(Topic))})


def every(ctx: Context) -> Sequence[Webhook]:
    """Return the webhooks by name. Raises NotAllowed."""
    access.require(ctx, RIGHT)
    query = select(Webhook).order_by(Webhook.name, Webhook.id).limit(MOST)
    return ctx.session.execute(query).scalars().all()


def get(ctx: Context, hook_id: int, *, lock: bool = False) -> Webhook:
    """Return a webhook. Raises NotAllowed, NotVisible."""
    access.require(ctx, RIGHT)
    found = None
    if 0 < hook_id <= access.GREATEST_ID:
        found = ctx.session.get(Webhook, hook_id, with_for_update=lock, populate_existing=lock)
    if found is None:
        raise NotVisible(_("There is no such webhook."))
    return found


@unit
def create(ctx: Context, wanted: Wanted) -> tuple[Webhook, str]:
    """Set up a webhook and return it with its secret, which is shown this once.

    Raises NotAllowed, Invalid with a sentence per field.
    """
    access.require(ctx, RIGHT)
    values = _checked(ctx, wanted, None)
    if len(every(ctx)) == MOST:
        raise Invalid({"name": _("There are %(most)s webhooks already. Remove one first.", most=MOST)})
    made = Webhook(**values, retry_at=ctx.now, created_at=ctx.now)
    ctx.session.add(made)
    ctx.session.flush()
    secret = webhooks_secrets.begin(ctx, "hook", made.id)
    webhooks_state.publish(ctx)
    audit.note(ctx, "webhook.create", f"webhook:{made.id}", name=made.name, url=made.url)
    return made, secret


@unit
def update(ctx: Context, hook_id: int, wanted: Wanted) -> Webhook:
    """Change a webhook. Raises NotAllowed, NotVisible, Invalid with a sentence per field."""
    hook = get(ctx, hook_id, lock=True)
    for name, value in _checked(ctx, wanted, hook).items():
        setattr(hook, name, value)
    hook.retry_at = ctx.now
    ctx.session.flush()
    webhooks_state.publish(ctx)
    audit.note(ctx, "webhook.change", f"webhook:{hook.id}", name=hook.name, url=hook.url)
    return hook


@unit
def switch(ctx: Context, hook_id: int, *, on: bool) -> Webhook:
    """Switch a webhook on or off by hand. Raises NotAllowed, NotVisible."""
    hook = get(ctx, hook_id, lock=True)
    if on:
        webhooks_state.switch_on(ctx, hook)
        audit.note(ctx, "webhook.on", f"webhook:{hook.id}", name=hook.name)
    elif hook.active:
        webhooks_state.switch_off(ctx, hook, webhooks_state.BY_HAND)
    return hook


@unit
def rotate(ctx: Context, hook_id: int) -> str:
    """Give a webhook a new secret and return it; for a day messages are signed with the former one too."""
    hook = get(ctx, hook_id, lock=True)
    secret = webhooks_secrets.change(ctx, "hook", hook.id)
    hook.former_until = ctx.now + webhooks_secrets.BOTH
    audit.note(ctx, "webhook.secret", f"webhook:{hook.id}", name=hook.name)
    return secret


@unit
def remove(ctx: Context, hook_id: int) -> None:
    """Remove a webhook with its log. Raises NotAllowed, NotVisible."""
    hook = get(ctx, hook_id, lock=True)
    audit.note(ctx, "webhook.remove", f"webhook:{hook.id}", name=hook.name)
    webhooks_secrets.forget(ctx, "hook", hook.id)
    ctx.session.execute(delete(WebhookDelivery).where(WebhookDelivery.webhook_id == hook.id))
    ctx.session.delete(hook)
    ctx.session.flush()
    webhooks_state.publish(ctx)


def _checked(ctx: Context, wanted: Wanted, former: Webhook | None) -> Mapping[str, Any]:
    """Return the values of a webhook. Raises Invalid."""
    problems: dict[str, str] = {}
    name = " ".join(wanted.name.split())
    if not name or len(name) > 120:
        problems["name"] = _("Write what the webhook is for, in at most 120 characters.")
    url = wanted.url.strip()
    try:
        safe_fetch.target_of(url)
    except safe_fetch.Forbidden as error:
        problems["url"] = str(error)
    words = list(dict.fromkeys(wanted.topics.replace(",", " ").split()))
    if problem := _wrong_topics(ctx, words):
        problems["topics"] = problem
    if former is None or wanted.user_id != former.user_id:
        owner_problem = _wrong_owner(ctx, wanted.user_id)
        problems |= {"user": owner_problem} if owner_problem else {}
    text = wanted.filter.strip()
    if "user" not in problems and (problem := _wrong_filter(ctx, wanted, text)):
        problems["filter" if text else "entity"] = problem
    if problems:
        raise Invalid(problems)
    return {
        "name": name,
        "url": url,
        "topics": " ".join(words),
        "entity": wanted.entity,
        "filter": text,
        "user_id": wanted.user_id,
    }


def _wrong_topics(ctx: Context, words: Sequence[str]) -> str:
    known = topics(ctx)
    heads = {topic.rpartition(".")[0] for topic in known}
    for word in words:
        if word != "*" and word not in known and not (word.endswith(".*") and word[:-2] in heads):
            return _("There is no topic “%(topic)s”. The list below has all of them.", topic=word[:60])
    return "" if words else _("Name a topic, like contact.created or company.*.")


def _wrong_owner(ctx: Context, user_id: int) -> str:
    user = ctx.session.get(User, user_id) if 0 < user_id <= access.GREATEST_ID else None
    if user is None or not user.active:
        return _("Choose an active account whose rights count.")
    if user_id != ctx.user.id and not ctx.may("admin.users"):
        return _("Choose your own account, or ask somebody who manages users.")
    return ""


def _wrong_filter(ctx: Context, wanted: Wanted, text: str) -> str:
    if wanted.entity and not (ctx.schema.has(wanted.entity) and ctx.schema.entity(wanted.entity).api):
        return _("There is no such kind of record.")
    if not text:
        return ""
    if not wanted.entity:
        return _("A filter is about one kind of record. Choose which.")
    with receiving(ctx, wanted.user_id) as owner:
        try:
            filters.check(owner or ctx, wanted.entity, text)
        except filters.ExprError as error:
            return str(error)
    return ""
