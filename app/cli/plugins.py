"""`kith plugins`: what there is and what it is now, switching it on and off, and what is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from app.cli.booted import acting, back_up, boot, host_of, ready
from app.cli.plugins_new import new
from app.cli.plugins_shown import listed, shown

if TYPE_CHECKING:
    from app.host.switching import Removed


@click.group(epilog="\b\nExample:\n  kith plugins enable gifts")
def plugins() -> None:
    """Plugins: what there is, on, off, and what is wrong."""


@plugins.command("list", epilog="\b\nExample:\n  kith plugins list")
def list_() -> None:
    """List all plugins with their state."""
    app = boot()
    ready(app)
    with acting(app, "kith plugins list") as ctx:
        listed(ctx, host_of(app))


@plugins.command(epilog="\b\nExample:\n  kith plugins show gifts")
@click.argument("name")
def show(name: str) -> None:
    """Show everything about one plugin: what it contributes, needs and warns of."""
    app = boot()
    ready(app)
    with acting(app, "kith plugins show") as ctx:
        shown(ctx, host_of(app), name)


@plugins.command(epilog="\b\nExample:\n  kith plugins enable gifts")
@click.argument("name")
@click.option("--with-required", is_flag=True, help="Enable the plugins that it needs first.")
def enable(name: str, with_required: bool) -> None:
    """Enable a plugin: makes its tables, then it takes effect at once."""
    app = boot()
    ready(app)
    with acting(app, f"kith plugins enable {name}") as ctx:
        status = host_of(app).states.enable(ctx, name, with_required=with_required)
    click.echo(f"{status.label} is enabled.")
    if status.problem:
        click.echo(status.problem, err=True)


@plugins.command(epilog="\b\nExample:\n  kith plugins disable gifts")
@click.argument("name")
@click.option("--with-dependants", is_flag=True, help="Disable the plugins that need it first.")
def disable(name: str, with_dependants: bool) -> None:
    """Disable a plugin: nothing of it is shown any more; its data stays."""
    app = boot()
    ready(app)
    with acting(app, f"kith plugins disable {name}") as ctx:
        gone = host_of(app).states.disable(ctx, name, with_dependants=with_dependants)
    click.echo(f"Disabled: {', '.join(gone)}. The data is kept.")


@plugins.command(epilog="\b\nExample:\n  kith plugins remove gifts --data")
@click.argument("name")
@click.option("--data", is_flag=True, help="Take its data away too: tables, settings, rights, views, jobs.")
@click.option("--with-dependants", is_flag=True, help="Disable the plugins that need it first.")
@click.option("--backup/--no-backup", default=True, help="Take a backup first.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def remove(name: str, data: bool, with_dependants: bool, backup: bool, yes: bool) -> None:
    """Remove a plugin: disable it, and with --data take away all that it has stored. Works without its code, too."""
    app = boot()
    ready(app)
    with acting(app, f"kith plugins remove {name}") as ctx:
        states = host_of(app).states
        status = states.status(name)
        if data and not yes:
            click.confirm(f"Take away all data of “{status.label}” for good?", abort=True)
        if data and backup:
            back_up(app, f"before-removal-of-{name}")
        if states.is_chosen(name):
            gone = states.disable(ctx, name, with_dependants=with_dependants)
            click.echo(f"Disabled: {', '.join(gone)}.")
        if data:
            _took_away(states.remove(ctx, name))
    click.echo(
        "Its data is kept; --data takes it away." if not data else "Nothing of it is left in the database."
    )
    if status.origin:
        click.echo(f"Its code is {status.origin}; delete or uninstall it there, and start Kith anew.")


@plugins.command(epilog="\b\nExample:\n  kith plugins doctor")
def doctor() -> None:
    """Look for what is wrong with plugins, with advice. Ends with 1 when a plugin that should run does not."""
    app = boot()
    ready(app)
    with acting(app, "kith plugins doctor"):
        host = host_of(app)
        broken = host.broken()
        remarks = host.remarks()
    for sentence in [*broken, *remarks]:
        click.echo(f"- {sentence}")
    if broken:
        raise SystemExit(1)
    if not remarks:
        click.echo("Nothing is wrong with the plugins.")


plugins.add_command(new)


def _took_away(removed: Removed) -> None:
    if removed.tables:
        click.echo(f"Tables: {', '.join(removed.tables)}.")
    for table, number in sorted(removed.rows.items()):
        click.echo(f"{table}: {number} rows.")
