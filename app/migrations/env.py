"""The one environment in which Alembic runs, for the core and for every plugin.

`app/host/migrations.py` hands over the connection (its transaction is open), the owner, all tables and the names of all
owners; this file limits the work to the owner's own tables.
"""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.operations.ops import CreateTableOp
from sqlalchemy import Table

from app.migrations.ownership import owner_of, version_table
from app.models import Instant

given = context.config.attributes
owner: str = given["owner"]
tables = given["metadata"].tables


def names(name: str | None, kind: str, parent: Any) -> bool:
    """Whether something found in the database is looked at: the owner's tables, also those without a model."""
    if kind != "table" or name is None:
        return True
    if name in tables:
        return owner_of(tables[name]) == owner
    return owner != "core" and owner_of(name, given["owners"]) == owner


def objects(found: Any, name: str | None, kind: str, reflected: bool, other: Any) -> bool:
    """Whether a table or index takes part in a comparison; indexes for search are made by hand in migrations."""
    if kind == "index" and reflected and name is not None:
        return not name.startswith("search_index_")
    return not isinstance(found, Table) or reflected or owner_of(found) == owner


def render(kind: str, found: Any, autogenerate: Any) -> str | Literal[False]:
    """Write our own column type as what it is in the database, so that migrations import nothing of the program."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(found, Instant) else False


def tidy(migration: Any, revision: Any, directives: list[Any]) -> None:
    """Leave out of a generated migration what only this process knows: the owner stamped on a table."""
    for found in directives[0].upgrade_ops.ops:
        if isinstance(found, CreateTableOp):
            found.info.clear()


context.configure(
    connection=given["connection"],
    target_metadata=given["metadata"],
    version_table=version_table(owner),
    include_name=names,
    include_object=objects,
    render_item=render,
    process_revision_directives=tidy,
    render_as_batch=given["batch"],
)
context.run_migrations()
