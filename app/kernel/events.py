"""What happened: the envelope of an event. The bus lives in `services/events.py`, the log in `models/event.py`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

MAX_DEPTH = 5
"""Events caused by events caused by events …: beyond this depth nothing more is delivered, with a visible warning."""


@dataclass(frozen=True, kw_only=True)
class Event:
    """One thing that happened to one record.

    `before` and `after` hold the changed fields only, `after` of a plugin's own topic its payload; `source` is web, api, import, workflow, job or cli; `id` is 0
    until the event is stored (BEFORE subscribers see it so).
    """

    id: int = 0
    topic: str
    entity: str = ""
    record_id: int | None = None
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    actor_id: int | None = None
    source: str = "web"
    at: datetime
    depth: int = 0
    operation_id: int | None = None
    record: Any = None


def concerns(on: Any, topic: str, changed: Iterable[str] | None) -> bool:
    """Tell whether a subscription is about an event: its topic, and the fields it changed (None: not known yet)."""
    if not matches(on.topic, topic):
        return False
    return not on.fields or changed is None or not set(on.fields).isdisjoint(changed)


def matches(pattern: str, topic: str) -> bool:
    """Tell whether a subscription's topic (`contact.updated`, `contact.*`, `*`) covers an event's topic."""
    if pattern == "*":
        return True
    return topic.startswith(pattern[:-1]) if pattern.endswith(".*") else pattern == topic
