"""Webhooks: set up, tried out, switched, and the log of what was sent to each."""

from __future__ import annotations

from typing import Any, cast

from flask import Blueprint, Response, request, url_for

from app.i18n import _, _n
from app.kernel.errors import Invalid
from app.models import Webhook, WebhookDelivery
from app.services import people, webhooks, webhooks_log, webhooks_secrets
from app.services.access import GREATEST_ID
from app.services.context import ctx
from app.services.webhooks import RIGHT, Wanted
from app.web.forms.base import page
from app.web.forms.webhook import WebhookForm
from app.web.render import done, render
from app.web.routes import requires

admin_webhooks = Blueprint("admin_webhooks", __name__)

SHOWN = 50
TONES = {"waiting": "info", "delivered": "ok", "dead": "bad", "skipped": "sys"}


@admin_webhooks.get("/admin/webhooks")
@requires(RIGHT)
def index() -> Response:
    """Show the webhooks and how they are."""
    found = webhooks.every(ctx())
    counts = webhooks_log.counts(ctx(), [hook.id for hook in found])
    rows = [(hook, _state(hook), counts[hook.id, "waiting"], counts[hook.id, "dead"]) for hook in found]
    return render("admin/webhooks.html", title=_("Webhooks"), rows=rows)


@admin_webhooks.route("/admin/webhooks/new", methods=["GET", "POST"])
@requires(RIGHT)
def new() -> Response:
    """Set a webhook up, and show its secret this once."""
    form = _form(user=str(ctx().user.id))
    if form.accepted():
        try:
            made, secret = webhooks.create(ctx(), _wanted(form))
            return _secret(made, secret)
        except Invalid as error:
            form.explain(error)
    return _page(form, _("New webhook"), url_for("admin_webhooks.index"))


@admin_webhooks.route("/admin/webhooks/<int:hook_id>/edit", methods=["GET", "POST"])
@requires(RIGHT)
def edit(hook_id: int) -> Response:
    """Change a webhook."""
    hook = webhooks.get(ctx(), hook_id)
    back = url_for("admin_webhooks.show", hook_id=hook_id)
    names = ("name", "url", "topics", "entity", "filter")
    form = _form(user=str(hook.user_id), **{name: getattr(hook, name) for name in names})
    if form.accepted():
        try:
            webhooks.update(ctx(), hook_id, _wanted(form))
            return done(back, toast=_("The webhook is changed."))
        except Invalid as error:
            form.explain(error)
    return _page(form, _("Change the webhook"), back)


@admin_webhooks.get("/admin/webhooks/<int:hook_id>")
@requires(RIGHT)
def show(hook_id: int) -> Response:
    """Show a webhook and the log of what was sent."""
    hook = webhooks.get(ctx(), hook_id)
    state = request.args.get("state", "")
    before = request.args.get("before", GREATEST_ID, type=int)
    found = webhooks_log.page(ctx(), hook_id, before=before, state=state, limit=SHOWN)
    counts = webhooks_log.counts(ctx(), [hook_id])
    return render(
        "admin/webhook.html",
        title=hook.name,
        hook=hook,
        state=_state(hook),
        owner=people.user_names(ctx(), [hook.user_id]).get(hook.user_id, ""),
        rows=[_row(delivery) for delivery in found],
        chosen=state,
        waiting=counts[hook_id, "waiting"],
        dead=counts[hook_id, "dead"],
        more=found[-1].id if len(found) == SHOWN else None,
        states=_tabs(hook_id, state),
    )


@admin_webhooks.get("/admin/webhooks/<int:hook_id>/deliveries/<int:delivery_id>")
@requires(RIGHT)
def delivery(hook_id: int, delivery_id: int) -> Response:
    """Show one delivery with what was sent."""
    hook = webhooks.get(ctx(), hook_id)
    found = webhooks_log.one(ctx(), hook_id, delivery_id)
    own = ctx().may("admin.users") or hook.user_id == ctx().user.id
    body = found.body if own else ""
    return render("admin/webhook_delivery.html", title=found.topic, hook=hook, row=_row(found), body=body)


@admin_webhooks.post("/admin/webhooks/<int:hook_id>/replay")
@requires(RIGHT)
def replay(hook_id: int) -> Response:
    """Send one delivery anew, or everything that was given up."""
    delivery_id = request.form.get("delivery", type=int)
    if delivery_id is None:
        count = webhooks_log.replay_dead(ctx(), hook_id)
        toast = _n("%(num)s message is sent again", "%(num)s messages are sent again", count)
    else:
        webhooks_log.replay(ctx(), hook_id, delivery_id)
        toast = _("The message is sent again.")
    return _back(hook_id, toast)


@admin_webhooks.post("/admin/webhooks/<int:hook_id>/test")
@requires(RIGHT)
def test(hook_id: int) -> Response:
    """Send a message that says nothing."""
    webhooks_log.test(ctx(), hook_id)
    return _back(hook_id, _("A test message is on its way."))


@admin_webhooks.post("/admin/webhooks/<int:hook_id>/now")
@requires(RIGHT)
def now(hook_id: int) -> Response:
    """Try at once what waits for its next try."""
    webhooks_log.send_now(ctx(), hook_id)
    return _back(hook_id, _("What waits is sent now."))


@admin_webhooks.post("/admin/webhooks/<int:hook_id>/switch")
@requires(RIGHT)
def switch(hook_id: int) -> Response:
    """Switch a webhook on or off."""
    on = request.form.get("on") == "1"
    webhooks.switch(ctx(), hook_id, on=on)
    return _back(hook_id, _("The webhook is on.") if on else _("The webhook is off."))


@admin_webhooks.post("/admin/webhooks/<int:hook_id>/secret")
@requires(RIGHT)
def rotate(hook_id: int) -> Response:
    """Make a new secret, and show it this once."""
    secret = webhooks.rotate(ctx(), hook_id)
    return _secret(webhooks.get(ctx(), hook_id), secret, former=True)


@admin_webhooks.post("/admin/webhooks/<int:hook_id>/remove")
@requires(RIGHT)
def remove(hook_id: int) -> Response:
    """Remove a webhook with its log."""
    webhooks.remove(ctx(), hook_id)
    return done(url_for("admin_webhooks.index"), toast=_("The webhook is removed."))


def _form(**values: Any) -> WebhookForm:
    form = cast(WebhookForm, WebhookForm.of(**values))
    kinds = [(e.key, e.plural) for e in ctx().schema.entities() if e.api]
    every = people.colleagues(ctx())
    own = {ctx().user.id, int(values.get("user") or 0)}
    form.offer(kinds, every if ctx().may("admin.users") else [one for one in every if one[0] in own])
    return form


def _wanted(form: WebhookForm) -> Wanted:
    return Wanted(
        name=form.name.data or "",
        url=form.url.data or "",
        topics=form.topics.data or "",
        user_id=int(form.user.data),
        entity=form.entity.data or "",
        filter=form.filter.data or "",
    )


def _page(form: WebhookForm, title: str, back: str) -> Response:
    return page("admin/webhook_edit.html", title, form, back=back, topics=webhooks.topics(ctx()))


def _secret(hook: Webhook, secret: str, *, former: bool = False) -> Response:
    answer = render(
        "admin/webhook_secret.html",
        title=_("The secret of the webhook"),
        secret=secret,
        hours=webhooks_secrets.BOTH.days * 24 if former else 0,
        back=url_for("admin_webhooks.show", hook_id=hook.id),
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _back(hook_id: int, toast: str) -> Response:
    return done(url_for("admin_webhooks.show", hook_id=hook_id), toast=toast)


def _state(hook: Webhook) -> tuple[str, str]:
    """Return how a webhook is: words and their tone."""
    if not hook.active:
        why = {
            "gone": _("off: its receiver wants nothing more"),
            "failing": _("off: it failed for days"),
        }
        return why.get(hook.off_reason, _("off")), "bad" if hook.off_reason in why else "sys"
    return (_("fails"), "warn") if hook.failing else (_("on"), "ok")


def _states() -> dict[str, str]:
    return {
        "waiting": _("waits"),
        "delivered": _("delivered"),
        "dead": _("given up"),
        "skipped": _("not told"),
    }


def _tabs(hook_id: int, chosen: str) -> list[dict[str, Any]]:
    every = {"": _("All"), **_states()}
    return [
        {
            "url": url_for("admin_webhooks.show", hook_id=hook_id, state=value or None),
            "label": label,
            "on": value == chosen,
        }
        for value, label in every.items()
    ]


def _row(found: WebhookDelivery) -> dict[str, Any]:
    names = ("id", "uid", "topic", "state", "attempts", "error", "created_at", "done_at")
    told = {name: getattr(found, name) for name in names}
    answer = [f"HTTP {found.status}"] if found.status else []
    answer += [f"{found.took_ms} ms"] if found.took_ms is not None else []
    waits = found.state == "waiting" and found.attempts > 0
    return told | {
        "answer": " · ".join(answer),
        "tone": TONES[found.state],
        "label": _states()[found.state],
        "next_at": found.next_at if waits else None,
    }
