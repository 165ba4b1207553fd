"""`kith export --all` and `kith import --all`: everything, out of one Kith and into an empty one."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app.cli import booted

if TYPE_CHECKING:
    from flask import Flask


def option(text: str) -> Callable[[Any], Any]:
    """Return the option `--all PATH` of a command."""
    return click.option(
        "--all", "everything", type=click.Path(path_type=Path), metavar="FOLDER_OR_ZIP", help=text
    )


def instead(what: Any, everything: Path | None) -> bool:
    """Tell whether everything is meant. Raises click.UsageError when both or neither are named."""
    if bool(what) == bool(everything):
        raise click.UsageError("Name what is meant, or --all with a folder or ZIP file: one of the two.")
    return everything is not None


def export(target: Path) -> None:
    """Export everything. Exit code 1 when something is missing from it."""
    from app.services import audit, whole_export

    app = booted.boot()
    booted.ready(app)
    booted.warm()
    with booted.acting(app, "kith export --all") as ctx:
        made = whole_export.write(ctx, target, say=_say)
        audit.note(ctx, "export.everything", rows=made.rows, files=made.files)
    click.echo(f"{target}: {made.rows} rows, {made.files} files.")
    for name in made.plugins:
        click.echo(
            f"Incomplete: the data of the plugin “{name}” are missing, because it is not here or broken.",
            err=True,
        )
    for name in made.lost:
        click.echo(f"Incomplete: the file {name} is in no place on the disk.", err=True)
    if not made.complete:
        sys.exit(1)


def import_(source: Path) -> None:
    """Take an export of everything in. Raises BadExport with a sentence."""
    from app.services import audit, context, whole_import

    app = booted.boot()
    booted.ready(app)
    booted.warm()
    _install(app, source)
    with booted.acting(app, "kith import --all") as ctx:
        manifest = whole_import.read(ctx, source, say=_say)
        now = context.as_system("kith import --all", source="cli")
        audit.note(now, "import.everything", kith=str(manifest.get("kith", "")))
        click.echo(f"{whole_import.index(now)} records can be found.")
    for name, found in manifest["incomplete"].items():
        click.echo(f"The export was incomplete ({name}): {', '.join(map(str, found))}", err=True)
    click.echo(
        "Everything is here. Nobody can sign in yet: “kith users reset-password EMAIL” lets somebody in."
    )


def _install(app: Flask, source: Path) -> None:
    """Make the tables of the plugins whose data are in an export, as far as these plugins are here."""
    from app.services import whole_files

    with whole_files.reading(source) as found:
        owners = sorted(set(found.manifest["owners"]) - {"core"})
    here = {line.owner for line in booted.host_of(app).lineages()}
    for owner in owners:
        if owner in here:
            booted.upgrade(app, owner, backup=False)


def _say(name: str, rows: int) -> None:
    if rows:
        click.echo(f"  {name}: {rows}", err=True)
