"""`kith doctor`: looks at everything, and says for each problem what to do."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from app.cli import booted

if TYPE_CHECKING:
    from flask import Flask

    from app.config import Config
    from app.services.health import Finding

MARKS = {"ok": "ok  ", "warn": "warn", "fail": "FAIL"}


@click.command(epilog="\b\nExample:\n  kith doctor || mail -s 'Kith needs you' admin@example.org")
def doctor() -> None:
    """Check settings, database, files, disk, queue, backups and plugins. Exit code 1 when something fails."""
    app = booted.boot()
    found = list(findings(app))
    for one in found:
        click.echo(f"{MARKS[one.state]}  {one.label}{': ' + one.message if one.message else ''}")
    if any(one.state == "fail" for one in found):
        sys.exit(1)


def findings(app: Flask) -> Iterator[Finding]:
    """Yield what was found, the settings first; what needs tables is asked only when they are there."""
    from app.house import house
    from app.services import health

    yield from _settings(house(app).config)
    waiting = booted.pending(app)
    yield health.Finding.of("migrations", "Migrations", health.migrated(waiting))
    if "core" in waiting:
        return
    with booted.acting(app, "kith doctor") as ctx:
        yield health.Finding.of("write", "Writing", health.writable(ctx))
        yield from health.run_all(ctx)
        yield from _plugins(app)
        yield health.Finding.of("files", "Files", health.files(ctx))


def _settings(config: Config) -> Iterator[Finding]:
    from app.kernel.contributions import Health
    from app.services.health import Finding

    said = []
    if config.env == "production" and not config.base_url:
        said.append("KITH_BASE_URL is not set: links in mails will not work.")
    if config.env == "production" and not config.https:
        said.append(
            "Without HTTPS, passwords travel in clear text. Set KITH_BASE_URL to your https:// address."
        )
    if os.stat(config.data).st_mode & 0o077:
        said.append(f"Others can read {config.data}. Run “chmod 700 {config.data}”.")
    if config.sqlite_synchronous != "FULL" and not config.database_url:
        said.append("KITH_SQLITE_SYNCHRONOUS is not FULL: a power cut may lose the last changes.")
    yield Finding.of("settings", "Settings", Health(state="warn" if said else "ok", message=" ".join(said)))


def _plugins(app: Flask) -> Iterator[Finding]:
    from app.kernel.contributions import Health
    from app.services.health import Finding

    for sentence in booted.host_of(app).broken():
        yield Finding.of("plugin", "Plugin", Health(state="fail", message=sentence))
