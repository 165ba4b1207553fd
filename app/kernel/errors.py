"""What can go wrong, in words a person can act on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


class KithError(Exception):
    """The base of all errors that Kith raises on purpose; `str(error)` is a sentence for people."""


class NotVisible(KithError):
    """The record does not exist for this principal: answered as 404, never as a hint."""


class NotAllowed(KithError):
    """The principal may see the thing but not do this to it: answered as 403 with the missing permission."""

    def __init__(self, message: str, permission: str = "") -> None:
        super().__init__(message)
        self.permission = permission


@dataclass(frozen=True)
class Clash:
    """One field that two people changed: what was seen, what is there now, what was to be written."""

    field: str
    seen: Any
    now: Any
    mine: Any


class Conflict(KithError):
    """Somebody changed the same fields since they were read; carries both values of each."""

    def __init__(self, clashes: Sequence[Clash], version: int) -> None:
        super().__init__("Somebody else changed this in the meantime.")
        self.clashes = tuple(clashes)
        self.version = version


class Invalid(KithError):
    """Values that cannot be stored: field name → sentence. Nothing was changed."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("; ".join(problems.values()))
        self.problems = dict(problems)


class Refuse(KithError):
    """Raised by a BEFORE subscriber to cancel the operation with a reason; it is no fault of the plugin.

    `events` names the refused ones in a batch; None makes the core repeat the batch row by row. `problems` has the
    reason as Invalid has its sentences, of no field: forms show it above the fields.
    """

    def __init__(self, reason: str, events: Sequence[Any] | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.problems = {"": str(reason)}
        self.events = events


class PluginError(KithError):
    """A declaration or a call of a plugin is wrong; names the owner and says what to do."""

    def __init__(self, owner: str, message: str) -> None:
        super().__init__(f"{owner}: {message}")
        self.owner = owner
        self.plain = message[:1].upper() + message[1:]


class GuardedFailure(KithError):
    """Guarded plugin code failed and the surface's policy is to fail the request; carries the incident id."""

    def __init__(self, owner: str, surface: str, item: str, incident: str) -> None:
        super().__init__(f"{owner} failed in {surface} {item} (incident {incident}).")
        self.owner, self.surface, self.item, self.incident = owner, surface, item, incident
