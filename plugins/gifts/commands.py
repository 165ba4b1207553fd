"""Commands at the terminal, below `kith gifts`."""

from __future__ import annotations

import click

from app.sdk.services import as_house

from . import gifts


@click.command()
@click.argument("year", type=click.IntRange(1900, 2999))
def given(year: int) -> None:
    """Count the gifts that were given in a year."""
    with as_house("kith gifts given") as ctx:
        click.echo(f"{year}: {gifts.given_in(ctx, year)}")


ALL = (given,)
