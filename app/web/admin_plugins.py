"""Plugins: what there is, what each adds, how it fares; on and off without a restart."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import Any

from flask import Blueprint, Response, abort, request, url_for

from app.host.host import Host
from app.host.loaded import State
from app.host.states import Status
from app.house import house
from app.i18n import _
from app.kernel.errors import PluginError
from app.kernel.guard import times
from app.services.context import ctx
from app.web.render import done, render
from app.web.routes import requires

admin_plugins = Blueprint("admin_plugins", __name__)

TONES = {
    State.ENABLED: "ok",
    State.DISABLED: "sys",
    State.QUARANTINED: "warn",
    State.WAITING: "warn",
    State.NEEDS_MIGRATION: "warn",
    State.INCOMPATIBLE: "bad",
    State.BROKEN: "bad",
    State.MISSING: "bad",
}


def labels() -> dict[State, str]:
    """Return the states in the reader's language."""
    return {
        State.ENABLED: _("on"),
        State.DISABLED: _("off"),
        State.QUARANTINED: _("off for some minutes"),
        State.WAITING: _("waits for another"),
        State.NEEDS_MIGRATION: _("needs an upgrade"),
        State.INCOMPATIBLE: _("does not fit"),
        State.BROKEN: _("broken"),
        State.MISSING: _("its code is missing"),
    }


@admin_plugins.get("/admin/plugins")
@requires("admin.plugins")
def index() -> Response:
    """List all plugins."""
    return render(
        "admin/plugins.html", title=_("Plugins"), plugins=_host().states.all(), labels=labels(), tones=TONES
    )


@admin_plugins.get("/admin/plugins/<name>")
@requires("admin.plugins")
def show(name: str) -> Response:
    """Show one plugin: what it adds, needs, warns of and takes."""
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
    return done(url_for("admin_plugins.show", name=name), toast=toast)


def _host() -> Host:
    found: Host = house().host
    return found


def _status(name: str) -> Status:
    try:
        return _host().states.status(name)
    except PluginError:
        abort(404)


def _page(status: Status, *, problem: str = "", status_code: int = 200) -> Response:
    host = _host()
    loaded = host.plugins.get(status.name)
    return render(
        "admin/plugin.html",
        status=status_code,
        title=status.label,
        plugin=status,
        label=labels()[status.state],
        tone=TONES[status.state],
        problem=problem or status.problem,
        trace=loaded.trace if loaded else "",
        added=_added(host, status.name),
        took=_took(status.name),
        together=_together(host, status),
        switchable=loaded is not None and loaded.well,
        on=host.states.is_chosen(status.name),
    )


def _together(host: Host, status: Status) -> Sequence[str]:
    """Return the labels of the plugins that would be switched along."""
    if host.states.is_chosen(status.name):
        names = [
            p.name
            for p in host.plugins.values()
            if status.name in p.requires and host.states.is_chosen(p.name)
        ]
    else:
        names = [name for name in status.requires if not host.states.is_chosen(name)]
    return [host.plugins[name].label for name in names if name in host.plugins]


def _added(host: Host, name: str) -> Sequence[tuple[str, Sequence[str]]]:
    """Return what a plugin declares, by sort: (sort, names for people)."""
    found: dict[str, list[str]] = {}
    for item in host.contributions(name):
        found.setdefault(type(item).__name__, []).append(str(item.label or item.key))
    return list(found.items())


def _took(name: str) -> Sequence[dict[str, Any]]:
    """Return how long the plugin's parts took in this process, the slowest first: median and worst in milliseconds."""
    found: list[dict[str, Any]] = [
        {
            "what": f"{surface.title} {item}",
            "half": median(taken) * 1000,
            "worst": max(taken) * 1000,
            "n": len(taken),
        }
        for (surface, item), taken in times(name).items()
    ]
    return sorted(found, key=lambda row: -row["half"])[:20]
