"""`kith import`: address books and tables from files."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.cli import booted

if TYPE_CHECKING:
    from app.services.context import HouseContext
    from app.services.importing import Report


@click.command(
    "import",
    epilog="\b\nExamples:\n  kith import contacts.vcf --dry-run\n"
    "  kith import people.csv --as ana@example.org --duplicates update\n"
    "  kith import firms.xlsx --entity company --sheet Customers",
)
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False)
)
@click.option(
    "--as", "email", help="E-mail address of the user who gets the records; else the first administrator."
)
@click.option(
    "--duplicates",
    type=click.Choice(["skip", "update", "replace", "create"]),
    default="skip",
    show_default=True,
    help="What to do with people who are there already.",
)
@click.option("--entity", default="contact", show_default=True, help="What the files hold: company, task ...")
@click.option(
    "--match",
    type=click.Choice(["uid", "email", "phone", "name"]),
    help="By what alone records are known again; else by whatever convinces.",
)
@click.option("--sheet", default="", help="The sheet of a workbook; else the first that holds anything.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
def import_(files: tuple[Path, ...], email: str | None, duplicates: str, dry_run: bool, **more: str) -> None:
    """Import address books (vCard 2.1 to 4.0, LDIF, jCard, xCard) and tables (CSV, XLSX, ODS, JSON Lines).

    Exit code 1 when rows failed.
    """
    from app.services import context, importing

    app = booted.boot()
    booted.ready(app)
    failed = 0
    with booted.acting(app, "kith import") as system:
        ctx = context.for_user(owner(system, email), source="import")
        for file in files:
            done = importing.import_file(
                ctx,
                file,
                duplicates=duplicates,
                dry_run=dry_run,
                **{name: value for name, value in more.items() if value},
            )
            tell(file, done)
            failed += done.failed
    if failed:
        sys.exit(1)


def owner(ctx: HouseContext, email: str | None) -> int:
    """Return the user for whom is imported. Raises click.ClickException when there is nobody."""
    from app.services import accounts, grants

    found = [one for one in accounts.listed(ctx) if one.state == "active"]
    if email is not None:
        found = [one for one in found if one.email.casefold() == email.strip().casefold()]
    else:
        found = [one for one in found if grants.ADMINISTRATOR in one.roles]
    if not found:
        missing = (
            f"There is no active user {email}."
            if email
            else "There is no administrator yet. Run “kith init”."
        )
        raise click.ClickException(missing)
    return min(one.id for one in found)


def tell(file: Path, done: Report) -> None:
    """Print what was read and done, and every row that needs a look."""
    words = "would be " if done.dry else ""
    click.echo(
        f"{file}: {done.format}, {words}{done.created} created, {done.updated} updated, {done.skipped} skipped, "
        f"{done.failed} failed, {done.companies} companies"
    )
    for number, row, sentence in done.lines:
        click.echo(f"  {number}: {sentence} {row}".rstrip())
