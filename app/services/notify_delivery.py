"""Takes what people are told out of the house: one job per person and channel brings all that waits there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from sqlalchemy import select, update

from app.house import house
from app.i18n import _, _n, speaking
from app.kernel.context import Context
from app.kernel.protocols import Mail
from app.models import Notification, NotificationDelivery, User
from app.services import mailing, notifications, notify_channels
from app.services.notify_channels import Channel

BATCH = 50


def deliver(ctx: Context, args: Mapping[str, Any]) -> None:
    """The job `notifications.deliver`: bring somebody what is due on a channel, in as few messages as possible.

    What was read meanwhile, or is about a record that is out of sight by now, is not sent any more.
    """
    user_id, name = int(args["user_id"]), str(args["channel"])
    channel = next((c for c in notify_channels.every(ctx) if c.key == name and c.ready), None)
    while waiting := _waiting(ctx, user_id, name):
        wanted = _wanted(ctx, user_id, [n for _id, n in waiting]) if channel is not None else []
        if channel is not None and channel.service is not None:
            _tell(ctx, channel, user_id, wanted)
        with ctx.unit():
            if name == notify_channels.MAIL and wanted:
                _mail(ctx, user_id, wanted)
            _done(ctx, [delivery_id for delivery_id, _n in waiting])


def _waiting(ctx: Context, user_id: int, channel: str) -> Sequence[tuple[int, Notification]]:
    query = (
        select(NotificationDelivery.id, Notification)
        .join(Notification, Notification.id == NotificationDelivery.notification_id)
        .where(
            NotificationDelivery.user_id == user_id,
            NotificationDelivery.channel == channel,
            NotificationDelivery.due_at <= ctx.now,
            NotificationDelivery.done_at.is_(None),
        )
        .order_by(NotificationDelivery.id)
        .limit(BATCH)
    )
    return [(row[0], row[1]) for row in ctx.session.execute(query)]


def _wanted(ctx: Context, user_id: int, found: Sequence[Notification]) -> list[Notification]:
    with notifications.receiving(ctx, user_id) as receiver:
        if receiver is None:
            return []
        there = notifications.visible(receiver, [(n.entity, n.record_id) for n in found])
        return [n for n in found if n.read_at is None and (n.entity, n.record_id) in there]


def _done(ctx: Context, ids: Sequence[int]) -> None:
    finished = update(NotificationDelivery).where(NotificationDelivery.id.in_(ids)).values(done_at=ctx.now)
    ctx.session.execute(finished, execution_options={"synchronize_session": False})


def _tell(ctx: Context, channel: Channel, user_id: int, found: Sequence[Notification]) -> None:
    """Hand notifications to a plugin's channel, outside any transaction; what raises is tried again by the job."""
    assert channel.service is not None
    notifier = channel.service.factory(house().config)
    said = [(n.text, notify_channels.absolute(_path(ctx, n))) for n in found]
    ctx.session.rollback()
    for text, url in said:
        notifier.notify(user_id, text, text, url)


def _path(ctx: Context, found: Notification) -> str:
    return found.url or notify_channels.link(ctx, found.entity, found.record_id)


def _mail(ctx: Context, user_id: int, found: Sequence[Notification]) -> None:
    """Queue one mail with all of it, in the transaction that marks it as delivered."""
    person = ctx.session.get_one(User, user_id)
    with speaking(person.locale or str(ctx.settings.get("locale") or "en")):
        lines = [(n.text, notify_channels.absolute(_path(ctx, n))) for n in found]
        many = _n("%(num)s notification", "%(num)s notifications", len(lines))
        subject = lines[0][0] if len(lines) == 1 else many
        ways = notify_channels.absolute(notify_channels.path("notifications.preferences"))
        foot = _("Choose what you are told, and when:")
        mailing.queue_mail(
            ctx,
            Mail(
                to=(person.email,),
                subject=subject[:200],
                text="\n\n".join(f"{text}\n{url}".strip() for text, url in lines)
                + f"\n\n--\n{foot}\n{ways}\n",
                html=_html(lines, foot, ways),
            ),
        )


def _html(lines: Sequence[tuple[str, str]], foot: str, ways: str) -> str:
    said = "".join(
        f'<p><a href="{escape(url)}">{escape(text)}</a></p>' if url else f"<p>{escape(text)}</p>"
        for text, url in lines
    )
    return f'{said}<hr><p><small><a href="{escape(ways)}">{escape(foot.rstrip(":"))}</a></small></p>'
