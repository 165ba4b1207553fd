"""Settings that are changed while Kith runs: the site's, a user's, a plugin's. Values are JSON (services/typed_json)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.house import house
from app.kernel.context import Context
from app.kernel.errors import Invalid
from app.models import Epoch, Setting
from app.services import plugin_forms, secrets, typed_json
from app.services.typed_json import Sealed
from app.services.unit import unit

DEFAULTS: dict[str, Any] = {
    "company": "Kith",
    "locale": "en",
    "zone": "UTC",
    "currency": "EUR",
    "region": "",
    "mailer": "smtp",
    "history_days": 0,
    "set_up": False,
    "keep_in_touch": {},
}
"""The site's settings and what they are until somebody changes them."""


class Values:
    """Settings of one owner and scope, read as attributes; an unknown name is an AttributeError.

    A secret is opened when it is read. Raises SecretLost when its key is missing.
    """

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = dict(values)

    def get(self, key: str, default: Any = None) -> Any:
        """Return a value or the default."""
        found = self._values.get(key, default)
        return secrets.unseal(found) if isinstance(found, Sealed) else found

    def has(self, key: str) -> bool:
        """Tell whether there is a setting of that name."""
        return key in self._values

    def raw(self, key: str) -> Any:
        """Return a value as it is stored: of a secret the sealed one."""
        return self._values.get(key)

    def __getattr__(self, key: str) -> Any:
        if key.startswith("_") or key not in self._values:
            raise AttributeError(f"There is no setting “{key}”.")
        return self.get(key)


def site(session: Session, epoch: int) -> Values:
    """Return the site's settings as of an epoch, cached per process."""
    return Values(DEFAULTS | _all(session, epoch).get(("core", 0), {}))


def of_owner(
    session: Session, epoch: int, owner: str, defaults: Mapping[str, Any], user_id: int = 0
) -> Values:
    """Return a plugin's settings over its defaults; KITH_<OWNER>__<KEY> in the environment wins over the site's.

    The settings of a user are read anew each time, those of the site are cached per process.
    """
    if user_id:
        return Values({**defaults, **_of_user(session, owner, user_id)})
    stored = _all(session, epoch).get((owner, 0), {})
    return Values({**defaults, **stored, **plugin_forms.locked(owner)})


def of_user(session: Session, epoch: int, user_id: int) -> Values:
    """Return the core's settings of one user (recent searches, list choices)."""
    return Values(_of_user(session, "core", user_id))


def _of_user(session: Session, owner: str, user_id: int) -> dict[str, Any]:
    rows = session.execute(
        select(Setting.key, Setting.value).where(Setting.owner == owner, Setting.user_id == user_id)
    )
    return {row.key: _value(owner, row.key, user_id, row.value) for row in rows}


def _value(owner: str, key: str, user_id: int, text: str) -> Any:
    found = typed_json.load(text)
    return Sealed(found.text, secrets.place(owner, key, user_id)) if isinstance(found, Sealed) else found


def _all(session: Session, epoch: int) -> dict[tuple[str, int], dict[str, Any]]:
    kith = house()
    if kith.settings_cache is not None and kith.settings_cache[0] == epoch and epoch:
        return kith.settings_cache[1]
    found: dict[tuple[str, int], dict[str, Any]] = {}
    if "unit" in session.info:
        session.flush()
    query = select(Setting.owner, Setting.key, Setting.value).where(Setting.user_id == 0)
    # below the access layer: a row rule may ask for settings, and would be asked for itself otherwise
    for row in session.connection().execute(query):
        found.setdefault((row.owner, 0), {})[row.key] = _value(row.owner, row.key, 0, row.value)
    kith.settings_cache = (epoch, found)
    return found


@unit
def save(ctx: Context, values: Mapping[str, Any], *, owner: str = "core", user_id: int = 0) -> None:
    """Store settings and tell every process. Raises Invalid for a name the core does not know."""
    if owner == "core" and user_id == 0 and (unknown := set(values) - set(DEFAULTS)):
        raise Invalid({name: f"There is no setting “{name}”." for name in unknown})
    rows = ctx.session.execute(
        select(Setting).where(
            Setting.owner == owner, Setting.user_id == user_id, Setting.key.in_(list(values))
        )
    ).scalars()
    known = {row.key: row for row in rows}
    for key, value in values.items():
        text = typed_json.dump(value)
        if key in known:
            known[key].value = text
        else:
            ctx.session.add(Setting(owner=owner, user_id=user_id, key=key, value=text))
    if user_id == 0:
        bump(ctx, "settings")


def bump(ctx: Context, counter: str) -> None:
    """Raise one of the epoch's counters (plugins, schema, settings, permissions) within the open unit."""
    row = ctx.session.execute(select(Epoch).with_for_update()).scalar_one()
    setattr(row, counter, getattr(row, counter) + 1)
    ctx.session.flush()
