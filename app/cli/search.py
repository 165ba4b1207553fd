"""`kith search`: what the search knows of the records, written anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from app.cli import booted

if TYPE_CHECKING:
    from app.services.context import HouseContext

EXAMPLES = """\b
Examples:
  kith search reindex
  kith search reindex --entity contact
  kith search reindex --entity contact --after 12000"""

TOLD = 5000
"""Records after which a line says how far it is."""


@click.group(epilog=EXAMPLES)
def search() -> None:
    """Search: reindex."""


@search.command(epilog=EXAMPLES)
@click.option("--entity", default="", help="Only records of this kind: contact, company, sales.deal ...")
@click.option(
    "--after",
    default=0,
    type=click.IntRange(0),
    help="With --entity: go on behind the record of this number.",
)
def reindex(entity: str, after: int) -> None:
    """Read all records anew for the search, also while Kith runs.

    Needed only where an upgrade says that more of the records is found than before. It can be stopped at any time.
    """
    from app.services import search_index

    if after and not entity:
        raise click.UsageError("--after needs --entity.")
    app = booted.boot()
    booted.ready(app)
    with booted.acting(app, "kith search reindex") as ctx:
        known = search_index.searched(ctx)
        if entity and entity not in known:
            raise click.UsageError(f"Nothing called “{entity}” is searched. There is: {', '.join(known)}.")
        for name in [entity] if entity else known:
            click.echo(f"{name}: {_read(ctx, name, after)} records read anew")


def _read(ctx: HouseContext, name: str, after: int) -> int:
    """Read the records of a kind anew and return how many; what is done is told as it goes, to go on from there."""
    from app.services import search_index

    count = 0
    for ids in search_index.batches(ctx, name, after=after):
        count += len(ids)
        ctx.session.rollback()
        ctx.session.expunge_all()
        if count % TOLD == 0:
            click.echo(
                f"  {count} done; stopped here, go on with --entity {name} --after {ids[-1]}", err=True
            )
    return count
