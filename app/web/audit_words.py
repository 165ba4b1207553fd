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
    "token.create": _l("Token made"),
    "token.revoke": _l("Token revoked"),
    "export.everything": _l("Everything exported"),
    "export.fetched": _l("Export of everything fetched"),
    "export.removed": _l("Export of everything deleted"),
    "import.everything": _l("Everything taken in from an export"),
    "config.applied": _l("Definitions applied from files"),
    "app.register": _l("App registered"),
    "app.change": _l("App changed"),
    "app.secret": _l("App given a new secret"),
    "app.remove": _l("App removed"),
    "app.allow": _l("App let in"),
    "app.revoke": _l("App shut out"),
    "app.stolen": _l("App shut out: one of its keys was used twice"),
    "type.added": _l("Kind of record added"),
    "type.changed": _l("Kind of record changed"),
    "type.deleted": _l("Kind of record deleted"),
    "type.restored": _l("Kind of record restored"),
    "layout.changed": _l("Layout changed"),
    "layout.reset": _l("Layout put back to what is built in"),
    "webhook.create": _l("Webhook set up"),
    "webhook.change": _l("Webhook changed"),
    "webhook.on": _l("Webhook switched on"),
    "webhook.off": _l("Webhook switched off"),
    "webhook.secret": _l("Webhook given a new secret"),
    "webhook.replay": _l("Messages of a webhook sent again"),
    "webhook.remove": _l("Webhook removed"),
    "inbox.create": _l("Webhook in set up"),
    "inbox.change": _l("Webhook in changed"),
    "inbox.secret": _l("Webhook in given a new secret"),
    "inbox.remove": _l("Webhook in removed"),
    "settings.change": _l("Settings changed"),
    "field.added": _l("Field added"),
    "field.changed": _l("Field changed"),
    "field.retyped": _l("Type of a field changed"),
    "field.retired": _l("Field retired"),
    "field.revived": _l("Field in use again"),
    "field.deleted": _l("Field deleted"),
    "field.restored": _l("Deleted field brought back"),
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
