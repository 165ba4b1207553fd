"""The secrets of webhooks: sealed among the settings, shown once, two of them valid for a day after a change (S27)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select

from app.kernel.context import Context
from app.models import Setting, Webhook
from app.services import secrets, settings, typed_json
from app.services.typed_json import Sealed
from app.services.webhooks_planning import OWNER
from app.services.webhooks_signing import new_secret

BOTH = timedelta(days=1)
"""So long after a change messages are signed with the former secret too."""


def begin(ctx: Context, kind: str, row_id: int) -> str:
    """Seal a fresh secret for something (kind "hook" or "inbox") within the open unit; returns it, to be shown once."""
    made = new_secret()
    key = _key(kind, row_id)
    settings.save(ctx, {key: secrets.seal(made, bound=secrets.place(OWNER, key, 0))}, owner=OWNER)
    return made


def change(ctx: Context, kind: str, row_id: int) -> str:
    """Seal a fresh secret and keep the one until now as the former, within the open unit; returns the fresh one."""
    former = of(ctx, kind, row_id)
    key = _key(f"former.{kind}", row_id)
    settings.save(ctx, {key: secrets.seal(former, bound=secrets.place(OWNER, key, 0))}, owner=OWNER)
    return begin(ctx, kind, row_id)


def forget(ctx: Context, kind: str, row_id: int) -> None:
    """Remove the secrets of something that goes, within the open unit."""
    keys = (_key(kind, row_id), _key(f"former.{kind}", row_id))
    ctx.session.execute(delete(Setting).where(Setting.owner == OWNER, Setting.key.in_(keys)))
    settings.bump(ctx, "settings")


def valid(ctx: Context, hook: Webhook) -> Sequence[str]:
    """Return the secrets that sign for a webhook now, the present one first. Raises SecretLost."""
    return both(ctx, "hook", hook.id, former=hook.former_until is not None and hook.former_until > ctx.now)


def both(ctx: Context, kind: str, row_id: int, *, former: bool) -> Sequence[str]:
    """Return the present secret, and the former one if it still counts. Raises SecretLost."""
    found = [of(ctx, kind, row_id)]
    return [*found, of(ctx, f"former.{kind}", row_id)] if former else found


def of(ctx: Context, kind: str, row_id: int) -> str:
    """Return a secret in plain. Raises SecretLost when it is not there or cannot be opened."""
    key = _key(kind, row_id)
    mine = (Setting.owner == OWNER, Setting.key == key, Setting.user_id == 0)
    text = ctx.session.execute(select(Setting.value).where(*mine)).scalar_one_or_none()
    stored: Any = typed_json.load(text) if text is not None else Sealed("")
    return secrets.unseal(Sealed(stored.text, secrets.place(OWNER, key, 0)))


def _key(kind: str, row_id: int) -> str:
    return f"{kind}.{row_id}"
