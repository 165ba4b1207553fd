"""`kith import`: address books and tables from files."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app.cli import booted, whole

if TYPE_CHECKING:
    from app.services.context import HouseContext
    from app.services.importing import Report


@click.command(
    "import",
    epilog="\b\nExamples:\n  kith import contacts.vcf --dry-run\n"
    "  kith import people.csv --as ana@example.org --duplicates update\n"
    "  kith import firms.xlsx --entity company --sheet Customers\n"
    "  kith import deals.csv --entity sales.deal --system hubspot --match uid --field amount=overwrite\n"
    "  kith import --all everything.zip   # into an empty Kith",
)
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, exists=True, dir_okay=False))
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
@click.option(
    "--entity",
    default="",
    help="What the files hold: company, task ...; else what their profile says, or contacts.",
)
@click.option(
    "--profile",
    default="",
    help="Read them as an export of another system (hubspot.contact, say: docs/import-profiles.md); none: as they stand."
    " Else as what they look like.",
)
@click.option(
    "--match",
    "matches",
    type=click.Choice(["uid", "email", "phone", "name"]),
    multiple=True,
    help="By what records are known again (name: with company); may be given several times. Else by whatever convinces.",
)
@click.option(
    "--system",
    default="",
    help="Where the identifiers in the file come from (hubspot, say): by them records find one another again.",
)
@click.option(
    "--field",
    "policies",
    multiple=True,
    metavar="FIELD=POLICY",
    help="What becomes of one field of what is there already: keep, overwrite, fill or append. May be repeated.",
)
@click.option("--sheet", default="", help="The sheet of a workbook; else the first that holds anything.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
@whole.option("An export of everything, taken into an empty Kith whole or not at all (docs/export.md).")
def import_(
    files: tuple[Path, ...],
    email: str | None,
    duplicates: str,
    dry_run: bool,
    matches: tuple[str, ...],
    policies: tuple[str, ...],
    **more: Any,
) -> None:
    """Import address books (vCard 2.1 to 4.0, LDIF, jCard, xCard), tables (CSV, XLSX, ODS, JSON, JSON Lines), and zips
    with several of them that belong together.

    Exit code 1 when rows failed.
    """
    everything = more.pop("everything")
    if whole.instead(files, everything):
        whole.import_(everything)
        return
    from app.kernel.errors import Invalid
    from app.services import context

    app = booted.boot()
    booted.ready(app)
    booted.warm()
    failed = 0
    more |= {"match": ",".join(matches), "policies": _policies(policies)}
    with booted.acting(app, "kith import") as system:
        ctx = context.for_user(owner(system, email), source="import")
        for file in files:
            try:
                chosen = {name: value for name, value in more.items() if value}
                for name, done in _imported(ctx, file, duplicates, dry_run, chosen):
                    tell(name, done)
                    failed += done.failed
            except Invalid as error:
                raise click.ClickException(f"{file}: {' '.join(error.problems.values())}") from error
    if failed:
        sys.exit(1)


def _imported(
    ctx: HouseContext, file: Path, duplicates: str, dry_run: bool, more: dict[str, Any]
) -> Iterator[tuple[Path, Report]]:
    """Import a file, or the files of a zip one after another, and yield what became of each."""
    from app.formats import zip_files
    from app.formats.source import Source
    from app.services import import_bundle, importing

    if not zip_files.is_zip(Source(path=file)):
        yield file, importing.import_file(ctx, file, duplicates=duplicates, dry_run=dry_run, **more)
        return
    if dry_run:
        raise click.ClickException(f"{file}: the files of a zip need one another and cannot be tried out.")
    kept = {name: more[name] for name in ("match", "system") if name in more}
    for name, done in import_bundle.import_zip(ctx, file, duplicates, **kept):
        yield file / name, done


def _policies(given: tuple[str, ...]) -> dict[str, str]:
    """Return field → policy of `--field` options. Raises click.BadParameter for what is none."""
    found = dict(one.partition("=")[::2] for one in given)
    for name, policy in found.items():
        if policy not in ("keep", "overwrite", "fill", "append"):
            raise click.BadParameter(f"{name}: choose keep, overwrite, fill or append", param_hint="--field")
    return found


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
