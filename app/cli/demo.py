"""`kith demo`: Kith with made-up data, from nothing, in one command."""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from app.cli import booted, serve

if TYPE_CHECKING:
    from flask import Flask

    from app.demo.build import Login
    from app.kernel.context import Context

PLUGINS = frozenset({"sales"})
"""Bundled plugins that the demonstration shows."""

LOOPBACK = {"127.0.0.1", "localhost", "::1"}


@click.command(epilog="\b\nExamples:\n  kith demo\n  PORT=8080 kith demo\n  kith demo --clear")
@click.option(
    "--clear", "clearing", is_flag=True, help="Remove the demo data and its users; keep everything else."
)
@click.option("--host", help="Address to listen on (HOST). Other than the loopback: random passwords.")
@click.option("--port", type=int, help="Port to listen on, 0 for a free one (PORT).")
def demo(clearing: bool, host: str | None, port: int | None) -> None:
    """Try Kith: makes demo data at the first start, shows the logins, and serves. Later starts keep all data."""
    overrides: dict[str, Any] = {"host": host, "port": port}
    overrides |= {} if "KITH_ENV" in os.environ or "KITH_CONFIG" in os.environ else {"env": "demo"}
    app = booted.boot(**{key: value for key, value in overrides.items() if value is not None})
    if clearing:
        clear(app)
        return
    booted.upgrade(app)
    logins = build(app)
    serve.run(app, greet=lambda address: show(address, logins))


def build(app: Flask) -> Sequence[Login]:
    """Make the demo data in an empty house and return the logins; in one that has users, those that still work."""
    from app.demo import build as building
    from app.demo import words
    from app.house import house
    from app.services import accounts

    public = house(app).config.host not in LOOPBACK
    password = "-".join(secrets.token_hex(2) for _part in range(4)) if public else words.PASSWORD
    with booted.acting(app, "kith demo") as ctx:
        made = building.build(ctx, password=password, say=lambda text: click.echo(f"{text} ...", err=True))
        if made:
            _enable(app, ctx)
        here = {one.email for one in accounts.listed(ctx) if one.state == "active"}
    if made:
        with booted.acting(app, "kith demo of plugins") as ctx:
            _build_plugins(app, ctx)
        return made
    return [
        building.Login(email=email, password="" if public else password, role=role)
        for _name, email, role, _team in words.USERS
        if email in here
    ]


def _enable(app: Flask, ctx: Context) -> None:
    """Enable the plugins that the demonstration shows, as far as they are there and can run."""
    states = booted.host_of(app).states
    for status in states.all():
        if status.name in PLUGINS and status.state in ("disabled", "discovered"):
            states.enable(ctx, status.name, with_required=True)


def _build_plugins(app: Flask, ctx: Context) -> None:
    click.echo("Adding what plugins show ...", err=True)
    ctx.source = "demo"  # so that it can be taken out again
    for name in booted.host_of(app).demo(ctx, ctx):
        click.echo(f"kith: the plugin {name} could not make its demo data; the log says why.", err=True)


def show(address: str, logins: Sequence[Login]) -> None:
    """Print the address and the logins."""
    click.echo(f"\nKith is running on {address}\n")
    for one in logins:
        password = one.password or "(as shown at the first start; “kith users reset-password” sets another)"
        click.echo(f"  {one.role:16} {one.email:28} {password}")
    click.echo("\nCtrl-C stops it; the data stay.")


def clear(app: Flask) -> None:
    """Remove the demo data, after a backup."""
    from app.demo.clear import clear as remove
    from app.house import house
    from app.services import backups

    booted.ready(app)
    with booted.acting(app, "kith demo --clear") as ctx:
        made = backups.make(house().config, label="before-clear")
        gone = remove(ctx)
    words = ", ".join(f"{count} × {entity}" for entity, count in gone.items()) or "no records"
    click.echo(f"Removed: {words}. A backup from before is in {made}.")
