"""What commands share: the booted application, its database brought up to date, and a context that acts for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from flask import Flask

    from app.host.host import Host
    from app.services.context import HouseContext


def boot(**overrides: Any) -> Flask:
    """Return the application. Raises ConfigError, OSError or KithError with a sentence."""
    from app import create_app

    return create_app(**overrides)


def host_of(app: Flask) -> Host:
    """Return the plugin host of an application."""
    from app.house import house

    found: Host = house(app).host
    return found


@contextmanager
def acting(app: Flask, reason: str) -> Iterator[HouseContext]:
    """Give a context that may do everything, as the person at the terminal may anyway; the log gets the reason."""
    from app.services import context

    with app.app_context():
        host_of(app).refresh(context.read_epoch(context.session())[0])
        yield context.as_system(reason, source="cli")


def pending(app: Flask) -> dict[str, Sequence[str]]:
    """Return the migrations that are waiting, by owner. Raises NewerDatabase with a sentence."""
    with app.app_context():
        host = host_of(app)
        installed = {
            owner for owner, revision in host.migrations.current().items() if revision or owner == "core"
        }
        return {owner: steps for owner, steps in host.migrations.pending().items() if owner in installed}


def upgrade(app: Flask, *, backup: bool = True) -> None:
    """Run what is pending, after a backup if there is something to lose. Raises KithError with a sentence."""
    from app.house import house
    from app.services import backups

    waiting = pending(app)
    if not waiting:
        return
    with app.app_context():
        host = host_of(app)
        if backup and any(host.migrations.current().values()):
            click.echo("Taking a backup before the upgrade ...", err=True)
            made = backups.make(house().config, label="before-upgrade")
            click.echo(f"Backup: {made}", err=True)
        click.echo(f"Upgrading the database: {', '.join(waiting)} ...", err=True)
        for step in host.upgrade():
            if step.error:
                click.echo(f"kith: {step.owner}: {step.error}", err=True)


def ready(app: Flask) -> None:
    """Refuse to go on with a database that is behind. Raises click.ClickException with what to do."""
    if "core" in pending(app):
        raise click.ClickException("The database is empty or behind. Run “kith db upgrade” first.")


def plugin_group(name: str) -> click.Command | None:
    """Return the commands of a plugin, with the application around them; None when no plugin has any of this name."""
    from app.services import context

    app = boot()
    found = host_of(app).commands().get(name)
    if found is not None:
        click.get_current_context().with_resource(app.app_context())
        host_of(app).refresh(context.read_epoch(context.session())[0])
    return found
