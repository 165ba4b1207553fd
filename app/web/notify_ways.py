"""How somebody wants to be told: topics and channels, quiet hours, the digest; and switching the digest off by its link."""

from __future__ import annotations

from typing import Any, cast

from flask import Response, request, url_for

from app.i18n import _
from app.kernel.errors import Invalid
from app.kernel.notices import Notice
from app.services import digest_link, notify_channels, notify_preferences
from app.services.context import ctx
from app.services.notify_preferences import Preferences
from app.web.forms import notifications as forms
from app.web.forms.base import page
from app.web.notifications import notifications
from app.web.render import done, render
from app.web.routes import public, signed_in
from app.web.security.csrf import exempt

__all__ = ["notifications"]


@notifications.route("/account/notifications", methods=["GET", "POST"])
@signed_in
def preferences() -> Response:
    """Show and change what the principal is told, by which channels, and when."""
    now = notify_preferences.mine(ctx())
    notices = sorted(ctx().schema.all(Notice), key=lambda n: (n.order, n.key))
    channels = notify_channels.every(ctx())
    chosen = {f"{n.key}:{c}" for n in notices for c in now.channels(n)}
    form = cast(forms.Ways, forms.Ways.of(**_first(now), topics=sorted(chosen)))
    form.offer({n.key: [c.key for c in channels] for n in notices})
    if form.accepted():
        try:
            notify_preferences.save(ctx(), ctx().user.id or 0, _chosen(form, notices))
            return done(url_for("notifications.preferences"), toast=_("Saved"))
        except Invalid as error:
            form.explain(error)
    return page(
        "notifications/preferences.html",
        _("What you are told"),
        form,
        notices=notices,
        channels=channels,
        chosen=set(form.topics.data or ()),
        mail=notify_channels.mail_ready(ctx()),
    )


@notifications.route("/digest/off/<token>", methods=["GET", "POST"])
@public("the signed link of the digest itself; it can do nothing but switch that digest off")
@exempt("mail programs send the request of List-Unsubscribe-Post (RFC 8058) without any cookie")
def digest_off(token: str) -> Response:
    """Switch a digest off by the link in it; a GET only asks, for mail programs follow links by themselves."""
    whose = digest_link.whose(ctx(), token)
    if whose is None:
        return render("notifications/digest_off.html", status=410, title=_("Daily mail"), token="")
    if request.method == "POST":
        digest_link.switch_off(ctx(), whose)
    return render(
        "notifications/digest_off.html", title=_("Daily mail"), off=request.method == "POST", token=token
    )


def _first(now: Preferences) -> dict[str, Any]:
    return {
        "quiet_from": notify_preferences.clock(now.quiet_from),
        "quiet_to": notify_preferences.clock(now.quiet_to),
        "digest": now.digest,
        "digest_hour": str(now.digest_hour),
        "digest_days": [str(d) for d in now.digest_days],
        "days_before": ", ".join(str(d) for d in now.days_before),
    }


def _chosen(form: forms.Ways, notices: list[Notice]) -> Preferences:
    pairs = [text.rpartition(":") for text in form.topics.data or ()]
    words = [w.strip() for w in (form.days_before.data or "").replace(";", ",").split(",") if w.strip()]
    if wrong := next((w for w in words if not w.isdecimal() or len(w) > 3), None):
        told = _("“%(text)s” is no number of days. Write them like 0, 7.", text=wrong[:40])
        raise Invalid({"days_before": told})
    return Preferences(
        topics={n.key: tuple(c for topic, _colon, c in pairs if topic == n.key) for n in notices},
        quiet_from=forms.clock(form.quiet_from.data),
        quiet_to=forms.clock(form.quiet_to.data),
        digest=form.digest.data,
        digest_hour=int(form.digest_hour.data),
        digest_days=tuple(int(d) for d in form.digest_days.data or ()),
        days_before=tuple(sorted({int(w) for w in words})),
    )
