"""The plugin host of one application: what was loaded, and the few questions the rest of the program asks about it."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import click
import pluggy
from flask import Flask, Request
from sqlalchemy import Engine

from app.extensions import Base, db
from app.host import mounting
from app.host.assets import BUNDLE_BYTES, Assets
from app.host.checks_settings import absent
from app.host.loaded import Loaded, State
from app.host.migrations import CORE, Lineage, Migrations, Step
from app.host.states import States
from app.house import house
from app.kernel.context import Context
from app.kernel.contributions import Contribution, Link
from app.kernel.errors import PluginError
from app.kernel.guard import Failure, Surface, run
from app.kernel.hookspecs import PROJECT, Plugin
from app.kernel.registry import Registry
from app.migrations.search_index import missing
from app.services import context

log = logging.getLogger("kith.host")


class Host:
    """All plugins of an application, in boot order; the core's own is not among them."""

    def __init__(self, app: Flask, registry: Registry) -> None:
        self.app, self.registry = app, registry
        self.plugins: dict[str, Loaded] = {}
        self._complete = False
        with app.app_context():
            self._engine = db.engine
        self.manager = pluggy.PluginManager(PROJECT)
        self.manager.add_hookspecs(Plugin)
        self.migrations = Migrations(self.engine, Base.metadata, self.lineages)
        self.states = States(self)
        self.assets = Assets(self.plugins, self.states.running)

    @cached_property
    def version(self) -> str:
        """The version of the program, which bundled plugins share."""
        try:
            return version("kith")
        except PackageNotFoundError:
            return "0.1.0"

    def engine(self) -> Engine:
        """Return the database of the application, also outside of a request."""
        return self._engine

    def lineages(self) -> Sequence[Lineage]:
        """Return who has migrations, the core first and plugins after those that they require."""
        found = [(p.name, p.folder("migrations")) for p in self.plugins.values() if p.well]
        return (CORE, *(Lineage(name, folder) for name, folder in found if folder))

    def running(self) -> Iterator[Loaded]:
        """Yield the plugins that take part now, after those that they require."""
        for name in self.states.running():
            yield self.plugins[name]

    def refresh(self, epoch: int) -> None:
        """Catch up with the database; called with the epoch's counter for plugins before a request or job begins."""
        if not self._complete:
            self._complete = True
            self._check_links()
        self.states.refresh(epoch)

    def _check_links(self) -> None:
        """Take out plugins with links to nowhere: seen only now, when all pages are there, and every page has them."""
        for link in self.registry.loaded(Link):
            loaded = self.plugins.get(link.owner)
            if loaded is not None and loaded.well and link.endpoint not in self.app.view_functions:
                loaded.break_down(
                    PluginError(link.owner, f"the link “{link.key}” leads to “{link.endpoint}”, no page.")
                )
                log.error("The plugin “%s” is taken out: %s", link.owner, loaded.problem)
                self.registry.withdraw(link.owner)
                mounting.unmount(self.app, loaded)

    def broken(self) -> list[str]:
        """Return a sentence for every plugin that should run and does not, and for those that could not be loaded."""
        bad = {State.BROKEN, State.INCOMPATIBLE, State.QUARANTINED, State.NEEDS_MIGRATION, State.WAITING}
        return [f"{s.label}: {s.problem}" for s in self.states.all() if s.state in bad]

    def remarks(self) -> list[str]:
        """Return what is not as it should be though everything runs: the boot checks' advice, drift, lost indexes."""
        found = [f"{p.label}: {warning}" for p in self.plugins.values() for warning in p.warnings]
        found += [
            f"{p.label}: {p.candidate.origin} hides the one of {other}."
            for p in self.plugins.values()
            for other in p.candidate.hides
        ]
        found += absent(house(self.app).config, self.plugins)
        weight = self.assets.stylesheet_weight()
        if weight > BUNDLE_BYTES:
            found.append(
                f"The plugins' stylesheets weigh {weight} bytes together; more than {BUNDLE_BYTES} slow pages."
            )
        with self.engine().connect() as connection:
            found += [
                f"The search index “{name}” is missing; the next upgrade makes it anew."
                for name in missing(connection)
            ]
        return found

    def contributions(self, owner: str) -> Sequence[Contribution]:
        """Return everything a plugin declared, enabled or not."""
        return [item for item in self.registry.loaded(Contribution) if item.owner == owner]

    def stylesheet_url(self) -> str | None:
        """Return the address of the enabled plugins' stylesheets in one, or None when there are none."""
        return self.assets.stylesheet_url()

    def commands(self) -> Mapping[str, click.Group]:
        """Return the command groups of all loaded plugins; those of disabled ones say how to enable them."""
        groups = {p.name: mounting.commands(p) for p in self.plugins.values() if p.well}
        return {name: group for name, group in groups.items() if group is not None}

    def authenticate(self, request: Request) -> int | None:
        """Ask the enabled plugins who sends an anonymous request; the first answer counts, a failure is no answer."""
        for loaded in self.running():
            assert loaded.plugin is not None
            call = loaded.plugin.kith_authenticate
            user = run(
                call, request, owner=loaded.name, surface=Surface.AUTHENTICATE, item="kith_authenticate"
            )
            if isinstance(user, int) and not isinstance(user, bool):
                return user
        return None

    def demo(self, ctx: Context, demo: Any) -> Sequence[str]:
        """Let the enabled plugins build their demo data, each in a unit; return the names of those that failed."""
        failed = []
        for loaded in self.running():
            assert loaded.plugin is not None
            call = loaded.plugin.kith_demo
            with ctx.unit():
                made = run(
                    call, demo, owner=loaded.name, surface=Surface.DEMO, item="kith_demo", session=ctx.session
                )
            if isinstance(made, Failure):
                failed.append(loaded.name)
        return failed

    def upgrade(self, owners: Sequence[str] = ()) -> Sequence[Step]:
        """Run all pending migrations (core first), then remember new plugins and tell upgraded ones.

        `owners` narrows it to the core and these; otherwise it is everybody who is installed or was enabled. Needs an
        application context. Raises MigrationError when the core's fails; a plugin's failure leaves that plugin
        `needs-migration`.
        """
        context.session().rollback()
        steps = self.migrations.upgrade_all(owners or None, self._chosen())
        self.migrations.mend()
        self.settle(steps)
        return steps

    def downgrade(self, owner: str, revision: str = "-1") -> str:
        """Take migrations of an owner back and return where it is then; an enabled plugin is `needs-migration` after it.

        Needs an application context. Raises MigrationError, and nothing has changed.
        """
        context.session().rollback()
        self.migrations.downgrade(owner, revision)
        if owner != "core":
            self.states.announce(context.as_system(f"downgrade of {owner}", source="cli"))
        return self.migrations.current()[owner]

    def settle(self, steps: Sequence[Step] = ()) -> None:
        """Remember new plugins and tell upgraded ones; every start does it. Needs an application context."""
        ctx = context.as_system("upgrade", source="cli")
        with context.acting(ctx):
            self.states.settle(ctx, steps)

    def pending(self) -> Mapping[str, Sequence[str]]:
        """Return the revisions to come of the core and of the plugins that are installed or were enabled."""
        waiting, at, chosen = self.migrations.pending(), self.migrations.current(), self._chosen()
        return {o: steps for o, steps in waiting.items() if o == "core" or at[o] or o in chosen}

    def _chosen(self) -> Sequence[str]:
        self.states.reload()
        return [name for name in self.plugins if self.states.is_chosen(name)]
