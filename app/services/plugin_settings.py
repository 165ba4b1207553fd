"""Settings of plugins: those of the site, changed by an administrator, and those that each user has for himself.

A plugin reads them as `ctx.settings.<key>` while its code runs, and everybody by `of(ctx, owner)`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from app.i18n import _
from app.kernel.context import Context
from app.kernel.errors import Invalid, NotVisible
from app.kernel.guard import acting
from app.services import access, audit, plugin_forms, secrets, settings
from app.services.settings import Values
from app.services.unit import unit


def of(ctx: Context, owner: str) -> Values:
    """Return a plugin's settings of the site: what was chosen, else its defaults; the environment wins over both."""
    defaults = {name: slot.default for name, slot in plugin_forms.slots(owner).items()}
    return settings.of_owner(ctx.session, _epoch(ctx), owner, defaults)


def of_user(ctx: Context, owner: str) -> Values:
    """Return a plugin's settings of the principal; what he did not choose is as for the site, else the default."""
    site = of(ctx, owner)
    slots = plugin_forms.slots(owner, of_user=True)
    defaults = {
        name: site.raw(name) if site.has(name) and not slot.secret else slot.default
        for name, slot in slots.items()
    }
    if ctx.user.id is None:
        return Values(defaults)
    return settings.of_owner(ctx.session, _epoch(ctx), owner, defaults, ctx.user.id)


class Mine:
    """`ctx.settings`: the site's settings, and before them those of the plugin whose code runs just now.

    A plugin's settings never have the name of one of the site's (a boot check), so that both can be read here.
    """

    def __init__(self, ctx: Context, site: Values) -> None:
        self._ctx, self._site = ctx, site
        self._read: dict[tuple[str, bool], Values] = {}

    def get(self, key: str, default: Any = None) -> Any:
        """Return a value or the default."""
        found = self._of(key)
        return found.get(key, default)

    def __getattr__(self, key: str) -> Any:
        if key.startswith("_"):
            raise AttributeError(key)
        return getattr(self._of(key), key)

    def _of(self, key: str) -> Values:
        owner = acting()
        if owner == "core":
            return self._site
        for mine in (True, False):
            if key in plugin_forms.slots(owner, of_user=mine):
                if (owner, mine) not in self._read:
                    self._read[owner, mine] = (of_user if mine else of)(self._ctx, owner)
                return self._read[owner, mine]
        return self._site


@unit
def save(ctx: Context, owner: str, values: Mapping[str, Any], *, clear: Collection[str] = ()) -> None:
    """Store settings of a plugin for the site. A secret that is empty stays as it is; those in `clear` are removed.

    Raises NotAllowed, NotVisible for a plugin without settings, Invalid for a name that it does not have, for one that
    the environment locks, and for a value that the plugin's form refuses.
    """
    access.require(ctx, "admin.plugins")
    locked = plugin_forms.locked(owner)
    if held := sorted(set(locked) & {*values, *clear}):
        text = _("%(name)s sets this on the server; it cannot be changed here.")
        raise Invalid({n: text % {"name": plugin_forms.variable(owner, n)} for n in held})
    changed = _store(ctx, owner, values, clear, user_id=0)
    if changed:
        audit.note(ctx, "plugin.settings", f"plugin:{owner}", changed=sorted(changed))


@unit
def save_own(ctx: Context, owner: str, values: Mapping[str, Any], *, clear: Collection[str] = ()) -> None:
    """Store the principal's own settings of a plugin. Raises NotVisible, Invalid."""
    if ctx.user.id is None:
        raise NotVisible(_("There are no such settings."))
    _store(ctx, owner, values, clear, user_id=ctx.user.id)


def _store(
    ctx: Context, owner: str, values: Mapping[str, Any], clear: Collection[str], *, user_id: int
) -> set[str]:
    slots = plugin_forms.slots(owner, of_user=bool(user_id))
    if not slots:
        raise NotVisible(_("There are no such settings."))
    if unknown := sorted({*values, *clear} - set(slots)):
        raise Invalid({name: _("There is no setting “%(name)s”.", name=name) for name in unknown})
    told = {n: v for n, v in values.items() if n not in clear and (v or not slots[n].secret)}
    if problems := plugin_forms.refused(owner, told, of_user=bool(user_id)):
        raise Invalid(problems)
    before = of_user(ctx, owner) if user_id else of(ctx, owner)
    written: dict[str, Any] = {}
    for name, value in values.items():
        if not slots[name].secret:
            if value != before.raw(name):
                written[name] = value
        elif value and name not in clear:
            written[name] = secrets.seal(str(value), bound=secrets.place(owner, name, user_id))
    written |= {name: slots[name].default for name in clear}
    settings.save(ctx, written, owner=owner, user_id=user_id)
    return set(written)


def _epoch(ctx: Context) -> int:
    epoch: tuple[int, ...] = getattr(ctx, "epoch", ())
    return epoch[2] if len(epoch) > 2 else 0
