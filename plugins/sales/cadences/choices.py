"""The words of cadences: what a step can be, and how it stands with somebody in one."""

from __future__ import annotations

from app.sdk import Choice, _l

CADENCE = "sales.cadence"
ACTIVE, PAUSED, DONE, STOPPED = "active", "paused", "done", "stopped"
GOING = (ACTIVE, PAUSED)

CALL, EMAIL, MESSAGE, TASK = "call", "email", "message", "task"
KINDS = (
    Choice(value=CALL, label=_l("Call"), tone="call"),
    Choice(value=EMAIL, label=_l("E-mail"), tone="email"),
    Choice(value=MESSAGE, label=_l("Message"), tone="chat"),
    Choice(value=TASK, label=_l("Task"), tone="task"),
)
STATES = (
    Choice(value=ACTIVE, label=_l("Going on"), tone="ok"),
    Choice(value=PAUSED, label=_l("Paused"), tone="warn"),
    Choice(value=DONE, label=_l("Finished"), tone="info"),
    Choice(value=STOPPED, label=_l("Stopped"), tone="sys"),
)
WRITTEN = (EMAIL, MESSAGE)
"""Steps for which a text is prepared."""
