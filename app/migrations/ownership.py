"""Whose a table is: the core's, or a plugin's."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Table


def version_table(owner: str) -> str:
    """Return the name of the table that holds the owner's revision."""
    return "kith_version" if owner == "core" else f"kith_version_{owner}"


def owner_of(table: Table | str, owners: Iterable[str] = ()) -> str:
    """Return a table's owner: as stamped at boot, or for a mere name the plugin with the longest fitting prefix."""
    if isinstance(table, Table):
        return str(table.info.get("owner", "core"))
    fitting = [owner for owner in owners if owner != "core" and table.startswith(f"{owner}_")]
    return max(fitting, key=len, default="core")
