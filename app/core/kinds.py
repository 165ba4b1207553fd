"""The kinds of interaction the core knows. A verb is read with somebody after it: "called Ana Lima"."""

from __future__ import annotations

from typing import Any

from app.core.choices import MEETING_OUTCOMES, OUTCOMES
from app.i18n import _l
from app.kernel.contributions import TimelineKind


def _kind(
    name: str, label: object, icon: str, tone: str, verb: object, order: int, **more: Any
) -> TimelineKind:
    return TimelineKind(
        name=name, label=label, icon=icon, tone=tone, verb=verb, order=order, loggable=True, **more
    )


ALL = (
    _kind("note", _l("Note"), "sticky-note", "note", _l("left a note"), 10),
    _kind(
        "call", _l("Call"), "phone", "call", _l("called"), 20, directed=True, timed=True, outcomes=OUTCOMES
    ),
    _kind("email", _l("E-mail"), "mail", "email", _l("e-mailed"), 30, directed=True),
    _kind("meeting", _l("Meeting"), "calendar", "meet", _l("met"), 40, timed=True, outcomes=MEETING_OUTCOMES),
    _kind("message", _l("Message"), "message-circle", "chat", _l("messaged"), 50, directed=True),
    _kind("chat", _l("Chat"), "messages-square", "chat", _l("chatted with"), 60, directed=True),
    _kind("social", _l("Social"), "at-sign", "chat", _l("wrote on social media to"), 70, directed=True),
    _kind("letter", _l("Letter"), "file-text", "email", _l("wrote a letter to"), 80, directed=True),
    _kind("visit", _l("Visit"), "map-pin", "meet", _l("visited"), 90, timed=True, outcomes=MEETING_OUTCOMES),
)
