"""`kith backup` and `kith restore`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app.cli import booted

if TYPE_CHECKING:
    from flask import Flask


@click.group(
    invoke_without_command=True,
    epilog="\b\nExamples:\n  kith backup\n  kith backup --to /mnt/backups\n  kith backup verify FILE",
)
@click.option(
    "--to", type=click.Path(path_type=Path), help="A folder or a new file; else `backups` in the data folder."
)
@click.pass_context
def backup(context: click.Context, to: Path | None) -> None:
    """Take a backup while people work: database, files and manifest in one file."""
    if context.invoked_subcommand is not None:
        return
    from app.house import house
    from app.services import backups

    app = booted.boot()
    booted.ready(app)
    with app.app_context():
        made = backups.make(house().config, to)
    click.echo(f"{made} ({made.stat().st_size / 1_000_000:.1f} MB)")


@backup.command(epilog="\b\nExample:\n  kith backup verify var/backups/kith-20261122T033000Z.tar.gz")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def verify(file: Path) -> None:
    """Check a backup to its last byte, and the database in it."""
    from app.services import backups

    manifest = backups.verify(file)
    _describe(manifest)
    click.echo("The backup is whole.")


@click.command(
    epilog="\b\nExamples:\n  kith restore FILE\n  KITH_DATA_DIR=/srv/new kith restore FILE   # try it beside the old one"
)
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--force", is_flag=True, help="Restore over what is there; that is set aside first.")
def restore(file: Path, force: bool) -> None:
    """Put a backup back into an empty installation, and bring it to this version."""
    from app.house import house
    from app.services import restoring, secrets

    app = booted.boot()
    config = house(app).config
    with app.app_context():
        manifest = restoring.restore(config, file, Upgrade(app), force=force)
    _describe(manifest)
    click.echo("Restored.")
    if not restoring.same_key(config, manifest):
        click.echo(
            "The secret key is another one than that of the backup: everybody signs in anew, second factors must be "
            "set up again and waiting mails are lost. To keep them, set KITH_SECRET_KEY_OLD to the former key."
        )

    if not restoring.same_secrets(config, manifest):
        click.echo(
            f"The backup holds secrets of plugins, and their key is not here: copy {secrets.FILE} of the former data "
            f"folder to {secrets.path(config)}. Otherwise type them in anew on the pages of the plugins; "
            "“kith secrets list” names them."
        )


class Upgrade:
    """What restoring needs of the migrations."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._migrations = booted.host_of(app).migrations

    def known(self, revisions: Mapping[str, str]) -> None:
        """Raise KithError when the backup was taken by a newer version than this."""
        from app.host.migrations import CORE, NewerDatabase
        from app.host.revisions import History

        at = revisions.get("core", "")
        if at not in History(CORE.versions).revisions:
            raise NewerDatabase(
                f"The backup was taken by a newer version of Kith (revision {at}). Install that first."
            )

    def to(self, revisions: Mapping[str, str]) -> None:
        """Make the tables of an empty database as they were at the revisions of those owners who are here."""
        from app.extensions import db

        db.engine.dispose()
        here = [line.owner for line in booted.host_of(self._app).lineages()]
        for owner in here:
            if owner in revisions:
                self._migrations.upgrade_to(owner, revisions[owner])

    def forward(self) -> None:
        """Run what is pending since."""
        from app.extensions import db

        db.engine.dispose()
        booted.upgrade(self._app, backup=False)


def _describe(manifest: Mapping[str, Any]) -> None:
    rows = manifest["rows"]
    files = [name for name in manifest["members"] if name.startswith("files/")]
    click.echo(
        f"Taken {manifest['made_at']} by Kith {manifest['kith']} from {manifest['database']}: "
        f"{rows.get('contact', 0)} contacts, {rows.get('company', 0)} companies, "
        f"{rows.get('interaction', 0)} interactions, {len(files)} files."
    )
