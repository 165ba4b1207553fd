"""A PostgreSQL server for the tests: named, running here, or started for this run alone."""

from __future__ import annotations

import contextlib
import glob
import os
import re
import shutil
import socket
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg

from .system import run, say

HERE = ["postgresql://postgres@127.0.0.1:5432/postgres", "postgresql:///postgres"]
MAY_CREATE = "select rolcreatedb or rolsuper from pg_roles where rolname = current_user"


@contextlib.contextmanager
def server() -> Iterator[str | None]:
    """The address of a server on which databases may be made, while the block runs; None when there is none."""
    named = plain(os.environ.get("KITH_TEST_PG", ""))
    address = next(filter(usable, [named] if named else HERE), None)
    binaries = server_binaries()
    if named and not address:
        sys.exit(
            "kith: no database can be made on the server that KITH_TEST_PG names. "
            "Is it running, is the address right (postgresql://user:password@host/name), "
            "and may the role create databases?"
        )
    if address or not binaries:
        yield address
        return
    with throw_away(binaries) as made:
        yield made


def plain(address: str) -> str:
    """An address as libpq reads it: one of SQLAlchemy names its driver, too."""
    return re.sub(r"^postgres(?:ql)?\+\w+://", "postgresql://", address)


def usable(address: str) -> bool:
    """Whether a server answers at an address (a libpq URL) and lets us make databases there."""
    try:
        with psycopg.connect(address, connect_timeout=3) as connection:
            row = connection.execute(MAY_CREATE).fetchone()
    except psycopg.Error:
        return False
    return bool(row and row[0])


def server_binaries() -> Path | None:
    """The folder of the newest PostgreSQL server that is installed."""
    folders = [Path(path).parent for path in glob.glob("/usr/lib/postgresql/*/bin/initdb")]
    if folders:
        return max(folders, key=lambda folder: int(folder.parent.name))
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


@contextlib.contextmanager
def throw_away(binaries: Path) -> Iterator[str | None]:
    """A server of our own in a temporary folder, gone afterwards; None when it did not start."""
    with tempfile.TemporaryDirectory(prefix="kith-pg-") as folder:
        home = Path(folder)
        become = owner(home)
        control = [*become, str(binaries / "pg_ctl"), "-D", str(home / "data")]
        address = start(home, become, binaries, control)
        try:
            yield address
        finally:
            if address:
                run(*control, "-m", "immediate", "stop", quiet=True)


def owner(home: Path) -> list[str]:
    """The command prefix under which the server runs: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return []
    shutil.chown(home, "postgres", "postgres")
    return ["runuser", "-u", "postgres", "--"]


def start(home: Path, become: list[str], binaries: Path, control: list[str]) -> str | None:
    """Make the cluster and start it on a free port of the loopback; its address, or None with its log shown."""
    port, log = free_port(), home / "log"
    settings = f"-p {port} -k {home} -c listen_addresses=127.0.0.1 -c fsync=off -c full_page_writes=off"
    access = ["-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale", "C.UTF-8"]
    made = run(*become, binaries / "initdb", *access, "-D", home / "data", quiet=True)
    if made and run(*control, "-w", "-l", log, "-o", settings, "start", quiet=True):
        return f"postgresql://postgres@127.0.0.1:{port}/postgres"
    say(f"the PostgreSQL server of {binaries} did not start. {log.read_text() if log.exists() else ''}")
    return None


def free_port() -> int:
    """A TCP port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
