"""The mails of accounts: invitation, reset, confirmation, notices. Sent by the queue, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import has_request_context, request

from app.house import house
from app.i18n import _, speaking
from app.kernel.context import Context
from app.kernel.errors import Invalid
from app.kernel.protocols import Mail, Mailer, NullMailer
from app.models import User


def address(path: str) -> str:
    """Return an absolute URL: below KITH_BASE_URL, else as the request (whose host was checked) came in."""
    config = house().config
    if config.base_url:
        return config.base_url.rstrip("/") + path
    if has_request_context():
        return request.host_url.rstrip("/") + path
    return f"http://{config.host}:{config.port}{path}"


def can_send(ctx: Context) -> bool:
    """Tell whether mail leaves the house: pages promise none that only waits. A mailer that cannot be made is none."""
    try:
        return not isinstance(ctx.services.get(Mailer), NullMailer)
    except Exception as error:  # a wrong setting, or a plugin that fails
        ctx.log.warning("no mailer: %s", error)
        return False


def require_mail(ctx: Context) -> None:
    """Make sure that mail can be sent. Raises Invalid with what to set."""
    if not can_send(ctx):
        raise Invalid({"email": _("No mail server is set up. Set KITH_SMTP_URL where Kith is started.")})


def invitation(ctx: Context, user: User, url: str) -> None:
    """Mail the link by which somebody comes in for the first time."""
    company = str(ctx.settings.get("company"))
    with _language(ctx, user):
        _send(
            ctx,
            user.email,
            _("Your invitation to %(company)s", company=company),
            _("Hello %(name)s,", name=user.name),
            _(
                "%(inviter)s invites you to Kith, where %(company)s keeps its contacts.",
                inviter=ctx.user.name or company,
                company=company,
            ),
            _("Choose a password here within seven days:"),
            url,
        )


def reset(ctx: Context, user: User, url: str) -> None:
    """Mail the link by which somebody who forgot the password sets a new one."""
    with _language(ctx, user):
        _send(
            ctx,
            user.email,
            _("Set a new password"),
            _("Hello %(name)s,", name=user.name),
            _("somebody, hopefully you, asked for a new password. Set it here within 30 minutes:"),
            url,
            _("If it was not you, do nothing: your password stays as it is."),
        )


def confirm(ctx: Context, user: User, email: str, url: str) -> None:
    """Mail the link that proves a new address to that address."""
    with _language(ctx, user):
        _send(
            ctx,
            email,
            _("Confirm your new address"),
            _("Hello %(name)s,", name=user.name),
            _("confirm here within a day that you want to sign in with this address:"),
            url,
        )


def notice(ctx: Context, user: User, what: str, email: str = "") -> None:
    """Tell somebody by mail what was changed about the account; a stranger's change is noticed this way."""
    with _language(ctx, user):
        _send(
            ctx,
            email or user.email,
            _("Your account was changed"),
            _("Hello %(name)s,", name=user.name),
            what,
            _("If it was not you, set a new password at once and tell your administrator."),
        )


def test(ctx: Context, email: str) -> None:
    """Mail a line that shows that sending works. Raises Invalid when nothing can be sent."""
    require_mail(ctx)
    _send(ctx, email, _("Test mail from Kith"), _("Mail from Kith reaches you."))


@contextmanager
def _language(ctx: Context, user: User) -> Iterator[None]:
    with speaking(user.locale or str(ctx.settings.get("locale") or "en")):
        yield


def _send(ctx: Context, to: str, subject: str, *paragraphs: str) -> None:
    from app.services import mailing

    mailing.queue_mail(ctx, Mail(to=(to,), subject=subject, text="\n\n".join(paragraphs) + "\n"))
