"""A Chromium for the browser tests: the system's, else installed, else fetched."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from .system import debian_package, run, say

NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
FETCHED = "ms-playwright/chromium_headless_shell-*/chrome*/*headless[-_]shell"


def find() -> str | None:
    """The path of a Chromium that starts, installed if need be; None when there is no way to one."""
    return os.environ.get("KITH_TEST_CHROMIUM") or of_system() or installed() or fetched()


def of_system() -> str | None:
    """A Chromium or Chrome on the PATH."""
    known = [*map(shutil.which, NAMES), str(MAC)]
    return next((path for path in known if path and run(path, "--version", quiet=True)), None)


def installed() -> str | None:
    """Debian's Chromium, installed now."""
    return of_system() if debian_package("chromium") else None


def fetched() -> str | None:
    """The headless Chromium that playwright downloads for a user, if the libraries it needs are there."""
    say("fetching a Chromium for the browser tests ...")
    run(sys.executable, "-m", "playwright", "install", "--only-shell", "chromium")
    caches = [Path.home() / ".cache", Path.home() / "Library" / "Caches"]
    found = sorted(path for cache in caches for path in cache.glob(FETCHED))
    return next((str(path) for path in reversed(found) if run(path, "--version", quiet=True)), None)
