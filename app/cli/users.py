"""`kith users`: who may sign in, for an administrator at the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from app.cli import booted

if TYPE_CHECKING:
    from app.services.accounts import Account
    from app.services.context import HouseContext


@click.group(epilog="\b\nExample:\n  kith users list")
def users() -> None:
    """Users: list, add, reset a password, deactivate."""


@users.command("list", epilog="\b\nExample:\n  kith users list")
def list_() -> None:
    """List all users with their roles."""
    from app.services import accounts

    app = booted.boot()
    booted.ready(app)
    with booted.acting(app, "kith users list") as ctx:
        for one in accounts.listed(ctx):
            click.echo(f"{one.email:32} {one.name:24} {one.state:12} {', '.join(one.roles)}")


@users.command(
    epilog="\b\nExample:\n  kith users add rui@example.org --name 'Rui Faria' --role representative --team north"
)
@click.argument("email")
@click.option("--name", required=True, help="Full name.")
@click.option(
    "--role", "roles", multiple=True, default=["representative"], show_default=True, help="May be repeated."
)
@click.option("--team", help="The team's name.")
@click.option("--password", is_flag=True, help="Ask for a password instead of making an invitation.")
def add(email: str, name: str, roles: tuple[str, ...], team: str | None, password: bool) -> None:
    """Add a user and show the invitation by which the user sets a password."""
    from app.services import accounts

    app = booted.boot()
    booted.ready(app)
    with booted.acting(app, "kith users add") as ctx:
        if password:
            typed = click.prompt("Password", hide_input=True, confirmation_prompt=True)
            accounts.create_user(ctx, name, email, typed, roles, team)
            click.echo(f"{email} can sign in.")
            return
        url = accounts.invite(ctx, name, email, roles, team)
        click.echo(
            f"{email} is invited. The mail is on its way; this link does the same for seven days:\n{url}"
        )


@users.command("reset-password", epilog="\b\nExample:\n  kith users reset-password rui@example.org --link")
@click.argument("email")
@click.option(
    "--link", is_flag=True, help="Show a link by which the user sets a password, good for 30 minutes."
)
def reset_password(email: str, link: bool) -> None:
    """Set a user's password; all sessions of the user end."""
    from app.models import User
    from app.services import credentials

    app = booted.boot()
    booted.ready(app)
    with booted.acting(app, "kith users reset-password") as ctx:
        user_id = _find(ctx, email).id
        if link:
            with ctx.unit():
                url = credentials.send_reset(ctx, ctx.session.get_one(User, user_id))
            click.echo(url)
            return
        typed = click.prompt("New password", hide_input=True, confirmation_prompt=True)
        credentials.set_password(ctx, user_id, typed)
    click.echo(f"The password of {email} is changed.")


@users.command(epilog="\b\nExample:\n  kith users deactivate rui@example.org --hand-over-to ana@example.org")
@click.argument("email")
@click.option("--hand-over-to", "heir", help="E-mail address of the user who gets the records.")
def deactivate(email: str, heir: str | None) -> None:
    """End a user's access at once, and hand the records over."""
    from app.services import accounts

    app = booted.boot()
    booted.ready(app)
    with booted.acting(app, "kith users deactivate") as ctx:
        to = _find(ctx, heir).id if heir else None
        given = accounts.deactivate(ctx, _find(ctx, email).id, to)
    click.echo(
        f"{email} is deactivated." + (f" {sum(given.values())} records went to {heir}." if heir else "")
    )


def _find(ctx: HouseContext, email: str) -> Account:
    from app.services import accounts

    wanted = email.strip().casefold()
    found = [one for one in accounts.listed(ctx) if one.email.casefold() == wanted]
    if not found:
        raise click.ClickException(f"There is no user {email}. “kith users list” shows who there is.")
    return found[0]
