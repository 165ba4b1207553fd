"""Puts a plugin's pages, commands and set-up into the program, each behind the gate of its owner and in the guard."""

from __future__ import annotations

import copy
import functools
from collections.abc import Callable, Iterable
from typing import Any, NoReturn

import click
from flask import Blueprint, Flask, abort

from app.host.checks_declared import blueprint_is_modest
from app.host.loaded import Loaded
from app.house import house
from app.kernel.errors import KithError, PluginError
from app.kernel.guard import Surface, must

SCOPED = ("before_request_funcs", "after_request_funcs", "teardown_request_funcs")
"""Functions around a request that an extension may install for the whole program."""


def on(owner: str) -> bool:
    """Tell whether a plugin takes part now."""
    return house().registry.enabled(owner)


def mount(app: Flask, loaded: Loaded) -> None:
    """Register a plugin's blueprints below /<name>. While it is disabled they answer 404.

    Raises PluginError when a blueprint reaches beyond its own pages; then none was registered.
    """
    for blueprint in loaded.blueprints:
        if not isinstance(blueprint, Blueprint):
            raise PluginError(
                loaded.name, f"kith_blueprints must return flask.Blueprint objects, not {blueprint!r}."
            )
        for finding in blueprint_is_modest(loaded, blueprint):
            raise PluginError(loaded.name, finding.text)
    for blueprint in loaded.blueprints:
        known = set(app.view_functions)
        app.register_blueprint(blueprint, url_prefix=blueprint.url_prefix or f"/{loaded.name}")
        _gate(app, loaded.name, blueprint.name)
        for endpoint in sorted(set(app.view_functions) - known):
            loaded.endpoints.append(endpoint)
            view = app.view_functions[endpoint]
            app.view_functions[endpoint] = _guarded(loaded.name, Surface.PAGE, endpoint, view)


def unmount(app: Flask, loaded: Loaded) -> None:
    """Let nothing remain behind the addresses of a plugin that was taken out: routes cannot be unregistered."""

    def gone(**values: Any) -> NoReturn:
        abort(404)

    gone.kith_access = ("public", "nothing is here")  # type: ignore[attr-defined]
    gone.kith_methods = "none"  # type: ignore[attr-defined]
    for endpoint in loaded.endpoints:
        app.view_functions[endpoint] = gone


def _gate(app: Flask, owner: str, name: str) -> None:
    """Let nothing of a blueprint run while its owner is off, and everything else of it in the guard."""

    def closed() -> None:
        if not on(owner):
            abort(404)

    for scopes in (app.before_request_funcs, app.after_request_funcs):
        if name in scopes:
            scopes[name] = [_guarded(owner, Surface.PAGE, f"{name}.{f.__name__}", f) for f in scopes[name]]
    app.before_request_funcs.setdefault(name, []).insert(0, closed)


def _guarded(owner: str, surface: Surface, item: str, call: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(call)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        return must(functools.partial(call, **kwargs), *args, owner=owner, surface=surface, item=item)

    return wrapped


def commands(loaded: Loaded) -> click.Group | None:
    """Return a plugin's commands as one group with its name, or None; each runs behind the gate and in the guard."""
    if not loaded.commands:
        return None
    group = click.Group(loaded.name, help=loaded.summary or loaded.label)
    for command in loaded.commands:
        group.add_command(_gated(loaded.name, command))
    return group


def _gated(owner: str, command: click.Command) -> click.Command:
    command = copy.copy(command)
    if isinstance(command, click.Group):
        command.commands = {name: _gated(owner, inner) for name, inner in command.commands.items()}
    call = command.callback
    if call is None:
        return command

    @functools.wraps(call)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        if not on(owner):
            raise click.ClickException(
                f"The plugin {owner} is not enabled. Enable it: kith plugins enable {owner}"
            )
        try:
            return must(
                functools.partial(call, *args, **kwargs), owner=owner, surface=Surface.COMMAND, item=item
            )
        except KithError as error:
            raise click.ClickException(str(error)) from error

    item = command.name or call.__name__
    command.callback = wrapped
    return command


class Setup:
    """What `kith_setup` gets: the two things a plugin may install into the program, both gated by their owner."""

    def __init__(self, app: Flask, owner: str) -> None:
        self._app, self._owner = app, owner

    def add_filter(self, name: str, function: Callable[..., Any]) -> None:
        """Install a template filter; its name begins with the plugin's. While the plugin is off it changes nothing."""
        if not name.startswith(f"{self._owner}_"):
            raise PluginError(self._owner, f"the filter “{name}” must be called “{self._owner}_{name}”.")

        @functools.wraps(function)
        def filtered(value: Any, *args: Any, **kwargs: Any) -> Any:
            return function(value, *args, **kwargs) if on(self._owner) else value

        self._app.jinja_env.filters[name] = filtered

    def init_extension(self, extension: Any) -> None:
        """Bind a Flask extension of the plugin; what it runs around every request runs only while the plugin is on.

        Raises PluginError when it replaces something of the core.
        """
        before = {name: len(getattr(self._app, name).get(None, ())) for name in SCOPED}
        kept = self._app.request_class, self._app.session_interface, self._app.json
        extension.init_app(self._app)
        for name in SCOPED:
            functions = getattr(self._app, name).get(None, [])
            functions[before[name] :] = self._wrapped(functions[before[name] :])
        if kept != (self._app.request_class, self._app.session_interface, self._app.json):
            self._app.request_class, self._app.session_interface, self._app.json = kept
            raise PluginError(self._owner, "its extension replaces the request, session or JSON of the core.")

    def _wrapped(self, functions: Iterable[Callable[..., Any]]) -> list[Callable[..., Any]]:
        return [self._around(function) for function in functions]

    def _around(self, function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def around(*args: Any) -> Any:
            if not on(self._owner):
                return args[0] if args else None
            return must(function, *args, owner=self._owner, surface=Surface.PAGE, item=function.__name__)

        return around


def set_up(app: Flask, loaded: Loaded) -> None:
    """Call a plugin's kith_setup."""
    assert loaded.plugin is not None
    loaded.plugin.kith_setup(Setup(app, loaded.name))
