"""`kith secrets`: the secrets that plugins keep in their settings, and a new key for them. Never the secrets themselves."""

from __future__ import annotations

import click

from app.cli.booted import acting, boot, ready


@click.group(epilog="\b\nExamples:\n  kith secrets list\n  kith secrets rotate")
def secrets() -> None:
    """Secrets of plugins: list them, seal them under a new key."""


@secrets.command("list", epilog="\b\nExample:\n  kith secrets list")
def list_() -> None:
    """List which secrets are stored and whether each can be opened here. Ends with 1 when one cannot."""
    from app.house import house
    from app.services import secrets as service
    from app.services import secrets_rotation

    app = boot()
    ready(app)
    with acting(app, "kith secrets list") as ctx:
        found = secrets_rotation.every(ctx)
        click.echo(f"Keys: {service.path(house().config)}")
    for one in found:
        whose = f"user {one.user_id}" if one.user_id else "site"
        click.echo(f"{f'{one.owner}.{one.key}':40} {whose:10} {'ok' if one.opens else 'cannot be opened'}")
    if not found:
        click.echo("No secrets are stored.")
    if not all(one.opens for one in found):
        raise SystemExit(1)


@secrets.command(epilog="\b\nExample:\n  kith secrets rotate --forget")
@click.option(
    "--forget", is_flag=True, help="Drop the former keys: older backups then come without their secrets."
)
def rotate(forget: bool) -> None:
    """Make a new key and seal every secret under it, while Kith runs."""
    from app.services import secrets_rotation

    app = boot()
    ready(app)
    with acting(app, "kith secrets rotate") as ctx:
        count = secrets_rotation.rotate(ctx, forget=forget)
    kept = (
        "The former keys are forgotten." if forget else "The former key is kept, so that older backups open."
    )
    click.echo(f"Secrets sealed under a new key: {count}. {kept}")
