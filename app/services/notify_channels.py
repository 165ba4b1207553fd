"""The channels by which people are told: the page of notifications, mail, and what plugins add as Notifier services."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app

from app.i18n import _l
from app.kernel.context import Context
from app.kernel.contributions import Service
from app.kernel.protocols import Mailer, Notifier, NullMailer
from app.services.letters import address

APP, MAIL = "app", "mail"


@dataclass(frozen=True, kw_only=True)
class Channel:
    """A way to reach somebody: `ready` is false while it is not set up; `service` is a plugin's, if it is one."""

    key: str
    label: Any
    ready: bool = True
    service: Service | None = None


def every(ctx: Context) -> Sequence[Channel]:
    """Return the channels there are now."""
    return (
        Channel(key=APP, label=_l("In Kith")),
        Channel(key=MAIL, label=_l("Mail"), ready=mail_ready(ctx)),
        *(
            Channel(key=s.key, label=s.label, service=s)
            for s in ctx.schema.all(Service)
            if s.protocol is Notifier
        ),
    )


def mail_ready(ctx: Context) -> bool:
    """Tell whether mail can be sent at all: without a server nothing is queued that nobody would ever read."""
    return not isinstance(ctx.services.get(Mailer), NullMailer)


def link(ctx: Context, entity: str, record_id: int) -> str:
    """Return the path of a record's page, or an empty text when its kind has none."""
    endpoint = ctx.schema.entity(entity).url if entity and ctx.schema.has(entity) else ""
    return path(endpoint, record_id=record_id) if endpoint else ""


def path(endpoint: str, **values: Any) -> str:
    """Return the path of a page, also where there is no request."""
    return str(current_app.url_map.bind("localhost").build(endpoint, values))


def absolute(relative: str) -> str:
    """Return the full address of a path, for what is read outside Kith."""
    return address(relative) if relative.startswith("/") else relative
