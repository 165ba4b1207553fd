"""`kith db`: the migrations of the core and of every plugin."""

from __future__ import annotations

import sys

import click

from app.cli import booted


@click.group(epilog="\b\nExample:\n  kith db current")
def db() -> None:
    """Database: bring it up to date, and see where it is."""


@db.command(epilog="\b\nExample:\n  kith db upgrade")
@click.option(
    "--backup/--no-backup", default=True, help="Take a backup first, if there is something to lose."
)
def upgrade(backup: bool) -> None:
    """Run all pending migrations, after a backup."""
    app = booted.boot()
    before = booted.pending(app)
    booted.upgrade(app, backup=backup)
    click.echo("The database is up to date." if not booted.pending(app) else "Some migrations failed.")
    if before and booted.pending(app):
        sys.exit(1)


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
def check() -> None:
    """Compare the models with what the migrations made (for developers)."""
    app = booted.boot()
    with app.app_context():
        drift = booted.host_of(app).migrations.check()
    for owner, differences in drift.items():
        for one in differences:
            click.echo(f"{owner}: {one}")
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
