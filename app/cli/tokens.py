"""`kith tokens`: by which tokens programs come in, for an administrator at the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from app.cli import booted

if TYPE_CHECKING:
    from app.services.context import HouseContext


@click.group(epilog="\b\nExample:\n  kith tokens list")
def tokens() -> None:
    """Tokens of the API: list, add, revoke."""


@tokens.command("list", epilog="\b\nExample:\n  kith tokens list")
def list_() -> None:
    """List the tokens of all accounts, the latest first."""
    from app.services import api_tokens

    app = booted.boot()
    booted.ready(app)
    with booted.acting(app, "kith tokens list") as ctx:
        for token, name in api_tokens.every(ctx, limit=500):
            over = token.expires_at is not None and token.expires_at <= ctx.now
            state = "revoked" if token.revoked_at else "over" if over else "valid"
            used = f"{token.used_at:%Y-%m-%d %H:%M}" if token.used_at else "never used"
            click.echo(
                f"{token.id:6} …{token.hint} {token.name:28} {name:24} {state:8} {used:16} {token.scopes}"
            )


@tokens.command(
    epilog="\b\nExample:\n  kith tokens add 'Website form' --user web@example.org --scope contact:write --days 365"
)
@click.argument("name")
@click.option("--user", "email", required=True, help="E-mail address of the account that the token acts as.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    default=["read"],
    show_default=True,
    help="read, write, or of a kind of record like contact:write; may be repeated.",
)
@click.option(
    "--days", type=click.IntRange(1), default=None, help="For how long; without it until it is revoked."
)
def add(name: str, email: str, scopes: tuple[str, ...], days: int | None) -> None:
    """Make a service token and show it, this once."""
    from app.services import api_tokens
    from app.services.api_tokens import SERVICE, Wanted

    app = booted.boot()
    booted.ready(app)
    with booted.acting(app, "kith tokens add") as ctx:
        wanted = Wanted(name=name, scopes=scopes, days=days, kind=SERVICE)
        _made, text = api_tokens.create(ctx, _user(ctx, email), wanted)
        click.echo(text)


@tokens.command(epilog="\b\nExample:\n  kith tokens revoke 12")
@click.argument("token_id", type=click.IntRange(1))
def revoke(token_id: int) -> None:
    """End a token at once; its number is in the list."""
    from app.services import api_tokens

    app = booted.boot()
    booted.ready(app)
    with booted.acting(app, "kith tokens revoke") as ctx:
        click.echo(f"“{api_tokens.revoke(ctx, token_id).name}” is revoked.")


def _user(ctx: HouseContext, email: str) -> int:
    from sqlalchemy import select

    from app.models import User

    found = ctx.session.scalar(select(User.id).where(User.email == email.strip().lower()))
    if found is None:
        raise click.ClickException(f"There is no user {email}. `kith users list` shows all.")
    return found
