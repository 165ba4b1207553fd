"""Every change of what a plugin is: enabled, disabled, upgraded, quarantined, removed. The only writer of PluginState.

Each step is one transaction, so that a process that dies in between leaves what the next start can go on from: the
ledger is written before tables are made, and the plugin's own step belongs to the switch itself.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import inspect, select

from app.host import removal
from app.host.loaded import Loaded
from app.host.migrations import MigrationError, Step
from app.house import house
from app.kernel import guard
from app.kernel.context import Context
from app.kernel.errors import PluginError
from app.kernel.guard import Failure, Surface
from app.kernel.hookspecs import Lifecycle
from app.migrations.ownership import owner_of
from app.models import PluginState, now
from app.services import audit, schema
from app.services.context import acting, as_system, read_epoch
from app.services.settings import bump
from app.services.unit import current

if TYPE_CHECKING:
    from app.host.host import Host
    from app.host.states import States, Status

log = logging.getLogger("kith.host")


@dataclass(frozen=True)
class Removed:
    """What was taken away with a plugin: its tables, and how many rows of the core's tables that spoke of it."""

    tables: tuple[str, ...] = ()
    rows: Mapping[str, int] = field(default_factory=dict)


class Switching:
    """The changes of the states of a host's plugins."""

    def __init__(self, host: Host, states: States) -> None:
        self._host, self._states = host, states

    def enable(self, ctx: Context, name: str, *, with_required: bool = False) -> Status:
        """Let a plugin take part: its migrations run, then its lifecycle hook. Takes effect with the next request.

        Raises PluginError when it cannot: it is broken, or needs plugins that nobody enabled (`with_required` enables
        them first), or its migration failed, which leaves it `needs-migration`.
        """
        loaded = self._usable(name)
        _outside_a_unit(ctx, name)
        missing = self._states.required(name)
        if missing and not with_required:
            raise PluginError(
                name, f"it needs {', '.join(missing)}. Enable that first, or all of them at once."
            )
        for other in missing:
            self.enable(ctx, other, with_required=True)
        ctx.session.rollback()  # the read transaction would hold up what the migration changes
        self._remember(ctx, loaded)
        self._migrate(ctx, loaded)
        self._states.quarantine.forgive(name)
        row, version = self._states.row(name), self._states.version(loaded)
        behind = row.enabled and row.installed_version not in ("", version)
        change = "upgraded" if behind else "enabled" if row.installed_version else "installed"
        self._come(ctx, loaded, change, row.installed_version if behind else "")
        return self._states.status(name)

    def disable(self, ctx: Context, name: str, *, with_dependants: bool = False) -> Sequence[str]:
        """Let a plugin take no part any more; its data stays. Return all that were disabled.

        Raises PluginError when enabled plugins require it (`with_dependants` disables them first).
        """
        self._states.status(name)
        _outside_a_unit(ctx, name)
        dependants = self._states.dependants(name)
        if dependants and not with_dependants:
            raise PluginError(
                name, f"{', '.join(dependants)} needs it. Disable that first, or all of them at once."
            )
        gone = [gone for other in dependants for gone in self.disable(ctx, other, with_dependants=True)]
        loaded = self._host.plugins.get(name)
        with self._anew(), ctx.unit():
            if loaded is not None and self._states.is_enabled(name):
                self._told(ctx, loaded, "disabled")  # while it still takes part
            self._write(ctx, loaded or name, enabled=False, quarantined_until=None, problem="")
        self._states.quarantine.forgive(name)
        self._states.reload()
        return [*gone, name]

    def settle(self, ctx: Context, steps: Sequence[Step] = ()) -> None:
        """Remember new plugins, and tell those whose code or tables are new from which version they come."""
        self._states.reload()
        done = {step.owner: step for step in steps}
        for loaded in self._host.plugins.values():
            if loaded.well:
                self._settle(ctx, loaded, done.get(loaded.name))
        self._states.reload()

    def _settle(self, ctx: Context, loaded: Loaded, step: Step | None) -> None:
        row = self._states.row(loaded.name)
        if step is not None and row.problem != step.error:
            self._write(ctx, loaded.name, problem=step.error)
        if not self._states.is_known(loaded.name) or row.tables != self._ledger(loaded):
            self._write(ctx, loaded)
        former, version = row.installed_version, self._states.version(loaded)
        if self._states.is_enabled(loaded.name) and former != version:
            self._come(ctx, loaded, "upgraded" if former else "installed", former)

    def persist(self) -> None:
        """Write down who was quarantined or let out since the last time, and tell every process. Outside any unit."""
        changed = self._states.quarantine.take_changes()
        if not changed:
            return
        ctx = as_system("plugin quarantine")
        with acting(ctx):
            for name, until in changed.items():
                self._write(ctx, self._host.plugins[name], quarantined_until=until)

    def remove(self, ctx: Context, name: str) -> Removed:
        """Take away a plugin's tables and all that the core keeps of it, its code being here or not.

        Everything goes in one transaction. Raises PluginError while it is enabled, MigrationError when tables of
        another plugin point to its own.
        """
        self._states.status(name)
        _outside_a_unit(ctx, name)
        if self._states.is_chosen(name):
            raise PluginError(name, f"it is enabled. Disable it first: kith plugins disable {name}")
        ctx.session.rollback()
        loaded, row = self._host.plugins.get(name), self._states.row(name)
        with self._anew(), ctx.unit():
            if loaded is not None and loaded.well and row.installed_version:
                self._told(ctx, loaded, "removing")
            audit.note(ctx, "plugin.removed", f"plugin:{name}")
        counted: dict[str, int] = {}
        ledger = {*row.tables, *(loaded.tables if loaded is not None else ())}
        tables = self._host.migrations.remove(
            name, sorted(ledger), lambda connection: counted.update(removal.clean(connection, name))
        )
        self._states.reload()
        return Removed(tuple(tables), counted)

    # ---------------------------------------------------------------- inside

    def _usable(self, name: str) -> Loaded:
        status = self._states.status(name)
        loaded = self._host.plugins.get(name)
        if loaded is None or not loaded.well:
            raise PluginError(name, f"it cannot be enabled. {status.problem}")
        return loaded

    def _ledger(self, loaded: Loaded) -> tuple[str, ...]:
        """Return the tables that a plugin's models name, and those under its name that only its migrations know."""
        names = {*self._host.plugins, *(status.name for status in self._states.all())}
        with self._host.engine().connect() as connection:
            made = [t for t in inspect(connection).get_table_names() if owner_of(t, names) == loaded.name]
        return tuple(sorted({*loaded.tables, *made}))

    def _remember(self, ctx: Context, loaded: Loaded) -> None:
        """Write down which tables a plugin is about to make, beside those that it has made before."""
        row = self._states.row(loaded.name)
        tables = tuple(sorted({*row.tables, *self._ledger(loaded)}))
        if not self._states.is_known(loaded.name) or tables != row.tables:
            self._write(ctx, loaded, tables=json.dumps(tables))

    def _migrate(self, ctx: Context, loaded: Loaded) -> None:
        if loaded.name not in {line.owner for line in self._host.lineages()}:
            return
        try:
            self._host.migrations.upgrade(loaded.name)
        except MigrationError as error:
            self._write(ctx, loaded.name, enabled=True, problem=str(error))
            self._states.reload()
            raise PluginError(loaded.name, f"it cannot be enabled. {error}") from error

    def _come(self, ctx: Context, loaded: Loaded, change: str, former: str = "") -> None:
        """Write down that a plugin takes part with the code that is here, and let it do its own step in the same unit."""
        states, version = self._states, self._states.version(loaded)
        row = replace(
            states.row(loaded.name),
            enabled=True,
            installed_version=version,
            tables=self._ledger(loaded),
            quarantined_until=None,
            problem="",
        )
        with self._anew(), ctx.unit():
            self._write(
                ctx, loaded, enabled=True, installed_version=version, quarantined_until=None, problem=""
            )
            states.expect(row)
            if problem := self._told(ctx, loaded, change, former):
                self._write(ctx, loaded, problem=problem)

    def _told(self, ctx: Context, loaded: Loaded, change: str, former: str = "") -> str:
        """Call the plugin's lifecycle hook in the open unit; a failure is a note that is returned, and nothing else."""
        ctx.schema = schema.current(ctx.session, read_epoch(ctx.session))
        version = self._states.version(loaded)
        moment = Lifecycle(change=change, from_version=former, to_version=version, context=ctx)
        assert loaded.plugin is not None
        result = guard.run(
            loaded.plugin.kith_lifecycle,
            moment,
            owner=loaded.name,
            surface=Surface.LIFECYCLE,
            item=change,
            session=ctx.session,
        )
        if not isinstance(result, Failure):
            return ""
        return f"Its own step after “{change}” failed (incident {result.incident}); look into the log."

    @contextmanager
    def _anew(self) -> Iterator[None]:
        """Read the states again after a change; what was built for a change that failed is thrown away."""
        try:
            yield
        except BaseException:
            house(self._host.app).schema_cache = None
            raise
        finally:
            self._states.reload()

    def _write(self, ctx: Context, which: Loaded | str, **values: Any) -> None:
        name = which if isinstance(which, str) else which.name
        with ctx.unit():
            row = ctx.session.execute(
                select(PluginState).where(PluginState.name == name)
            ).scalar_one_or_none()
            if row is None:
                row = PluginState(name=name)
                ctx.session.add(row)
            if isinstance(which, Loaded):
                row.tables = json.dumps(self._ledger(which))
            for key, value in values.items():
                setattr(row, key, value)
            row.changed_at = now()
            bump(ctx, "plugins")
            if "enabled" in values:
                audit.note(
                    ctx, "plugin.enabled" if values["enabled"] else "plugin.disabled", f"plugin:{name}"
                )


def _outside_a_unit(ctx: Context, name: str) -> None:
    if current(ctx.session) is not None:
        raise PluginError(name, "a plugin is switched outside of a write transaction.")
