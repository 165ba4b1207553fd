"""Webhooks in: set up, switched, and the log of what came to each."""

from __future__ import annotations

from typing import Any, cast

from flask import Blueprint, Response, request, url_for

from app.house import house
from app.i18n import _
from app.kernel.errors import Invalid
from app.models import Receipt, WebhookInbox
from app.services import people, webhooks_inboxes, webhooks_secrets
from app.services.access import GREATEST_ID
from app.services.context import ctx
from app.services.webhooks import RIGHT
from app.services.webhooks_inboxes import SHOWN
from app.web.forms.base import page
from app.web.forms.inbox import InboxForm
from app.web.render import done, render
from app.web.routes import requires

admin_inboxes = Blueprint("admin_inboxes", __name__)

TONES = {"accepted": "ok", "merged": "ok", "ignored": "sys", "failed": "bad", "open": "info"}


@admin_inboxes.get("/admin/webhooks/in")
@requires(RIGHT)
def index() -> Response:
    """Show the webhooks in."""
    rows = [
        {"inbox": inbox, "kind": _kind(inbox), "url": _address(inbox)}
        for inbox in webhooks_inboxes.every(ctx())
    ]
    return render("admin/inboxes.html", title=_("Webhooks in"), rows=rows)


@admin_inboxes.route("/admin/webhooks/in/new", methods=["GET", "POST"])
@requires(RIGHT)
def new() -> Response:
    """Set a webhook in up, and show its secret this once."""
    form = _form(user=str(ctx().user.id), entity="contact")
    if form.accepted():
        try:
            return _secret(*webhooks_inboxes.create(ctx(), form.wanted()))
        except Invalid as error:
            form.explain(error)
    return _page(form, _("New webhook in"), url_for("admin_inboxes.index"))


@admin_inboxes.route("/admin/webhooks/in/<int:inbox_id>/edit", methods=["GET", "POST"])
@requires(RIGHT)
def edit(inbox_id: int) -> Response:
    """Change a webhook in."""
    inbox = webhooks_inboxes.get(ctx(), inbox_id)
    back = url_for("admin_inboxes.show", inbox_id=inbox_id)
    names = ("name", "entity", "mapping", "duplicates")
    known = {name: getattr(inbox, name) for name in names}
    form = _form(user=str(inbox.user_id), match=list(filter(None, inbox.match.split(","))), **known)
    if form.accepted():
        try:
            webhooks_inboxes.update(ctx(), inbox_id, form.wanted())
            return done(back, toast=_("The webhook is changed."))
        except Invalid as error:
            form.explain(error)
    return _page(form, _("Change the webhook"), back)


@admin_inboxes.get("/admin/webhooks/in/<int:inbox_id>")
@requires(RIGHT)
def show(inbox_id: int) -> Response:
    """Show a webhook in and the log of what came."""
    inbox = webhooks_inboxes.get(ctx(), inbox_id)
    before = request.args.get("before", GREATEST_ID, type=int)
    found = webhooks_inboxes.receipts(ctx(), inbox, before=before)
    return render(
        "admin/inbox.html",
        title=inbox.name,
        inbox=inbox,
        kind=_kind(inbox),
        url=_address(inbox),
        owner=people.user_names(ctx(), [inbox.user_id]).get(inbox.user_id, ""),
        rows=[_row(receipt) for receipt in found],
        more=found[-1].id if len(found) == SHOWN else None,
    )


@admin_inboxes.post("/admin/webhooks/in/<int:inbox_id>/switch")
@requires(RIGHT)
def switch(inbox_id: int) -> Response:
    """Switch a webhook in on or off."""
    on = request.form.get("on") == "1"
    webhooks_inboxes.switch(ctx(), inbox_id, on=on)
    toast = _("The webhook is on.") if on else _("The webhook is off.")
    return done(url_for("admin_inboxes.show", inbox_id=inbox_id), toast=toast)


@admin_inboxes.post("/admin/webhooks/in/<int:inbox_id>/secret")
@requires(RIGHT)
def rotate(inbox_id: int) -> Response:
    """Make a new secret, and show it this once."""
    secret = webhooks_inboxes.rotate(ctx(), inbox_id)
    return _secret(webhooks_inboxes.get(ctx(), inbox_id), secret, former=True)


@admin_inboxes.post("/admin/webhooks/in/<int:inbox_id>/remove")
@requires(RIGHT)
def remove(inbox_id: int) -> Response:
    """Remove a webhook in with its log."""
    webhooks_inboxes.remove(ctx(), inbox_id)
    return done(url_for("admin_inboxes.index"), toast=_("The webhook is removed."))


def _form(**values: Any) -> InboxForm:
    form = cast(InboxForm, InboxForm.of(**values))
    every = people.colleagues(ctx())
    own = {ctx().user.id, int(values.get("user") or 0)}
    may = every if ctx().may("admin.users") else [one for one in every if one[0] in own]
    form.offer([(e.key, e.plural) for e in ctx().schema.entities() if e.api], may)
    return form


def _page(form: InboxForm, title: str, back: str) -> Response:
    entity = str(form.entity.data or "")
    known = webhooks_inboxes.fields_of(ctx(), entity) if ctx().schema.has(entity) else {}
    return page("admin/inbox_edit.html", title, form, back=back, known=known)


def _secret(inbox: WebhookInbox, secret: str, *, former: bool = False) -> Response:
    answer = render(
        "admin/inbox_secret.html",
        title=inbox.name,
        url=_address(inbox),
        secret=secret,
        hours=webhooks_secrets.BOTH.days * 24 if former else 0,
        back=url_for("admin_inboxes.show", inbox_id=inbox.id),
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _address(inbox: WebhookInbox) -> str:
    root = (house().config.base_url or request.host_url).rstrip("/")
    return root + url_for("hooks.receive", uid=inbox.uid)


def _kind(inbox: WebhookInbox) -> str:
    return str(ctx().schema.entity(inbox.entity).plural) if ctx().schema.has(inbox.entity) else inbox.entity


def _record(found: Receipt) -> str:
    if not found.record_id or not ctx().schema.has(found.entity):
        return ""
    kind = ctx().schema.entity(found.entity)
    return url_for(kind.url, record_id=found.record_id) if kind.url else ""


def _row(found: Receipt) -> dict[str, Any]:
    labels = {
        "accepted": _("made a record"),
        "merged": _("changed a record"),
        "ignored": _("nothing to do"),
        "failed": _("failed"),
        "open": _("under way"),
    }
    return {
        "key": found.key,
        "at": found.at,
        "label": labels.get(found.state, found.state),
        "tone": TONES.get(found.state, "sys"),
        "said": found.reason,
        "url": _record(found),
    }
