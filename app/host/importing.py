"""Imports a plugin's code, and takes every trace of it back when it turns out to be broken.

Its tables get their owner stamped. A mapping that does not fit is found here, for SQLAlchemy would otherwise refuse the
first query of anybody.
"""

from __future__ import annotations

import importlib
import inspect
import logging
import sys
from collections.abc import Iterator, Sequence

from sqlalchemy import Table
from sqlalchemy.orm import ClassManager, Mapper, configure_mappers

from app.extensions import Base
from app.host.discovery import Candidate
from app.host.loaded import Loaded
from app.kernel.errors import PluginError
from app.kernel.hookspecs import Plugin
from app.migrations.ownership import owner_of

log = logging.getLogger("kith.host")


def load(candidate: Candidate, *, strict: bool = False) -> Loaded:
    """Import a plugin and make its one object. What goes wrong is noted in the result, with the traceback."""
    loaded = Loaded(candidate)
    before = set(Base.metadata.tables)
    with loaded.blamed(strict):
        module = importlib.import_module(candidate.module)
        loaded.plugin = _plugin_class(module, candidate)()
    adopt(loaded, before)
    return loaded


def adopt(loaded: Loaded, before: set[str]) -> None:
    """Stamp the tables that appeared since `before`, and those of the plugin's classes, with their owner."""
    for mapper in mappers_of(loaded):
        if isinstance(mapper.local_table, Table):
            mapper.local_table.info.setdefault(
                "owner", loaded.name
            )  # its modules may be older than this boot (tests)
    for name, table in Base.metadata.tables.items():
        if name not in before and "owner" not in table.info:
            table.info["owner"] = loaded.name
    loaded.tables = tuple(table.name for table in tables_of(loaded.name))


def tables_of(owner: str) -> Sequence[Table]:
    """Return the tables of an owner that are mapped in this process."""
    return [table for table in list(Base.metadata.tables.values()) if owner_of(table) == owner]


def mappers_of(loaded: Loaded) -> Iterator[Mapper[object]]:
    """Yield the mappers of the classes in the plugin's package."""
    for manager in _managers_of(loaded):
        if manager.is_mapped:
            yield manager.mapper


def _managers_of(loaded: Loaded) -> Sequence[ClassManager[object]]:
    """Return those of its classes; one that failed while it was made has no mapper, and would end every question."""
    package = f"{loaded.candidate.package}."
    return [m for m in list(Base.registry._managers) if m.class_.__module__.startswith(package)]


def configure(everybody: Sequence[Loaded], *, strict: bool = False) -> None:
    """Let SQLAlchemy check all mappings; a plugin whose mapping does not fit is broken and taken out."""
    while True:
        try:
            configure_mappers()
        except Exception as error:
            culprit = _culprit(everybody)
            if culprit is None or strict:
                raise
            log.error("The models of the plugin “%s” do not fit.", culprit.name, exc_info=error)
            culprit.break_down(error)
            forget(culprit)
        else:
            return


def forget(loaded: Loaded) -> None:
    """Take a broken plugin's classes, tables and modules out of this process, as far as that is possible."""
    registry = Base.registry
    for manager in _managers_of(loaded):
        registry._managers.pop(manager, None)
        registry._dispose_manager_and_mapper(manager)
    for table in tables_of(loaded.name):
        Base.metadata.remove(table)
    for name in [n for n in sys.modules if f"{n}.".startswith(f"{loaded.candidate.package}.")]:
        del sys.modules[name]
    loaded.tables = ()


def _culprit(everybody: Sequence[Loaded]) -> Loaded | None:
    mappers = (m.mapper for m in list(Base.registry._managers) if m.is_mapped)
    failed = {m for m in mappers if getattr(m, "_configure_failed", False)}
    for loaded in everybody:
        if not failed.isdisjoint(mappers_of(loaded)):
            return loaded
    return None


def _plugin_class(module: object, candidate: Candidate) -> type[Plugin]:
    """Return the plugin's class: the named one, or the only one that the module itself defines."""
    if candidate.attribute:
        found = getattr(module, candidate.attribute, None)
        if not (inspect.isclass(found) and issubclass(found, Plugin)):
            raise PluginError(
                candidate.name, f"{candidate.module}:{candidate.attribute} is no subclass of Plugin."
            )
        return found
    own = [
        value
        for value in vars(module).values()
        if inspect.isclass(value) and issubclass(value, Plugin) and value.__module__ == candidate.module
    ]
    if len(own) != 1:
        raise PluginError(
            candidate.name,
            f"plugin.py must define one class that inherits from Plugin, and it defines {len(own)}. "
            "Write: class " + candidate.name.title().replace("_", "") + "(Plugin): …",
        )
    return own[0]
