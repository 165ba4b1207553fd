"""Checks on a plugin's tables: its migrations, what it points to, and whose data it holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Engine, create_engine, inspect

from app import database
from app.extensions import Base
from app.host.importing import tables_of
from app.host.migrations import MigrationError, Migrations
from app.house import house
from app.kernel.contributions import Entity, PrivacyParticipant
from app.migrations.ownership import version_table
from app.services import records
from app.services.context import acting
from app.testing.contract.case import Case
from app.testing.contract.samples import Samples
from app.testing.databases import address


@dataclass
class History:
    """What became of a database of its own on which the migrations went up, down to nothing, and up again."""

    problems: list[str] = field(default_factory=list)
    drift: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


def migrations_go_up_down_and_up(case: Case) -> Iterator[str]:
    """Its migrations run up, down to nothing, and up again to the same tables."""
    if tables_of(case.name) and case.loaded.folder("migrations") is None:
        yield f"It has tables and no migrations; “kith db revision {case.name} -m …” writes one."
    yield from _history(case).problems


def models_and_migrations_agree(case: Case) -> Iterator[str]:
    """What the migrations make is what the models say."""
    for change in _history(case).drift:
        yield f"Models and migrations differ: {change}. “kith db revision {case.name} -m …” writes the difference."


def removing_leaves_no_table(case: Case) -> Iterator[str]:
    """Down to nothing means: none of its tables is left, not even the one with its version."""
    for name in _history(case).left:
        yield f"After the way down there is still the table {name}; drop it in downgrade()."


def foreign_keys_let_go(case: Case) -> Iterator[str]:
    """A foreign key to somebody else's table lets its row go: in the model and in the database."""
    found = inspect(case.host.engine())
    entities = {entity.model.__table__.name for entity in case.registry.loaded(Entity)}
    for table in found.get_table_names():
        if not table.startswith(f"{case.name}_"):
            continue
        for key in found.get_foreign_keys(table):
            target, columns = str(key["referred_table"]), ", ".join(key["constrained_columns"])
            after = str(key.get("options", {}).get("ondelete") or "").upper()
            if not target.startswith(f"{case.name}_") and after not in {"CASCADE", "SET NULL"}:
                yield f"{table}.{columns} stops rows of “{target}” from being deleted: write ondelete in the migration, too."
            if after == "CASCADE" and table in entities and target in entities:
                yield f"{table}.{columns}: the end of a “{target}” would delete records past journal and trash; SET NULL."


def personal_data_has_a_subject(case: Case) -> Iterator[str]:
    """Everything that points to a contact says whose data it is, and what erasure does; a contact can always go."""
    declared = case.declared(Entity)
    modelled = {entity.model.__table__.name: entity for entity in declared}
    for table in tables_of(case.name):
        points = [k for k in table.foreign_keys if k.target_fullname == "contact.id"]
        entity = modelled.get(table.name)
        if not points:
            continue
        if entity is not None and entity.subject is None:
            yield f"The entity “{entity.key}” points to a contact: write subject=“{points[0].parent.name}”."
        cascades = all((k.ondelete or "").upper() == "CASCADE" for k in points)
        if entity is None and not cascades and not case.declared(PrivacyParticipant):
            yield f"The table {table.name} points to contacts and stays when they go: ondelete=CASCADE, or kith_privacy."
    for entity in declared:
        privacy = entity.privacy
        if privacy.erase not in {"delete", "anonymise", "keep"}:
            yield f"The entity “{entity.key}” erases by “{privacy.erase}”: delete, anonymise or keep."
        if privacy.erase == "keep" and not str(privacy.reason):
            yield f"The entity “{entity.key}” is kept when somebody is erased: say the reason."
        if privacy.erase == "anonymise" and not privacy.fields:
            yield f"The entity “{entity.key}” is anonymised: name the fields that are emptied."
    yield from _can_go(case)


def _can_go(case: Case) -> Iterator[str]:
    contact = Samples(case).one("contact")
    ctx = case.make.ctx()
    number = contact.id
    try:
        with case.strict(), acting(ctx):
            records.trash(ctx, "contact", [number])
            records.purge(ctx, "contact", [number])
    except Exception as error:
        yield f"A contact with records of it cannot be removed for good: {error}"


# ---------------------------------------------------------------- the database of its own

_known: dict[tuple[str, Path], History] = {}


def _history(case: Case) -> History:
    key = (case.name, case.folder)
    if key not in _known:
        _known[key] = History()
        if case.loaded.folder("migrations") is not None:
            with TemporaryDirectory() as folder, address(Path(folder)) as url:
                config = house(case.app).config
                engine = create_engine(url, **database.engine_options(config))
                database.prepare(engine, config)
                try:
                    _walk(case, engine, _known[key])
                finally:
                    engine.dispose()
    return _known[key]


def _walk(case: Case, engine: Engine, history: History) -> None:
    migrations = Migrations(lambda: engine, Base.metadata, case.host.lineages)
    owners = [*_needed(case, case.name), case.name]
    try:
        for step in migrations.upgrade_all(owners):
            if step.error:
                history.problems.append(step.error)
        if history.problems:
            return
        history.drift += [str(change) for change in migrations.check().get(case.name, ())]
        first = _tables(engine, case.name)
        migrations.downgrade(case.name)
        history.left += [*_tables(engine, case.name), *_version(engine, case.name)]
        migrations.upgrade(case.name)
        if _tables(engine, case.name) != first:
            history.problems.append("The second way up made other tables than the first.")
    except (MigrationError, Exception) as error:
        history.problems.append(f"{type(error).__name__}: {error}")


def _needed(case: Case, name: str) -> list[str]:
    found = []
    for other in case.host.plugins[name].requires:
        found += [*_needed(case, other), other]
    return found


def _tables(engine: Engine, name: str) -> dict[str, Any]:
    seen = inspect(engine)
    return {
        table: (
            sorted((c["name"], str(c["type"])) for c in seen.get_columns(table)),
            sorted(str(i["name"]) for i in seen.get_indexes(table)),
        )
        for table in seen.get_table_names()
        if table.startswith(f"{name}_")
    }


def _version(engine: Engine, name: str) -> list[str]:
    table = version_table(name)
    return [table] if table in inspect(engine).get_table_names() else []
