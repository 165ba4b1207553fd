"""`kith serve --reload` for authors: the server runs in a process of its own, begun anew when a file changes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import click

from app import paths
from app.config import Config, ConfigError

SUFFIXES = frozenset({".py", ".html", ".jinja", ".txt", ".css", ".js", ".svg", ".mo", ".toml"})
"""Files whose change begins the server anew: code, and what it keeps in memory."""

IGNORED = frozenset({"__pycache__", "node_modules", "tests"})
EVERY_S = 0.5
STOP_S = 30.0

Seen = Mapping[Path, int]


class Process(Protocol):
    """What the loop needs of a server's process."""

    def poll(self) -> int | None: ...
    def terminate(self) -> None: ...
    def kill(self) -> None: ...
    def wait(self, timeout: float | None = None) -> int: ...


def folders(config: Config) -> Sequence[Path]:
    """Return the folders whose files count: the program's, its templates, styles and settings, and all plugins'."""
    from app.host.discovery import discover

    own = [
        paths.APP,
        paths.TEMPLATES,
        paths.STATIC,
        paths.CONFIG,
        paths.PLUGINS,
        *map(Path, config.plugin_dirs),
    ]
    found = [*own, *(candidate.folder for candidate in discover(config, paths.PLUGINS))]
    return [place for place in dict.fromkeys(found) if place.is_dir()]


def look(places: Iterable[Path]) -> Seen:
    """Return when each file below some folders was changed last."""
    return {Path(entry.path): entry.stat().st_mtime_ns for place in places for entry in _files(place)}


def _files(place: Path) -> Iterator[os.DirEntry[str]]:
    with os.scandir(place) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                if entry.name not in IGNORED and not entry.name.startswith("."):
                    yield from _files(Path(entry.path))
            elif os.path.splitext(entry.name)[1] in SUFFIXES:
                yield entry


def changed(before: Seen, after: Seen) -> Path | None:
    """Return the first file that is new, different or gone, or None."""
    differing = {path for path, _at in before.items() ^ after.items()}
    return min(differing) if differing else None


def serve(config: Config, arguments: Sequence[str]) -> int:
    """Serve until the author stops it; returns the exit code. Raises ConfigError in production."""
    if config.env == "production":
        raise ConfigError("--reload is for authors. Take it away, or set KITH_ENV=development.")
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    places = folders(config)
    return follow(lambda: _start(arguments), lambda: look(places), stopped.wait)


def follow(start: Callable[[], Process], seen: Callable[[], Seen], pause: Callable[[float], bool]) -> int:
    """Keep a server running and begin it anew after each change, until `pause` says that it is enough.

    A server that ends by itself (its code is broken, say) is begun anew after the next change.
    """
    before, process = seen(), start()
    while not pause(EVERY_S):
        after = seen()
        if path := changed(before, after):
            click.echo(f"{path} has changed. Starting anew.")
            _stop(process)
            before, process = seen(), start()
    return _stop(process)


def _start(arguments: Sequence[str]) -> Process:
    """Begin a server apart from the terminal, so that Ctrl-C reaches this process alone."""
    above = str(paths.ROOT)
    known = os.environ.get("PYTHONPATH", "")
    environment = {**os.environ, "PYTHONPATH": f"{above}{os.pathsep}{known}" if known else above}
    command = [sys.executable, "-m", "app.cli", "serve", *arguments]
    return subprocess.Popen(command, env=environment, start_new_session=True)  # noqa: S603 (our own command)


def _stop(process: Process) -> int:
    if process.poll() is None:
        process.terminate()
    try:
        return process.wait(timeout=STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()
