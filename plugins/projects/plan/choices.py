"""The fixed words of plans, as they are stored and as people read them."""

from __future__ import annotations

from app.sdk import Choice, _l

PLANNED, ACTIVE, PAUSED, DONE, CANCELLED = "planned", "active", "paused", "done", "cancelled"

STATUSES = (
    Choice(value=PLANNED, label=_l("Planned"), tone="sys"),
    Choice(value=ACTIVE, label=_l("Active"), tone="info"),
    Choice(value=PAUSED, label=_l("Paused"), tone="warn"),
    Choice(value=DONE, label=_l("Done"), tone="ok"),
    Choice(value=CANCELLED, label=_l("Cancelled"), tone="sys"),
)
GOING = (PLANNED, ACTIVE, PAUSED)

HEALTHS = (
    Choice(value="good", label=_l("On track"), tone="ok"),
    Choice(value="risk", label=_l("At risk"), tone="warn"),
    Choice(value="bad", label=_l("Off track"), tone="bad"),
)

HOURS, FIXED, NONE = "hours", "fixed", "none"
BILLINGS = (
    Choice(value=HOURS, label=_l("By the hour")),
    Choice(value=FIXED, label=_l("At a fixed price")),
    Choice(value=NONE, label=_l("Not billed")),
)

TODO, DOING, WAITING, REVIEW = "todo", "doing", "waiting", "review"
LANES = (
    Choice(value=TODO, label=_l("To do")),
    Choice(value=DOING, label=_l("In progress")),
    Choice(value=WAITING, label=_l("Waiting")),
    Choice(value=REVIEW, label=_l("To check")),
)
FINISHED = Choice(value=DONE, label=_l("Done"))
"""The last lane of the board: it follows from the status of the task."""

KINDS = (
    Choice(value="FS", label=_l("begins after its end")),
    Choice(value="SS", label=_l("begins after its beginning")),
    Choice(value="FF", label=_l("ends after its end")),
    Choice(value="SF", label=_l("ends after its beginning")),
)


def choice(choices: tuple[Choice, ...], value: str) -> Choice | None:
    """Return the choice of a value, None for a value that is none."""
    return next((one for one in choices if one.value == value), None)
