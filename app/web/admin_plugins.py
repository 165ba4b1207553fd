"""Plugins: what there is, what each adds, costs and fails at, its settings; on and off without a restart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, abort, request, url_for

from app.formats.fold import fold
from app.host import report
from app.host.host import Host
from app.host.states import Status
from app.house import house
from app.i18n import _
from app.kernel.context import Context
from app.kernel.errors import Invalid, PluginError
from app.services import health
from app.services import plugin_settings as settings
from app.services.context import ctx
from app.web import admin_plugins_words as words
from app.web import dates
from app.web.plugin_form import SettingsForm
from app.web.render import done, render
from app.web.routes import requires

admin_plugins = Blueprint("admin_plugins", __name__)

AILING = {"broken", "incompatible", "quarantined", "needs-migration", "waiting", "missing"}


@admin_plugins.get("/admin/plugins")
@requires("admin.plugins")
def index() -> Response:
    """List all plugins; `q` narrows the list."""
    host, asked = _host(), ctx()
    every, sought = host.states.all(), request.args.get("q", "").strip()
    given_up = report.given_up(asked)
    found = [one for one in every if fold(sought) in fold(f"{one.label} {one.name} {one.summary}")]
    return render(
        "admin/plugins.html",
        title=_("Plugins"),
        q=sought,
        cards=[_card(host, status, given_up.get(status.name, 0)) for status in found],
        ailing=[_ailing(status) for status in every if status.state in AILING],
        on=sum(one.state == "enabled" for one in every),
        off=sum(one.state in {"disabled", "discovered"} for one in every),
    )


@admin_plugins.get("/admin/plugins/<name>")
@requires("admin.plugins")
def show(name: str) -> Response:
    """Show one plugin: what it adds, needs, warns of, takes and how it fails; and its settings."""
    return _page(_status(name))


@admin_plugins.post("/admin/plugins/<name>")
@requires("admin.plugins")
def switch(name: str) -> Response:
    """Enable or disable a plugin, with those that it needs or that need it when this was confirmed."""
    status, together = _status(name), request.form.get("together") == "1"
    on = request.form.get("on") == "1"
    asked, states = ctx(), _host().states
    asked.session.rollback()
    try:
        if on:
            states.enable(asked, name, with_required=together)
        else:
            states.disable(asked, name, with_dependants=together)
    except PluginError as error:
        return _page(status, problem=error.plain, status_code=409)
    toast = _("%(name)s is on", name=status.label) if on else _("%(name)s is off", name=status.label)
    back = "admin_plugins.index" if request.form.get("back") == "list" else "admin_plugins.show"
    return done(url_for(back, name=name if back.endswith("show") else None), toast=toast)


@admin_plugins.post("/admin/plugins/<name>/settings")
@requires("admin.plugins")
def save(name: str) -> Response:
    """Store a plugin's settings; an empty secret stays as it is."""
    status, asked = _status(name), ctx()
    form = SettingsForm.of(asked, name, request.form)
    if form is None or not _host().states.is_enabled(name):
        abort(404)
    if form.accepted():
        try:
            settings.save(asked, name, form.values, clear=form.clear)
            return done(url_for("admin_plugins.show", name=name, _anchor="settings"), toast=_("Saved"))
        except Invalid as error:
            form.explain(error)
    return _page(status, status_code=422, form=form)


# ---------------------------------------------------------------- what the templates show


def _host() -> Host:
    found: Host = house().host
    return found


def _status(name: str) -> Status:
    try:
        return _host().states.status(name)
    except PluginError:
        abort(404)


def _card(host: Host, status: Status, given_up: int) -> dict[str, Any]:
    condition, tone = words.health(status, len(report.incidents(host, status.name)), given_up)
    loaded = host.plugins.get(status.name)
    first = (
        status.state == "discovered"
    )  # what it asks for is shown before it is enabled for the first time (S34)
    return {
        "status": status,
        "icon": words.icon(host, status.name),
        "health": condition,
        "tone": tone,
        "rights": len(report.permissions(host, status.name)),
        "on": host.states.is_chosen(status.name),
        "switchable": (loaded is not None and loaded.well) or host.states.is_chosen(status.name),
        "asks": first or bool(report.together(host, status.name)),
        "settings": status.state == "enabled" and loaded is not None and _has_settings(loaded.plugin),
        "url": url_for("admin_plugins.show", name=status.name),
    }


def _has_settings(plugin: Any) -> bool:
    return getattr(plugin, "settings", None) is not None


def _ailing(status: Status) -> dict[str, str]:
    return {
        "label": status.label,
        "word": words.word(status.state),
        "problem": status.problem,
        "url": url_for("admin_plugins.show", name=status.name),
        "kind": words.tone(status.state),
    }


def _page(
    status: Status, *, problem: str = "", status_code: int = 200, form: SettingsForm | None = None
) -> Response:
    host, asked, name = _host(), ctx(), status.name
    loaded = host.plugins.get(name)
    if form is None and host.states.is_enabled(name):
        form = SettingsForm.of(asked, name)
    title = status.label if form is None or not form.wrong else _("Error: %(title)s", title=status.label)
    return render(
        "admin/plugin.html",
        status=status_code,
        title=title,
        heading=status.label,
        plugin=status,
        label=words.word(status.state),
        tone=words.tone(status.state),
        icon=words.icon(host, name),
        problem=problem or status.problem,
        trace=loaded.trace if loaded else "",
        together=report.together(host, name),
        switchable=loaded is not None and loaded.well,
        on=host.states.is_chosen(name),
        requires=report.requires(host, name),
        enhances=report.enhances(host, name),
        needed_by=report.needed_by(host, name),
        form=form,
        pending=host.migrations.pending().get(name, ()),
        **_insight(asked, host, name),
    )


def _insight(asked: Context, host: Host, name: str) -> dict[str, Any]:
    """Return what a plugin adds, costs and fails at."""
    return {
        "sorts": words.sorts(host, name),
        "pages": report.pages(host, name),
        "rights": report.permissions(host, name),
        "surfaces": report.costs_by_surface(name),
        "slowest": report.costs(name)[:10],
        "incidents": [(one, dates.ago(one.at)) for one in report.incidents(host, name)],
        "given_up": report.given_up(asked).get(name, 0),
        "checks": _checks(asked, host, name),
        "states": words,
    }


def _checks(asked: Context, host: Host, name: str) -> Sequence[health.Finding]:
    return report.checks(asked, host, name)
