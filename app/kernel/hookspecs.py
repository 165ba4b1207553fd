"""The hooks: the typed class that every plugin inherits. Its methods are the pluggy specifications.

Contribution hooks run once at boot, in dependency order, without a request and without a database; they return an
iterable of declarations, or nothing. The core flattens, checks and stamps them with their owner.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

import pluggy

from app.kernel import contributions as c
from app.kernel.metrics import Metric
from app.kernel.notices import Notice

if TYPE_CHECKING:
    import click
    from flask import Blueprint, Request
    from wtforms import Form

PROJECT = "kith"
API = (1, 0)
"""Version of the plugin API (major, minor), apart from the version of the product."""

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@dataclass(frozen=True, kw_only=True)
class Lifecycle:
    """A change of a plugin's state: installed, enabled, disabled, upgraded or removing."""

    change: str
    from_version: str = ""
    to_version: str = ""
    context: Any = None


class Setup(Protocol):
    """What a plugin may install into the program itself."""

    def add_filter(self, name: str, function: Callable[..., Any]) -> None: ...
    def init_extension(self, extension: Any) -> None: ...


class Plugin:
    """A module of Kith: metadata in attributes, declarations in hooks.

    `name` is the folder or entry-point name and the prefix of tables, permissions and topics; `api` the lowest API
    version it needs; `requires` names plugins it cannot run without, `enhances` those it loads after if present.
    `summary` (`_l("…")`) says what it does, on the page of plugins; without it the docstring's first line stands there,
    in the language in which it is written.
    """

    name: ClassVar[str] = ""
    label: ClassVar[Any] = ""
    summary: ClassVar[Any] = ""
    api: ClassVar[str] = "1.0"
    requires: ClassVar[tuple[str, ...]] = ()
    enhances: ClassVar[tuple[str, ...]] = ()
    settings: ClassVar[type[Form] | None] = None
    user_settings: ClassVar[type[Form] | None] = None
    version: ClassVar[str] = ""

    # ---- What there is -------------------------------------------------------------------------------------------

    @hookspec
    def kith_entities(self) -> Iterable[c.Entity]:
        """Kinds of record. Boot. A failure makes the plugin broken."""
        return ()

    @hookspec
    def kith_fields(self) -> Iterable[c.Field]:
        """Values of records, of its own entities or of any other by name. Boot."""
        return ()

    @hookspec
    def kith_actions(self) -> Iterable[c.Action]:
        """What can be done to records. Boot."""
        return ()

    @hookspec
    def kith_panels(self) -> Iterable[c.Panel]:
        """Fragments in slots of pages. Boot; each view runs later, guarded, in a request of its own."""
        return ()

    @hookspec
    def kith_links(self) -> Iterable[c.Link]:
        """Ways to pages: navigation, create menu, account. Boot."""
        return ()

    @hookspec
    def kith_views(self) -> Iterable[c.View]:
        """Views of lists, ready-made. Boot."""
        return ()

    @hookspec
    def kith_timeline(self) -> Iterable[c.TimelineKind]:
        """Kinds of timeline entry, and with `loggable` kinds of interaction. Boot."""
        return ()

    # ---- Who may, what happens ------------------------------------------------------------------------------------

    @hookspec
    def kith_permissions(self) -> Iterable[c.Permission | c.RowRule]:
        """Rights besides `<entity>.<verb>`, and rules about rows. Boot; rules fail closed."""
        return ()

    @hookspec
    def kith_events(self) -> Iterable[c.Topic | c.On | Notice]:
        """Topics it emits, topics it listens to, and what it tells people about. Boot."""
        return ()

    @hookspec
    def kith_jobs(self) -> Iterable[c.Job]:
        """Work for later and on a schedule. Boot."""
        return ()

    @hookspec
    def kith_services(self) -> Iterable[c.Service]:
        """Implementations of protocols that the core owns. Boot."""
        return ()

    # ---- What can be known ----------------------------------------------------------------------------------------

    @hookspec
    def kith_reports(self) -> Iterable[c.Dataset | Metric]:
        """Sources for reports beyond the entities. Boot."""
        return ()

    @hookspec
    def kith_search(self) -> Iterable[c.SearchProvider]:
        """Sources of search hits that are no entity. Boot."""
        return ()

    @hookspec
    def kith_privacy(self) -> Iterable[c.PrivacyParticipant]:
        """Personal data kept outside entities. Boot; a failure makes the request incomplete, never done."""
        return ()

    @hookspec
    def kith_health(self) -> Iterable[c.HealthCheck]:
        """Questions about the house's condition. Boot."""
        return ()

    # ---- Pages, commands, moments -----------------------------------------------------------------------------------

    @hookspec
    def kith_blueprints(self) -> Iterable[Blueprint]:
        """Pages of its own. Boot; a disabled plugin's pages answer 404."""
        return ()

    @hookspec
    def kith_commands(self) -> Iterable[click.Command]:
        """Commands below `kith <plugin> …`. Boot."""
        return ()

    @hookspec
    def kith_setup(self, setup: Setup) -> None:
        """End of boot, before the first request: template filters or a client library's set-up, gated by the owner."""

    @hookspec
    def kith_lifecycle(self, change: Lifecycle) -> None:
        """Run: after install, enable, disable, upgrade and before removal; only the plugin concerned is called."""

    @hookspec(firstresult=True)
    def kith_authenticate(self, request: Request) -> Any | None:
        """Run: an anonymous request reaches the login boundary; returns a user id or None. Fails closed."""

    @hookspec
    def kith_demo(self, demo: Any) -> None:
        """Run: `kith demo` builds its data; `demo` is a Context that sees everything, in an open unit."""


CONTRIBUTION_HOOKS: tuple[str, ...] = (
    "kith_entities",
    "kith_fields",
    "kith_actions",
    "kith_panels",
    "kith_links",
    "kith_views",
    "kith_timeline",
    "kith_permissions",
    "kith_events",
    "kith_jobs",
    "kith_services",
    "kith_reports",
    "kith_search",
    "kith_privacy",
    "kith_health",
)
"""Hooks that return declarations for the registry, in the order in which they are collected."""
