"""What the core tells people about."""

from __future__ import annotations

from app.i18n import _l
from app.kernel.notices import Notice

ALL = (
    Notice(
        name="reminder",
        label=_l("Reminders"),
        hint=_l("When something you planned comes due."),
        icon="alarm-clock",
        tone="task",
        order=10,
    ),
    Notice(
        name="mention",
        label=_l("Mentions"),
        hint=_l("When a colleague writes @ and your name."),
        icon="at-sign",
        tone="email",
        order=20,
    ),
    Notice(
        name="assigned",
        label=_l("Assigned to you"),
        hint=_l("When a colleague gives you a task."),
        icon="user-check",
        tone="task",
        order=30,
    ),
    Notice(
        name="approval",
        label=_l("Approvals"),
        hint=_l("When a colleague needs your approval, and when yours was decided."),
        icon="shield-check",
        tone="deal",
        order=35,
    ),
    Notice(
        name="important_date",
        label=_l("Important dates"),
        hint=_l("Birthdays and other dates of your contacts."),
        channels=("app",),
        icon="cake",
        tone="camp",
        order=40,
    ),
    Notice(
        name="webhook",
        label=_l("Webhooks"),
        hint=_l("When a webhook of yours was switched off because its receiver fails."),
        icon="webhook",
        tone="sys",
        order=90,
    ),
)
