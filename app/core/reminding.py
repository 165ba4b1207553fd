"""Reminding people: what the core listens to for it, and its work on a schedule."""

from __future__ import annotations

from app.i18n import _l
from app.kernel.contributions import Job, On, Phase
from app.services import (
    digest,
    important_dates,
    important_dates_reminding,
    keep_in_touch_upkeep,
    notifications,
    notify_delivery,
    notify_heard,
    reminders,
    reminders_sending,
)

EVENTS = (
    On(name="told", topic="*", run=notify_heard.heard, phase=Phase.BEFORE, record=False),
    On(
        name="keep_in_touch",
        topic="contact.*",
        run=keep_in_touch_upkeep.heard,
        phase=Phase.BEFORE,
        record=False,
    ),
    On(
        name="important_dates", topic="contact.*", run=important_dates.heard, phase=Phase.BEFORE, record=False
    ),
)

JOBS = (
    Job(name=notifications.DELIVER, label=_l("Tell people something"), run=notify_delivery.deliver),
    Job(
        name=reminders.SEND,
        label=_l("Send reminders"),
        run=reminders_sending.send_due,
        schedule="every 1m",
        retries=3,
    ),
    Job(
        name=keep_in_touch_upkeep.REFRESH,
        label=_l("Work out who should hear from us"),
        run=keep_in_touch_upkeep.refresh,
        timeout=3600,
        retries=3,
    ),
    Job(
        name="digest.begin",
        label=_l("See whose daily mail is due"),
        run=digest.begin,
        schedule="every 15m",
        retries=3,
    ),
    Job(name=digest.SEND, label=_l("Write a daily mail"), run=digest.send, retries=3),
    Job(
        name="important_dates.remind",
        label=_l("Remind of birthdays and other dates"),
        run=important_dates_reminding.remind,
        schedule="every 1h",
        timeout=600,
        retries=3,
    ),
)
