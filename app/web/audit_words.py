"""The audit log in words: what was done, and to whom or what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.i18n import _l
from app.services.audit import Event

WORDS: dict[str, Any] = {
    "login": _l("Signed in"),
    "login.failed": _l("Failed to sign in"),
    "login.code_failed": _l("Gave a wrong code at sign-in"),
    "logout": _l("Signed out"),
    "password.wrong": _l("Gave a wrong present password"),
    "password.change": _l("Password changed"),
    "reset.asked": _l("Reset link asked for"),
    "email.asked": _l("New address asked for"),
    "email.change": _l("Address changed"),
    "totp.on": _l("Second step switched on"),
    "totp.off": _l("Second step switched off"),
    "user.invite": _l("User invited"),
    "user.accept": _l("Invitation accepted"),
    "user.create": _l("User created"),
    "user.change": _l("User changed"),
    "user.roles": _l("Roles given"),
    "user.deactivate": _l("User deactivated"),
    "user.reactivate": _l("User let in again"),
    "team.save": _l("Team saved"),
    "team.remove": _l("Team removed"),
    "role.create": _l("Role created"),
    "role.change": _l("Role changed"),
    "role.remove": _l("Role removed"),
    "settings.change": _l("Settings changed"),
    "plugin.enabled": _l("Plugin switched on"),
    "plugin.disabled": _l("Plugin switched off"),
    "plugin.removed": _l("Plugin removed"),
    "plugin.settings": _l("Settings of a plugin changed"),
    "secrets.rotate": _l("Key of the stored secrets renewed"),
    "schedule.pause": _l("Schedule paused"),
    "schedule.resume": _l("Schedule resumed"),
    "schedule.run": _l("Schedule run by hand"),
    "job.retry": _l("Jobs tried again"),
    "job.discard": _l("Jobs discarded"),
    "records.export": _l("Records exported"),
}
"""What each action is called; one that is missing is shown by its key."""


def about(event: Event, names: Mapping[int, str]) -> str:
    """Return what an event was done to, with what changed: "Ana Lima: manager", "North"; empty for one's own account."""
    kind, _sep, key = event.object.partition(":")
    name = str(event.detail.get("name") or "") or key or kind
    if kind == "user" and key.isdigit():
        name = names.get(int(key), key) if int(key) != event.actor_id else ""
    return ": ".join(part for part in (name, _changed(event.detail)) if part)


def _changed(detail: Mapping[str, Any]) -> str:
    found = detail.get("after") or detail.get("changed") or detail.get("format") or detail.get("count") or ""
    if isinstance(found, list | tuple | dict):
        return ", ".join(map(str, found))
    return str(found)
