"""`kith serve` and `kith worker`: the processes that run for long, and how they begin and end."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING, Any

import click

from app.cli import arenas, booted

if TYPE_CHECKING:
    from flask import Flask

STOP_S = 25.0


@click.command(epilog="\b\nExample:\n  PORT=8080 kith serve")
@click.option("--host", help="Address to listen on (HOST, KITH_HOST).")
@click.option("--port", type=int, help="Port to listen on, 0 for a free one (PORT, KITH_PORT).")
@click.option("--safe-mode", is_flag=True, help="Start without any plugin.")
@click.option("--reload", is_flag=True, help="For authors: start anew whenever code or templates change.")
def serve(host: str | None, port: int | None, safe_mode: bool, reload: bool) -> None:
    """Serve Kith until it is asked to stop (SIGTERM, Ctrl-C).

    Pending migrations run first, after a backup. On SIGTERM no new request is taken, those that are being answered are
    finished within 25 seconds, and the exit code is 0.
    """
    overrides: dict[str, Any] = {"host": host, "port": port, "safe_mode": safe_mode or None}
    if reload:
        from app.cli.reload import serve as follow
        from app.config import load

        given = {"--host": host, "--port": port}
        arguments = [str(part) for pair in given.items() if pair[1] is not None for part in pair]
        raise SystemExit(follow(load(), [*arguments, *(["--safe-mode"] if safe_mode else [])]))
    run(booted.boot(**{key: value for key, value in overrides.items() if value is not None}))


def run(app: Flask, *, greet: Callable[[str], None] | None = None) -> None:
    """Bring the database up to date and serve; `greet` is told the address in place of the usual line."""
    from app.cli.server import Server
    from app.house import house
    from app.services import restoring

    kith = house(app)
    arenas.share()
    with restoring.in_use(kith.config):
        booted.upgrade(app)
        server = Server(app, kith.config)
        on_stop(server.stop)
        booted.warm()
        if kith.config.worker:
            kith.worker.start()
        (greet or _greet)(server.address)
        _tell_setup(app, server.address)
        server.run()
        wind_down(app, STOP_S)


@click.command(epilog="\b\nExample:\n  KITH_WORKER=0 kith serve &   # serves only\n  kith worker")
def worker() -> None:
    """Do background work (mails, imports, schedules) in a process of its own, until it is asked to stop.

    `kith serve` does it too unless KITH_WORKER=0; several at once share the work.
    """
    from app.house import house
    from app.services import restoring

    app = booted.boot()
    kith = house(app)
    arenas.share()
    with restoring.in_use(kith.config):
        booted.upgrade(app)
        stopped = threading.Event()
        on_stop(stopped.set)
        booted.warm()
        kith.worker.start()
        click.echo("Kith works in the background.")
        stopped.wait()
        wind_down(app, STOP_S)


def on_stop(call: Callable[[], None]) -> None:
    """Call something on SIGTERM and Ctrl-C; who asks twice does not want to wait."""
    asked: list[int] = []

    def stop(number: int, frame: object) -> None:
        asked.append(number)
        if len(asked) > 1:
            raise SystemExit(1)
        call()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)


def wind_down(app: Flask, seconds: float) -> None:
    """Let running jobs end, then fold SQLite's log into its file, so that the file alone is everything."""
    from sqlalchemy import text
    from sqlalchemy.exc import SQLAlchemyError

    from app.extensions import db
    from app.house import house

    end = monotonic() + seconds
    house(app).worker.stop(max(1.0, end - monotonic()))
    with app.app_context():
        engine = db.engine
        if engine.dialect.name == "sqlite":
            try:
                with engine.connect() as connection:
                    connection.execution_options(isolation_level="AUTOCOMMIT")
                    connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
            except SQLAlchemyError as error:
                click.echo(f"kith: the log of SQLite stays beside its file: {error}", err=True)
        engine.dispose()
    click.echo("Kith has stopped.")


def _greet(address: str) -> None:
    click.echo(f"Kith is running on {address}")


def _tell_setup(app: Flask, address: str) -> None:
    """Without a user the set-up page is open to whoever has the token; it is shown here and nowhere else."""
    from app.house import house
    from app.services import accounts

    with booted.acting(app, "first start") as ctx:
        if not accounts.exists_any(ctx):
            base = house().config.base_url.rstrip("/") or address
            click.echo(
                f"Nobody can sign in yet. Open {base}/setup and enter this token: {accounts.setup_token()}"
            )
