"""`kith config export`, `diff` and `apply`: what administrators set up, as text files, from one Kith to another."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.cli import booted

if TYPE_CHECKING:
    from app.services.config_applying import Change

FOLDER = click.argument("folder", type=click.Path(path_type=Path, file_okay=False))


@click.command(epilog="\b\nExample:\n  kith config export setup")
@FOLDER
def export(folder: Path) -> None:
    """Write added fields, own kinds of record, layouts, shared views, roles, stages, kinds and pipelines into FOLDER."""
    from app.services import config_texts

    app = booted.boot()
    booted.ready(app)
    with booted.acting(app, "kith config export") as ctx:
        count = config_texts.write(ctx, folder)
    click.echo(f"{folder}: {count} definitions.")


@click.command(epilog="\b\nExample:\n  kith config diff setup")
@FOLDER
def diff(folder: Path) -> None:
    """Show what applying FOLDER would change. Exit code 1 when something would."""
    from app.services import config_applying

    app = booted.boot()
    booted.ready(app)
    with booted.acting(app, "kith config diff") as ctx:
        changes = config_applying.compare(ctx, folder)
    show(changes)
    if changes:
        sys.exit(1)


@click.command(epilog="\b\nExamples:\n  kith config apply setup\n  kith config apply setup --yes --remove")
@FOLDER
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--remove", "removing", is_flag=True, help="Remove definitions that are not in the files, too.")
def apply(folder: Path, yes: bool, removing: bool) -> None:
    """Make what FOLDER says the definitions in force: shown first, then all of it or nothing."""
    from app.services import config_applying

    app = booted.boot()
    booted.ready(app)
    with booted.acting(app, "kith config apply") as ctx:
        changes = config_applying.compare(ctx, folder)
        show(changes)
        if changes and (yes or click.confirm("Apply this?", abort=True)):
            config_applying.apply(ctx, folder, removing=removing)
            click.echo(f"{len(changes)} definitions changed.")


def show(changes: Sequence[Change]) -> None:
    """Print changes: + added, ~ changed, - removed."""
    for one in changes:
        click.echo(str(one))
    if not changes:
        click.echo("Everything is as the files say.")
