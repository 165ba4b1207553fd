"""`kith init`: the first administrator."""

from __future__ import annotations

import click

from app.cli import booted


@click.command(
    epilog="\b\nExamples:\n  kith init\n"
    "  KITH_INIT_PASSWORD=… kith init --name 'Ana Lima' --email ana@example.org"
)
@click.option("--name", envvar="KITH_INIT_NAME", help="Full name (KITH_INIT_NAME).")
@click.option("--email", envvar="KITH_INIT_EMAIL", help="Address to sign in with (KITH_INIT_EMAIL).")
@click.option(
    "--password", envvar="KITH_INIT_PASSWORD", help="Better in KITH_INIT_PASSWORD, or typed when asked."
)
def init(name: str | None, email: str | None, password: str | None) -> None:
    """Make the tables and the first administrator. Asks for what is not given."""
    from app.services import accounts, grants

    app = booted.boot()
    booted.upgrade(app)
    with booted.acting(app, "kith init") as ctx:
        if accounts.exists_any(ctx):
            raise click.ClickException("There are users already. Add more with “kith users add”.")
        name = name or click.prompt("Your full name")
        email = email or click.prompt("Your e-mail address")
        password = password or click.prompt("A password", hide_input=True, confirmation_prompt=True)
        accounts.create_user(ctx, str(name), str(email), password, [grants.ADMINISTRATOR])
    click.echo(f"{email} can sign in. Start Kith with “kith serve”.")
