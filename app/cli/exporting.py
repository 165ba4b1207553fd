"""`kith export`: the records of a list as a file or to the standard output."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from app.cli import booted, whole
from app.cli.importing import owner

FORMATS = ("csv", "xlsx", "vcard", "jsonl")
MARKS = {"comma": ",", "semicolon": ";", "tab": "\t"}


@click.command(
    epilog="\b\nExamples:\n  kith export contact > people.csv\n"
    "  kith export company --format xlsx --output companies.xlsx\n"
    "  kith export contact --format vcard --filter 'tag = fair' --as ana@example.org\n"
    "  kith export --all everything.zip"
)
@click.argument("entity", default="")
@click.option("--format", "kind", type=click.Choice(FORMATS), default="csv", show_default=True)
@click.option("--filter", "where", default="", help="Only the records of which this expression is true.")
@click.option(
    "--fields", default="", help="Names of fields, separated by commas; else all that may be exported."
)
@click.option("--delimiter", type=click.Choice(sorted(MARKS)), default="comma", show_default=True)
@click.option("--bom", is_flag=True, help="Mark a CSV file as UTF-8, for Excel.")
@click.option(
    "--as", "email", help="E-mail address of the user whose rights hold; else the first administrator."
)
@click.option(
    "--output", type=click.Path(path_type=Path, dir_okay=False), help="A file; else the standard output."
)
@whole.option(
    "A new folder, or a new file that ends in .zip, for everything that Kith knows (docs/export.md)."
)
def export(entity: str, kind: Any, where: str, email: str | None, output: Path | None, **more: Any) -> None:
    """Export the records of ENTITY (contact, company, task ...) as somebody may see them, or all there is."""
    if whole.instead(entity, more["everything"]):
        whole.export(more["everything"])
        return
    from app.services import context, exporting
    from app.services.bulk_choice import Chosen

    app = booted.boot()
    booted.ready(app)
    with booted.acting(app, "kith export") as system:
        ctx = context.for_user(owner(system, email), source="cli")
        pairs = [("where", where)] if where else []
        wanted = exporting.Wanted(
            entity=entity,
            format=kind,
            chosen=Chosen.of((), pairs, every=True),
            columns=tuple(filter(None, (word.strip() for word in more["fields"].split(",")))),
            delimiter=MARKS[more["delimiter"]],
            bom=more["bom"],
        )
        exporting.require(ctx, wanted)
        exporting.noted(ctx, wanted)
        write(ctx, wanted, output)


def write(ctx: Any, wanted: Any, output: Path | None) -> None:
    """Write the export to a file, or to the standard output."""
    from app.services import exporting

    stream = output.open("wb") if output is not None else sys.stdout.buffer
    try:
        if wanted.format == "xlsx":
            with exporting.workbook(ctx, wanted) as made:
                while piece := made.read(1 << 16):
                    stream.write(piece)
        else:
            for text in exporting.text(ctx, wanted):
                stream.write(text.encode())
        stream.flush()
    finally:
        if output is not None:
            stream.close()
