"""The boot of the host: find, import, order, check, collect, mount, freeze. Each plugin is blamed for itself alone."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from functools import partial
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

from flask import Flask, has_app_context
from sqlalchemy import event
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException

from app.extensions import Base
from app.host import checks, importing, mounting
from app.host.armour import armoured
from app.host.checks_data import DATA
from app.host.checks_declared import declared, rights_are_known
from app.host.checks_settings import settings_fit
from app.host.discovery import discover
from app.host.host import Host
from app.host.loaded import Loaded, Unfit
from app.house import House, house
from app.kernel import deprecation, guard
from app.kernel.contributions import Contribution
from app.kernel.errors import PluginError
from app.kernel.hookspecs import CONTRIBUTION_HOOKS, Plugin

log = logging.getLogger("kith.host")

LABELS: dict[str, Any] = {"core": "Kith"}
"""Owner → its name for people, of all applications in this process."""


def boot(app: Flask, core: type[Plugin] | None = None, *, bundled: Path | None = None) -> Host:
    """Load the core's plugin and every other, and return the host (also at `app.extensions["kith"].host`).

    Reads no database: which plugins are enabled is read with the first `refresh`. A failure of the core is raised; a
    failure of any other plugin makes that plugin broken, unless KITH_STRICT_PLUGINS is set.
    """
    kith = house(app)
    host = Host(app, kith.registry)
    kith.host = host
    _install_guard(app, host, kith)
    if core is not None:
        collect(host, "core", core())
    for loaded in _found(kith, bundled):
        host.plugins[loaded.name] = loaded
        LABELS[loaded.name] = loaded.plugin.label if loaded.plugin else loaded.label
        _join(host, loaded, kith.config.strict_plugins)
    _look_over(host, kith.config.strict_plugins)
    host.registry.enabled = host.states.is_enabled
    host.registry.in_force = host.states.in_force
    host.assets.install(app)
    host.registry.freeze()
    for loaded in host.plugins.values():
        if loaded.problem:
            log.error("The plugin “%s” is not loaded. %s\n%s", loaded.name, loaded.problem, loaded.trace)
        if loaded.warnings:
            count = len(loaded.warnings)
            log.warning("The plugin “%s”: %d remarks; “kith plugins doctor” lists them.", loaded.name, count)
    return host


def _install_guard(app: Flask, host: Host, kith: House) -> None:
    guard.install(
        sink=lambda fault: _host_of(fault, host).states.quarantine.blame(fault),
        strict=kith.config.strict_plugins,
        trace=kith.config.trace_plugins,
        passes=(HTTPException,),
        labels=LABELS,
    )
    if not event.contains(Session, "before_commit", guard.refuse_commit):
        event.listen(Session, "before_commit", guard.refuse_commit)

    @app.teardown_appcontext
    def write_down(error: BaseException | None) -> None:
        try:
            host.states.persist()
        except Exception:
            log.exception("The quarantine of a plugin could not be written down; it holds in this process.")


def _host_of(fault: guard.Fault, last: Host) -> Host:
    """Return the host of the application in which a fault happened: tests have several in one process."""
    found: Host | None = house().host if has_app_context() else None
    return found or last


def _found(kith: House, bundled: Path | None) -> Sequence[Loaded]:
    """Import all candidates and return them in boot order, those that fit nowhere included."""
    strict = kith.config.strict_plugins
    found = [importing.load(candidate, strict=strict) for candidate in discover(kith.config, bundled)]
    for loaded in found:
        if loaded.well:
            with loaded.blamed(strict):
                checks.apply((*checks.CLASS, *DATA), loaded)
        if loaded.problem:
            importing.forget(loaded)
    importing.configure([loaded for loaded in found if loaded.well], strict=strict)
    return _ordered(found)


def _ordered(found: Iterable[Loaded]) -> Sequence[Loaded]:
    """Sort by dependency, then name. Those in a circle of requirements are broken and come last."""
    plugins = {loaded.name: loaded for loaded in found}
    softly = True
    lost: list[Loaded] = []
    while True:
        graph = {name: _before(loaded, plugins, softly) for name, loaded in sorted(plugins.items())}
        try:
            return [*(plugins[name] for name in TopologicalSorter(graph).static_order()), *lost]
        except CycleError as error:
            circle = sorted(set(error.args[1]))
            if softly:
                softly = False  # `enhances` is a wish: without it there may be no circle
                continue
            for name in circle:
                lost.append(plugins.pop(name))
                lost[-1].break_down(
                    PluginError(name, f"it requires itself in a circle: {' → '.join(circle)}.")
                )


def _before(loaded: Loaded, plugins: dict[str, Loaded], softly: bool) -> list[str]:
    wished = tuple(loaded.plugin.enhances) if loaded.plugin and softly else ()
    return sorted(name for name in {*loaded.requires, *wished} if name in plugins)


def _join(host: Host, loaded: Loaded, strict: bool) -> None:
    """Register a plugin, collect what it declares and mount its pages; on failure all of it is taken back."""
    if not loaded.well or loaded.plugin is None:
        return
    with loaded.blamed(strict):
        for name in loaded.requires:
            other = host.plugins.get(name)
            if other is None or not other.well:
                why = "is not installed" if other is None else "could not be loaded"
                raise Unfit(loaded.name, f"it needs the plugin “{name}”, which {why}.")
        before = set(Base.metadata.tables)
        collect(host, loaded.name, loaded.plugin)
        loaded.blueprints = tuple(loaded.plugin.kith_blueprints() or ())
        loaded.commands = tuple(loaded.plugin.kith_commands() or ())
        importing.adopt(loaded, before)
        checks.apply(DATA, loaded)
        mounting.mount(host.app, loaded)
        mounting.set_up(host.app, loaded)
    if loaded.problem:
        withdraw(host, loaded)
        importing.forget(loaded)


def collect(host: Host, owner: str, plugin: Plugin) -> None:
    """Register with pluggy and take what each contribution hook of this plugin alone returns."""
    old: list[str] = []
    with deprecation.noted(old):
        host.manager.register(plugin, owner)
    others = [other for other in host.manager.get_plugins() if other is not plugin]
    for hook in CONTRIBUTION_HOOKS:
        for answer in host.manager.subset_hook_caller(hook, others)():
            host.registry.add(owner, _declarations(owner, hook, answer))
    if (loaded := host.plugins.get(owner)) is not None:
        for item in (plugin, *(i for i in host.registry.loaded(Contribution) if i.owner == owner)):
            old += deprecation.old_attributes(item)
        loaded.deprecations += dict.fromkeys(old)
        loaded.warnings += loaded.deprecations


def _declarations(owner: str, hook: str, answer: object) -> list[Contribution]:
    if answer is None:
        return []
    if not isinstance(answer, Iterable):
        raise PluginError(owner, f"{hook} must return a list of declarations, not {answer!r}.")
    return [armoured(owner, item) for item in answer]


def _look_over(host: Host, strict: bool) -> None:
    """Check declarations against each other, when everybody's are there."""
    for loaded in host.plugins.values():
        if loaded.well:
            with loaded.blamed(strict):
                checks.apply(
                    (
                        *declared(host.registry),
                        partial(rights_are_known, host.app),
                        partial(settings_fit, host.app),
                    ),
                    loaded,
                )
            if loaded.problem:
                withdraw(host, loaded)
                importing.forget(loaded)
    for loaded in host.plugins.values():
        lost = [name for name in loaded.requires if not host.plugins[name].well] if loaded.well else []
        if lost:
            loaded.break_down(
                Unfit(loaded.name, f"it needs the plugin “{lost[0]}”, which could not be loaded.")
            )
            withdraw(host, loaded)
            importing.forget(loaded)


def withdraw(host: Host, loaded: Loaded) -> None:
    """Take back everything a plugin declared: it counts as a unit."""
    host.registry.withdraw(loaded.name)
    if loaded.plugin is not None and host.manager.is_registered(loaded.plugin):
        host.manager.unregister(loaded.plugin)
    mounting.unmount(host.app, loaded)
    loaded.blueprints, loaded.commands = (), ()
