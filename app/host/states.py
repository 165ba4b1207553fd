"""What each plugin is now; what changes that is in `switching`. Nobody else reads or writes the table PluginState.

Which plugins run is a frozen set that `refresh` renews when the epoch says so; asking it costs a set look-up.

    discovered ──enable──▶ enabled ◀──▶ disabled            people switch it
    discovered, disabled ──enable──▶ needs-migration ──upgrade──▶ enabled
    enabled ──newer code──▶ needs-migration                 its tables are behind
    enabled ◀──▶ quarantined                                five faults in a minute; five minutes later another try
    enabled ◀──▶ waiting                                    what it requires stops and runs again
    any ──boot──▶ incompatible, broken, missing ──boot──▶ any as before
    disabled, missing ──remove──▶ discovered, or forgotten
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
from app.host.migrations import Step
from app.host.quarantine import Quarantine
from app.host.revisions import History
from app.host.switching import Removed, Switching
from app.house import house
from app.kernel.context import Context
from app.kernel.contributions import RowRule
from app.kernel.errors import PluginError
from app.models import PluginState
from app.services.settings import bump

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
        self._switching = Switching(host, self)

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
            return State.DISABLED if row is not None and row.installed_version else State.DISCOVERED
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
            return Status(
                name,
                name,
                State.MISSING,
                version=row.installed_version,
                problem=self._absence(name),
                tables=row.tables,
            )
        return Status(
            name,
            loaded.label,
            self.state(name),
            loaded.summary,
            self.version(loaded),
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
            found = self.row(loaded.name).problem
            return f"Its tables are behind its code. Run: kith db upgrade {loaded.name}. {found}".strip()
        return ""

    def _absence(self, name: str) -> str:
        config = house(self._host.app).config
        if config.safe_mode:
            return "It is not loaded: this is safe mode (KITH_SAFE_MODE)."
        if config.plugins and name not in config.plugins:
            return "It is not loaded: KITH_PLUGINS does not name it."
        return (
            "Its code has gone; its data is still there. Install it again, or take its data away too: "
            f"kith plugins remove {name} --data"
        )

    # ---------------------------------------------------------------- keeping up

    def refresh(self, epoch: int) -> None:
        """Catch up with the database when the epoch's counter for plugins has changed, or a quarantine has ended."""
        if epoch != self._epoch:
            self.reload()
            self._epoch = epoch
        if self.quarantine.due():
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
        histories = {line.owner: History(line.versions) for line in lines}
        return {name for name, history in histories.items() if history.problem or history.head != at[name]}

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
        """Let a plugin take part (see Switching.enable). Raises PluginError when it cannot."""
        return self._switching.enable(ctx, name, with_required=with_required)

    def disable(self, ctx: Context, name: str, *, with_dependants: bool = False) -> Sequence[str]:
        """Let a plugin take no part any more; return all that were disabled. Raises PluginError when others need it."""
        return self._switching.disable(ctx, name, with_dependants=with_dependants)

    def remove(self, ctx: Context, name: str) -> Removed:
        """Take away all data of a disabled plugin (see Switching.remove). Raises PluginError or MigrationError."""
        return self._switching.remove(ctx, name)

    def settle(self, ctx: Context, steps: Sequence[Step] = ()) -> None:
        """Remember new plugins and tell those whose version is new; `steps` are what an upgrade did just now."""
        self._switching.settle(ctx, steps)

    def persist(self) -> None:
        """Write down who was quarantined or let out since the last time, and tell every process. Outside any unit."""
        self._switching.persist()

    def announce(self, ctx: Context) -> None:
        """Let every process look anew at what the plugins are: their tables were changed."""
        with ctx.unit():
            bump(ctx, "plugins")
        self.reload()

    def dependants(self, name: str) -> Sequence[str]:
        """Return the plugins that somebody enabled and that need this one."""
        plugins = self._host.plugins.values()
        return [p.name for p in plugins if name in p.requires and self.is_chosen(p.name)]

    def required(self, name: str) -> Sequence[str]:
        """Return the plugins that this one needs and that nobody enabled."""
        loaded = self._host.plugins.get(name)
        return [other for other in loaded.requires if not self.is_chosen(other)] if loaded else []

    def row(self, name: str) -> Row:
        """Return a plugin's line in the database as it was read last, an empty one when there is none."""
        return self._rows.get(name, Row(name))

    def is_known(self, name: str) -> bool:
        """Tell whether the database remembers a plugin."""
        return name in self._rows

    def expect(self, row: Row) -> None:
        """Take a line for written that is about to be: who is told of a change sees the plugins as they will be."""
        self._rows = {**self._rows, row.name: row}
        self._behind -= {row.name}
        self._decide()

    def version(self, loaded: Loaded) -> str:
        """Return a plugin's version; bundled ones share the program's."""
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


def _closed(ctx: Context, model: Any, verb: str) -> Any:
    return false()
