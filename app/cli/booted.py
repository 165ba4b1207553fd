"""What commands share: the booted application, its database brought up to date, and a context that acts for it."""

from __future__ import annotations

import gc
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


def warm() -> None:
    """Take what the start has left in memory out of the garbage collector's sight, before a long run.

    It stays anyway, and looking through all of it again and again stops every thread for a fifth of a second.
    """
    gc.collect()
    gc.freeze()


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
        return dict(host_of(app).pending())


def upgrade(app: Flask, owner: str = "", *, backup: bool = True) -> None:
    """Run what is pending (of the core and an `owner`, if given), after a backup if there is something to lose.

    What an earlier start could not finish is finished. Raises KithError with a sentence.
    """
    waiting = pending(app)
    if owner:
        with app.app_context():
            steps = host_of(app).migrations.pending()
        waiting = {name: steps[name] for name in ("core", owner) if name in steps}
    if not waiting:
        with app.app_context():
            host_of(app).settle()
        return
    with app.app_context():
        host = host_of(app)
        if backup and any(host.migrations.current().values()):
            back_up(app, "before-upgrade")
        click.echo(f"Upgrading the database: {', '.join(waiting)} ...", err=True)
        for step in host.upgrade([owner] if owner else ()):
            if step.error:
                click.echo(f"kith: {step.owner}: {step.error}", err=True)


def back_up(app: Flask, label: str) -> None:
    """Take a backup and say where it is. Raises KithError with a sentence."""
    from app.house import house
    from app.services import backups

    with app.app_context():
        click.echo("Taking a backup ...", err=True)
        click.echo(f"Backup: {backups.make(house().config, label=label)}", err=True)


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
