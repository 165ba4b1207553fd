"""What somebody was told: the page of notifications, reading and snoozing, and how he wants to be told."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request, url_for

from app.i18n import _
from app.kernel.notices import Notice
from app.models import Notification
from app.services import notifications as told
from app.services import notify_channels, reminders, reminders_later
from app.services.context import ctx
from app.web import dates
from app.web.render import done, render
from app.web.routes import signed_in

notifications = Blueprint("notifications", __name__)


@notifications.get("/notifications")
@signed_in
def index() -> Response:
    """Show what the principal was told, newest first."""
    found, more = told.page(ctx(), _number(request.args.get("before", "")))
    notices = {n.key: n for n in ctx().schema.all(Notice)}
    return render(
        "notifications/index.html",
        title=_("Notifications"),
        items=[_item(one, notices.get(one.topic)) for one in found],
        newest=found[0].id if found else 0,
        unread=any(one.read_at is None for one in found),
        later=reminders_later.choices(),
        more=url_for("notifications.index", before=more) if more else "",
    )


@notifications.post("/notifications/<int:notification_id>/open")
@signed_in
def open_one(notification_id: int) -> Response:
    """Mark one as read and go to what it is about."""
    found = told.read(ctx(), notification_id)
    return done(_target(found) or url_for("notifications.index"))


@notifications.post("/notifications/read")
@signed_in
def read_all() -> Response:
    """Mark everything as read that was on the page or is older."""
    told.read_all(ctx(), _number(request.form.get("until", "")))
    return done(url_for("notifications.index"), toast=_("All read"))


@notifications.post("/notifications/<int:notification_id>/snooze")
@signed_in
def snooze(notification_id: int) -> Response:
    """Be reminded of the same record later."""
    with ctx().unit():
        found = told.read(ctx(), notification_id)
        at = reminders_later.instant(ctx(), request.form.get("for", ""))
        reminders.snooze(ctx(), found.entity, found.record_id, at)
    return done(
        url_for("notifications.index"), toast=_("You will be reminded again: %(when)s", when=dates.moment(at))
    )


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) <= 18 else 0


def _target(found: Notification) -> str:
    return found.url or notify_channels.link(ctx(), found.entity, found.record_id)


def _item(found: Notification, notice: Notice | None) -> dict[str, Any]:
    return {
        "id": found.id,
        "text": found.text,
        "at": found.created_at,
        "ago": dates.ago(found.created_at),
        "new": found.read_at is None,
        "icon": notice.icon if notice else "bell",
        "tone": notice.tone if notice else "sys",
        "open": url_for("notifications.open_one", notification_id=found.id) if _target(found) else "",
        "snooze": url_for("notifications.snooze", notification_id=found.id) if found.entity else "",
    }
