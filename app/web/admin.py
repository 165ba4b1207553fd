"""The administration's front page, and the audit log."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, request, url_for

from app.i18n import _, _l
from app.kernel.errors import NotAllowed
from app.services import accounts, audit
from app.services.context import ctx
from app.web import panels
from app.web.audit_words import WORDS, about
from app.web.render import render
from app.web.routes import requires, signed_in

admin = Blueprint("admin", __name__)

EVENTS = 100
MOST = 2**62

SECTIONS: tuple[tuple[str, Any, str, Any, str], ...] = (
    ("admin_users.index", _l("Users"), "users", _l("Invite, change, deactivate"), "admin.users"),
    ("admin_teams.index", _l("Teams"), "network", _l("Who works with whom"), "admin.users"),
    ("admin_roles.index", _l("Roles"), "shield", _l("Who may do what"), "admin.roles"),
    (
        "admin_settings.edit",
        _l("Settings"),
        "settings",
        _l("Company, language, currency, mail"),
        "admin.settings",
    ),
    (
        "admin_kinds.index",
        _l("Kinds of interaction"),
        "messages-square",
        _l("What people can log"),
        "admin.settings",
    ),
    (
        "admin_fields.index",
        _l("Fields"),
        "table",
        _l("What you want to know of people, companies and the rest"),
        "admin.settings",
    ),
    (
        "admin_types.index",
        _l("Kinds of record"),
        "database",
        _l("Boats, buildings, contracts: what you keep track of beside people"),
        "admin.settings",
    ),
    (
        "admin_layouts.index",
        _l("Layouts"),
        "layout-grid",
        _l("Order, groups and rules of fields, for everybody or a role"),
        "admin.settings",
    ),
    (
        "admin_stages.index",
        _l("Stages of contacts"),
        "route",
        _l("From stranger to customer, in your words"),
        "admin.settings",
    ),
    (
        "working_calendar.company",
        _l("Working hours"),
        "calendar-clock",
        _l("Weeks, holidays, days that differ"),
        "admin.settings",
    ),
    (
        "keep_in_touch.rules",
        _l("Keeping in touch"),
        "heart-pulse",
        _l("How often people hear from you"),
        "admin.settings",
    ),
    (
        "tokens.every",
        _l("Tokens for programs"),
        "key-round",
        _l("Which programs come in, and for whom"),
        "admin.users",
    ),
    (
        "apps.every",
        _l("Apps"),
        "puzzle",
        _l("Programs of others that people may let in"),
        "admin.users",
    ),
    (
        "admin_webhooks.index",
        _l("Webhooks"),
        "webhook",
        _l("Which programs are told what happens"),
        "admin.webhooks",
    ),
    (
        "admin_data.index",
        _l("All data"),
        "database",
        _l("Everything as one file, to take away"),
        "admin.export",
    ),
    ("admin_plugins.index", _l("Plugins"), "puzzle", _l("Switch parts of Kith on and off"), "admin.plugins"),
    ("admin_jobs.index", _l("Background work"), "clock", _l("What runs, waits or failed"), "admin.jobs"),
    ("health.details", _l("Health"), "shield-check", _l("Whether everything is in order"), "admin.jobs"),
    ("admin.log", _l("Audit log"), "history", _l("Who did what, and when"), "admin.audit"),
)
"""Endpoint, label, icon, what it is for, permission."""


@admin.get("/admin")
@signed_in
def index() -> Response:
    """Show the parts of the administration that the principal may use. Raises NotAllowed if there are none."""
    found = [
        {"url": url_for(endpoint), "label": label, "icon": icon, "text": text}
        for endpoint, label, icon, text, permission in SECTIONS
        if ctx().may(permission) and endpoint in current_app.view_functions
    ]
    found += [
        {"url": url_for(link.endpoint, **link.values), "label": link.label, "icon": link.icon, "text": ""}
        for link in ctx().schema.links("nav.admin")
        if link.endpoint != "admin.index" and (link.permission is None or ctx().may(link.permission))
    ]
    if not found:
        raise NotAllowed(_("Only administrators come in here."), "admin.settings")
    return render("admin/index.html", title=_("Settings"), sections=found, cards=panels.in_slot("admin"))


@admin.get("/admin/log")
@requires("admin.audit")
def log() -> Response:
    """Show security events, the newest first, of one user if asked."""
    who = request.args.get("user", type=int)
    before = min(max(request.args.get("before", 0, type=int), 0), MOST)
    found = audit.latest(ctx(), actor_id=who, before=before, limit=EVENTS + 1)
    events = found[:EVENTS]
    names = {a.id: a.name for a in accounts.listed(ctx(), limit=5000)}
    older = url_for("admin.log", user=who, before=events[-1].id) if len(found) > EVENTS else None
    return render(
        "admin/log.html",
        title=_("Audit log"),
        rows=[(e, WORDS.get(e.action, e.action), about(e, names)) for e in events],
        names=names,
        of=names.get(who or 0),
        older=older,
    )
