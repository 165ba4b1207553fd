"""The boot checks on a plugin's tables: what would hurt the core or remain after the plugin has gone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import RelationshipProperty

from app.extensions import Base
from app.host.checks import Check, Finding
from app.host.importing import mappers_of, tables_of
from app.host.loaded import Loaded
from app.host.revisions import History
from app.migrations.ownership import owner_of


def tables_are_prefixed(loaded: Loaded) -> Iterator[Finding]:
    """Every table carries the plugin's name, so that it can be found when the plugin has gone."""
    for table in tables_of(loaded.name):
        if not table.name.startswith(f"{loaded.name}_"):
            yield Finding(f"its table “{table.name}” must be called “{loaded.name}_{table.name}”.")


def foreign_keys_let_go(loaded: Loaded) -> Iterator[Finding]:
    """A foreign key to somebody else's table says what happens when that row goes: else it would stop the delete."""
    for table in tables_of(loaded.name):
        for key in table.foreign_keys:
            yield from _lets_go(loaded, table.name, key)


def _lets_go(loaded: Loaded, table: str, key: ForeignKey) -> Iterator[Finding]:
    target = key.target_fullname.partition(".")[0]
    column = f"{table}.{key.parent.name}"
    found = Base.metadata.tables.get(target)
    other = owner_of(found) if found is not None else ""
    if other == loaded.name:
        return
    if found is None:
        yield Finding(
            f"{column} points to “{target}”, which is nobody's table. Is a plugin missing in `requires`?"
        )
    elif other != "core" and other not in loaded.requires:
        yield Finding(f"{column} points to a table of the plugin “{other}”. Name it in `requires`.")
    if (key.ondelete or "").upper() not in {"CASCADE", "SET NULL"}:
        yield Finding(
            f"{column} would stop “{target}” from being deleted. Write ondelete=“CASCADE” or “SET NULL”."
        )


def core_models_stay_clean(loaded: Loaded) -> Iterator[Finding]:
    """No relationship is hung on a model of somebody else: it would load the plugin's table with every delete."""
    own = {mapper.class_.__name__ for mapper in mappers_of(loaded)}
    prefix = f"{loaded.candidate.package}."
    for mapper in mappers_of(loaded):
        for name, prop in mapper._props.items():
            if isinstance(prop, RelationshipProperty) and prop.backref and _target(prop) not in own:
                yield Finding(
                    f"{mapper.class_.__name__}.{name} puts a backref on {_target(prop)}. Make it one-way."
                )
    for mapper in Base.registry.mappers:
        if f"{mapper.class_.__module__}.".startswith(prefix):
            continue
        for name, prop in mapper._props.items():
            if isinstance(prop, RelationshipProperty) and _module(prop).startswith(prefix):
                yield Finding(
                    f"it adds {mapper.class_.__name__}.{name} to a model that is not its own. Remove it."
                )


def _argument(prop: RelationshipProperty[Any]) -> Any:
    return getattr(prop, "argument", None)


def _target(prop: RelationshipProperty[Any]) -> str:
    argument = _argument(prop)
    return argument.rpartition(".")[2] if isinstance(argument, str) else getattr(argument, "__name__", "")


def _module(prop: RelationshipProperty[Any]) -> str:
    return f"{getattr(_argument(prop), '__module__', '') or ''}."


def migrations_form_a_chain(loaded: Loaded) -> Iterator[Finding]:
    """The version files can be read and follow one another: otherwise none of them could ever be run."""
    folder = loaded.folder("migrations")
    if folder is not None and (problem := History(folder).problem):
        yield Finding(problem)


DATA: tuple[Check, ...] = (
    tables_are_prefixed,
    foreign_keys_let_go,
    core_models_stay_clean,
    migrations_form_a_chain,
)
