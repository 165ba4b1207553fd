"""`kith db`: the migrations of the core and of every plugin."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from app.cli import booted

if TYPE_CHECKING:
    from flask import Flask


@click.group(epilog="\b\nExample:\n  kith db current")
def db() -> None:
    """Database: bring it up to date, and see where it is."""


BACKUP = click.option(
    "--backup/--no-backup", default=True, help="Take a backup first, if there is something to lose."
)


@db.command(epilog="\b\nExample:\n  kith db upgrade\n  kith db upgrade sales")
@click.argument("owner", default="")
@BACKUP
def upgrade(owner: str, backup: bool) -> None:
    """Run pending migrations, after a backup: all of them, or those of the core and one plugin."""
    app = booted.boot()
    _known(app, owner)
    booted.upgrade(app, owner, backup=backup)
    left = [name for name in booted.pending(app) if owner in ("", name)]
    click.echo("The database is up to date." if not left else f"Not up to date: {', '.join(left)}.")
    if left:
        sys.exit(1)


@db.command(
    epilog="\b\nExample:\n  kith db downgrade sales        # one step\n  kith db downgrade sales base   # all of it"
)
@click.argument("owner")
@click.argument("revision", default="-1")
@BACKUP
@click.option("--yes", is_flag=True, help="Do not ask.")
def downgrade(owner: str, revision: str, backup: bool, yes: bool) -> None:
    """Take migrations of the core or a plugin back, by one step or to a revision. Data in what goes is lost."""
    app = booted.boot()
    _known(app, owner)
    if not yes:
        click.confirm(
            f"Go back with {owner} to {revision}? Data in tables and columns that go is lost", abort=True
        )
    if backup:
        booted.back_up(app, f"before-downgrade-{owner}")
    with app.app_context():
        at = booted.host_of(app).downgrade(owner, revision)
    click.echo(f"{owner} is at {at or 'nothing'} now.")


@db.command(epilog="\b\nExample:\n  kith db current")
def current() -> None:
    """Show each owner's revision and what is pending."""
    app = booted.boot()
    waiting = booted.pending(app)
    with app.app_context():
        for owner, at in booted.host_of(app).migrations.current().items():
            missing = ", ".join(waiting.get(owner, ()))
            click.echo(
                f"{owner:20} {at or '-':8} {'pending: ' + missing if missing else 'up to date' if at else ''}"
            )


@db.command(epilog="\b\nExample:\n  kith db check    # exit code 1 when models and migrations differ")
@click.argument("owner", default="")
def check(owner: str) -> None:
    """Compare the models with what the migrations made, of everybody or one owner (for developers)."""
    app = booted.boot()
    _known(app, owner)
    with app.app_context():
        drift = booted.host_of(app).migrations.check(owner)
    for name, differences in drift.items():
        for one in differences:
            click.echo(f"{name}: {one}")
    if drift:
        sys.exit(1)
    click.echo("Models and migrations agree.")


@db.command(epilog='\b\nExample:\n  kith db revision sales -m "deals have a currency"')
@click.argument("owner", default="core")
@click.option("-m", "--message", required=True, help="What changes, in a few words.")
def revision(owner: str, message: str) -> None:
    """Write the next migration of the core or a plugin from its models (for developers)."""
    app = booted.boot()
    with app.app_context():
        click.echo(
            f"Written: {booted.host_of(app).migrations.revision(owner, message)}. Read it before you keep it."
        )


def _known(app: Flask, owner: str) -> None:
    """Raise click.ClickException, with those there are, unless the owner has migrations or none is given."""
    owners = [line.owner for line in booted.host_of(app).lineages()]
    if owner and owner not in owners:
        raise click.ClickException(f"“{owner}” has no migrations. Those who have: {', '.join(owners)}.")
