"""`kith plugins`: what there is and what it is now, switching it on and off, and what is wrong with it."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

import click

from app.cli.booted import acting, boot, host_of, ready
from app.cli.plugins_new import new

if TYPE_CHECKING:
    from app.host.host import Host
    from app.host.states import Status


@click.group(epilog="\b\nExample:\n  kith plugins enable gifts")
def plugins() -> None:
    """Plugins: what there is, on, off, and what is wrong."""


@plugins.command("list", epilog="\b\nExample:\n  kith plugins list")
def list_() -> None:
    """List all plugins with their state."""
    app = boot()
    ready(app)
    with acting(app, "kith plugins list"):
        found = host_of(app).states.all()
        for status in found:
            click.echo(f"{status.name:20} {status.state:16} {status.version:10} {status.summary}")
            if status.problem:
                click.echo(f"{'':20} {status.problem}")
        if not found:
            click.echo("There are no plugins. Put one into the folder plugins/, or install its package.")


@plugins.command(epilog="\b\nExample:\n  kith plugins show gifts")
@click.argument("name")
def show(name: str) -> None:
    """Show everything about one plugin: what it contributes, needs and warns of."""
    app = boot()
    ready(app)
    with acting(app, "kith plugins show"):
        host = host_of(app)
        _about(host.states.status(name))
        _contributions(host, name)
        _pending(host, name)


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


def _about(status: Status) -> None:
    rows = {
        "plugin": f"{status.label} ({status.name})",
        "state": status.state,
        "problem": status.problem,
        "summary": status.summary,
        "version": status.version,
        "from": status.origin,
        "requires": ", ".join(status.requires),
        "tables": ", ".join(status.tables),
    }
    for key, value in rows.items():
        if value:
            click.echo(f"{key:10} {value}")
    for warning in status.warnings:
        click.echo(f"{'remark':10} {warning}")


def _contributions(host: Host, name: str) -> None:
    from app.kernel.guard import times

    for item in host.contributions(name):
        click.echo(f"{'declares':10} {type(item).__name__} {item.key}  {item.label}".rstrip())
    for (surface, item_name), seconds in times(name).items():
        click.echo(
            f"{'took':10} {surface.title} {item_name}: {median(seconds) * 1000:.1f} ms, {len(seconds)} calls"
        )


def _pending(host: Host, name: str) -> None:
    waiting = host.migrations.pending().get(name, ())
    if waiting:
        click.echo(f"{'pending':10} migrations {', '.join(waiting)}")
