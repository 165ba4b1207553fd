"""All stored secrets at once: sealed anew under a new key while Kith runs, and asked whether they still open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from app.house import house
from app.i18n import _
from app.kernel.context import Context
from app.kernel.contributions import Health
from app.models import Setting
from app.services import audit, secrets, typed_json
from app.services.secrets import SecretLost
from app.services.settings import bump
from app.services.typed_json import Sealed

STORED = '{"$type": "sealed"'
BATCH = 200


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A secret that is stored: whose it is (`user_id` 0 is the site's) and whether it can be opened here."""

    owner: str
    key: str
    user_id: int
    opens: bool


def rotate(ctx: Context, *, forget: bool = False) -> int:
    """Make a new key and seal every secret under it, in short units while Kith runs; returns how many.

    Former keys are kept for older backups, unless `forget`. Raises SecretLost when a secret cannot be opened: then all
    keys are kept.
    """
    config = house().config
    if lost := [one for one in every(ctx) if not one.opens]:
        names = ", ".join(f"{one.owner}.{one.key}" for one in lost)
        raise SecretLost(_("These secrets cannot be opened, so nothing was changed: %(names)s", names=names))
    secrets.renew(config)
    count, last = 0, 0
    while batch := _seal_anew(ctx, last):
        last, count = batch[0], count + batch[1]
    with ctx.unit():
        audit.note(ctx, "secrets.rotate", "secrets", count=count, forgotten=forget)
        bump(ctx, "settings")
    if forget:
        secrets.forget(config)
    return count


def _seal_anew(ctx: Context, after: int) -> tuple[int, int] | None:
    """Seal the next secrets under the present key; the last id looked at and how many there were, None at the end."""
    with ctx.unit():
        query = select(Setting).where(Setting.id > after, Setting.value.startswith(STORED, autoescape=True))
        rows = ctx.session.execute(query.order_by(Setting.id).limit(BATCH).with_for_update()).scalars().all()
        for row in rows:
            plain = secrets.unseal(_stored(row))
            row.value = typed_json.dump(secrets.seal(plain, bound=_place(row)))
        return (rows[-1].id, len(rows)) if rows else None


def every(ctx: Context) -> Sequence[Kept]:
    """Return the secrets there are, by owner and key."""
    query = select(Setting).where(Setting.value.startswith(STORED, autoescape=True))
    rows = ctx.session.execute(query.order_by(Setting.owner, Setting.key, Setting.user_id)).scalars()
    return [
        Kept(owner=row.owner, key=row.key, user_id=row.user_id, opens=secrets.opens(_stored(row)))
        for row in rows
    ]


def healthy(ctx: Context) -> Health:
    """Ask whether every secret can be opened, and whether nobody else reads the key file."""
    file = secrets.path(house().config)
    lost = sorted({f"{one.owner}.{one.key}" for one in every(ctx) if not one.opens})
    if lost:
        text = _("These secrets cannot be opened: %(names)s. Put %(file)s back, or type them in anew.")
        return Health(state="fail", message=text % {"names": ", ".join(lost), "file": file})
    if file.exists() and file.stat().st_mode & 0o077:
        text = _("Others can read %(file)s. Run: chmod 600 %(file)s", file=file)
        return Health(state="warn", message=text)
    return Health()


def _stored(row: Setting) -> Sealed:
    found: Sealed = typed_json.load(row.value)
    return Sealed(found.text, _place(row))


def _place(row: Setting) -> str:
    return secrets.place(row.owner, row.key, row.user_id)
