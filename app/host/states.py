"""What each plugin is now, and every change of that: enable, disable, quarantine, upgrade. The only writer of PluginState.

Which plugins run is a frozen set that `refresh` renews when the epoch says so; asking it costs a set look-up.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import false, inspect, select

from app.host.loaded import Loaded, State
from app.host.migrations import MigrationError
from app.host.quarantine import Quarantine
from app.host.revisions import History
from app.kernel import guard
from app.kernel.context import Context
from app.kernel.contributions import RowRule
from app.kernel.errors import PluginError
from app.kernel.guard import Failure, Surface
from app.kernel.hookspecs import Lifecycle
from app.models import PluginState, now
from app.services import audit, schema
from app.services.context import read_epoch
from app.services.settings import bump
from app.services.unit import current

if TYPE_CHECKING:
    from app.host.host import Host

log = logging.getLogger("kith.host")


@dataclass(frozen=True)
class Row:
    """A plugin's line in the database."""

    name: str
    enabled: bool = False
    installed_version: str = ""
    tables: tuple[str, ...] = ()
    quarantined_until: datetime | None = None
    problem: str = ""


@dataclass(frozen=True)
class Status:
    """A plugin for those who look after it; `problem` is a sentence, `origin` where its code comes from."""

    name: str
    label: str
    state: State
    summary: str = ""
    version: str = ""
    origin: str = ""
    problem: str = ""
    requires: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()


class States:
    """The states of all plugins of a host."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._rows: Mapping[str, Row] = {}
        self._behind: frozenset[str] = frozenset()
        self._running: tuple[str, ...] = ()
        self._on: frozenset[str] = frozenset()
        self._epoch = -1
        self._pretended: dict[str, Row] = {}
        self.quarantine = Quarantine(self._decide)

    # ---------------------------------------------------------------- asking

    def running(self) -> Sequence[str]:
        """Return the plugins that take part now, in the order in which they depend on another."""
        return self._running

    def is_enabled(self, owner: str) -> bool:
        """Tell whether a plugin takes part now."""
        return owner == "core" or owner in self._on

    def is_chosen(self, name: str) -> bool:
        """Tell whether somebody enabled the plugin, whether or not it can run just now."""
        row = self._rows.get(name)
        return row is not None and row.enabled

    def in_force(self, rule: RowRule) -> RowRule | None:
        """Return a row rule as it holds now: what an ailing plugin protects stays closed, what it opens does not open."""
        if self.is_enabled(rule.owner):
            return rule
        row = self._rows.get(rule.owner)
        if row is None or not row.enabled or rule.restrict is None:
            return None
        if self.state(rule.owner) is State.QUARANTINED:
            return replace(rule, grant=None)
        return replace(rule, grant=None, restrict=_closed)

    def state(self, name: str) -> State:
        """Return what a plugin is now."""
        loaded, row = self._host.plugins.get(name), self._rows.get(name)
        if loaded is None:
            return State.MISSING
        if not loaded.well:
            return State.INCOMPATIBLE if loaded.unfit else State.BROKEN
        if row is None or not row.enabled:
            return State.DISABLED
        if name in self._behind:
            return State.NEEDS_MIGRATION
        if self.quarantine.holds(name):
            return State.QUARANTINED
        return State.ENABLED if all(map(self.is_enabled, loaded.requires)) else State.WAITING

    def status(self, name: str) -> Status:
        """Return everything about one plugin. Raises PluginError when nobody knows it."""
        loaded, row = self._host.plugins.get(name), self._rows.get(name, Row(name))
        if loaded is None:
            if name not in self._rows:
                raise PluginError(name, "there is no such plugin. “kith plugins list” shows what there is.")
            gone = "Its code has gone; its data is still there. Install it again, or leave it."
            return Status(
                name, name, State.MISSING, version=row.installed_version, problem=gone, tables=row.tables
            )
        return Status(
            name,
            loaded.label,
            self.state(name),
            loaded.summary,
            self._version(loaded),
            loaded.candidate.origin,
            loaded.problem or self._why(loaded) or row.problem,
            loaded.requires,
            tuple(loaded.warnings),
            loaded.tables,
        )

    def all(self) -> Sequence[Status]:
        """Return every plugin that was found or is remembered, by name."""
        return [self.status(name) for name in sorted({*self._host.plugins, *self._rows})]

    def _why(self, loaded: Loaded) -> str:
        state = self.state(loaded.name)
        if state is State.QUARANTINED:
            return "It failed again and again, and was switched off for some minutes. Look into the log."
        if state is State.WAITING:
            waits = [name for name in loaded.requires if not self.is_enabled(name)]
            return f"It waits for {', '.join(waits)}, which does not run."
        if state is State.NEEDS_MIGRATION:
            return "Its tables are behind its code. Run: kith db upgrade"
        return ""

    # ---------------------------------------------------------------- keeping up

    def refresh(self, epoch: int) -> None:
        """Catch up with the database when the epoch's counter for plugins has changed, or a quarantine has ended."""
        if epoch != self._epoch:
            self.reload()
            self._epoch = epoch
        elif self.quarantine.due():
            self._decide()

    def reload(self) -> None:
        """Read the states from the database; before the first migration nothing is enabled."""
        with self._host.engine().connect() as connection:
            if not inspect(connection).has_table(PluginState.__tablename__):
                self._rows, self._behind = {}, frozenset()
                self._decide()
                return
            table = PluginState.__table__
            found = connection.execute(select(table)).mappings().all()
        self._rows = {row["name"]: _row(row) for row in map(dict, found)} | self._pretended
        self.quarantine.learn({row.name: row.quarantined_until for row in self._rows.values()})
        enabled = {name for name, row in self._rows.items() if row.enabled}
        self._behind = frozenset(self._find_behind(enabled))
        self._decide()

    def pretend(self, row: Row) -> None:
        """Take a line for what the database says, until the same name is pretended to be off: for the testing kit."""
        if row.enabled:
            self._pretended[row.name] = row
        else:
            self._pretended.pop(row.name, None)
        self._rows = {**self._rows, row.name: row}
        self._decide()

    def forget(self) -> None:
        """Let the next `refresh` read everything anew: the database was replaced under this process."""
        self._epoch = -1
        self.quarantine.forget()

    def _find_behind(self, enabled: set[str]) -> set[str]:
        lines = [line for line in self._host.lineages() if line.owner in enabled]
        if not lines:
            return set()
        at = self._host.migrations.current()
        return {line.owner for line in lines if History(line.versions).head != at[line.owner]}

    def _decide(self) -> None:
        """Work out who runs; in boot order, so that a plugin comes after those that it requires."""
        running: list[str] = []
        for name, loaded in self._host.plugins.items():
            row = self._rows.get(name)
            fit = loaded.well and row is not None and row.enabled and name not in self._behind
            if fit and not self.quarantine.holds(name) and set(loaded.requires) <= set(running):
                running.append(name)
        self._running, self._on = tuple(running), frozenset(running)

    # ---------------------------------------------------------------- changing

    def enable(self, ctx: Context, name: str, *, with_required: bool = False) -> Status:
        """Let a plugin take part: its migrations run, then its lifecycle hook. Takes effect with the next request.

        Raises PluginError when it cannot: it is broken, or needs plugins that do not run (`with_required` enables
        them first), or its migration failed.
        """
        loaded = self._usable(name)
        _outside_a_unit(ctx, name)
        missing = [other for other in loaded.requires if not self.is_chosen(other)]
        if missing and not with_required:
            raise PluginError(
                name, f"it needs {', '.join(missing)}. Enable that first, or all of them at once."
            )
        for other in missing:
            self.enable(ctx, other, with_required=True)
        ctx.session.rollback()  # the read transaction would hold up what the migration changes
        self._migrate(ctx, loaded)
        change = "enabled" if self._rows.get(name, Row(name)).installed_version else "installed"
        self._write(ctx, loaded, enabled=True, quarantined_until=None, problem="")
        self.quarantine.forgive(name)
        self._told(ctx, loaded, change)
        return self.status(name)

    def disable(self, ctx: Context, name: str, *, with_dependants: bool = False) -> Sequence[str]:
        """Let a plugin take no part any more; its data stays. Return all that were disabled.

        Raises PluginError when enabled plugins require it (`with_dependants` disables them first).
        """
        self.status(name)
        _outside_a_unit(ctx, name)
        dependants = [
            p.name for p in self._host.plugins.values() if name in p.requires and self.is_chosen(p.name)
        ]
        if dependants and not with_dependants:
            raise PluginError(
                name, f"{', '.join(dependants)} needs it. Disable that first, or all of them at once."
            )
        gone = [gone for other in dependants for gone in self.disable(ctx, other, with_dependants=True)]
        loaded = self._host.plugins.get(name)
        if loaded is not None and self.is_enabled(name):
            self._told(ctx, loaded, "disabled")
        self._write(ctx, loaded or name, enabled=False, quarantined_until=None, problem="")
        self.quarantine.forgive(name)
        self.reload()
        return [*gone, name]

    def settle(self, ctx: Context) -> None:
        """After an upgrade: remember new plugins (disabled) and tell upgraded ones from which version they come."""
        self.reload()
        for loaded in self._host.plugins.values():
            row = self._rows.get(loaded.name)
            if loaded.well and (row is None or (row.enabled and row.tables != loaded.tables)):
                self._write(ctx, loaded)
            former = row.installed_version if row else ""
            if self.is_enabled(loaded.name) and former and former != self._version(loaded):
                self._write(ctx, loaded, installed_version=self._version(loaded))
                self._told(ctx, loaded, "upgraded", former)
        self.reload()

    def persist(self) -> None:
        """Write down who was quarantined or let out since the last time, and tell every process. Outside any unit."""
        changed = self.quarantine.take_changes()
        if not changed:
            return
        from app.services.context import acting, as_system

        ctx = as_system("plugin quarantine")
        with acting(ctx):
            for name, until in changed.items():
                self._write(ctx, self._host.plugins[name], quarantined_until=until)

    # ---------------------------------------------------------------- inside

    def _usable(self, name: str) -> Loaded:
        status = self.status(name)
        loaded = self._host.plugins.get(name)
        if loaded is None or not loaded.well:
            raise PluginError(name, f"it cannot be enabled. {status.problem}")
        return loaded

    def _migrate(self, ctx: Context, loaded: Loaded) -> None:
        if loaded.name not in {line.owner for line in self._host.lineages()}:
            return
        try:
            self._host.migrations.upgrade(loaded.name)
        except MigrationError as error:
            self._write(ctx, loaded, problem=str(error))
            self.reload()
            raise PluginError(loaded.name, f"it cannot be enabled. {error}") from error

    def _told(self, ctx: Context, loaded: Loaded, change: str, former: str = "") -> None:
        """Call the plugin's lifecycle hook in a unit of its own; a failure leaves a note and changes nothing else."""
        self.reload()
        ctx.schema = schema.current(ctx.session, read_epoch(ctx.session))
        moment = Lifecycle(change=change, from_version=former, to_version=self._version(loaded), context=ctx)
        assert loaded.plugin is not None
        with ctx.unit():
            result = guard.run(
                loaded.plugin.kith_lifecycle,
                moment,
                owner=loaded.name,
                surface=Surface.LIFECYCLE,
                item=change,
                session=ctx.session,
            )
        if isinstance(result, Failure):
            note = f"Its own step after “{change}” failed (incident {result.incident}); look into the log."
            self._write(ctx, loaded, problem=note)
        self.reload()

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
                row.tables = json.dumps(which.tables)
                if values.get("enabled"):
                    row.installed_version = self._version(which)
            for key, value in values.items():
                setattr(row, key, value)
            row.changed_at = now()
            bump(ctx, "plugins")
            if "enabled" in values:
                audit.note(
                    ctx, "plugin.enabled" if values["enabled"] else "plugin.disabled", f"plugin:{name}"
                )

    def _version(self, loaded: Loaded) -> str:
        return loaded.version or self._host.version


def _row(row: Mapping[str, Any]) -> Row:
    return Row(
        row["name"],
        row["enabled"],
        row["installed_version"],
        tuple(json.loads(row["tables"])),
        row["quarantined_until"],
        row["problem"],
    )


def _outside_a_unit(ctx: Context, name: str) -> None:
    if current(ctx.session) is not None:
        raise PluginError(name, "a plugin is switched outside of a write transaction.")


def _closed(ctx: Context, model: Any, verb: str) -> Any:
    return false()
