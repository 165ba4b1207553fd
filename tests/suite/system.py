"""Running commands and installing system packages, with a word about each to the person who waits."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def say(text: str) -> None:
    """Tell the person at the terminal what is going on."""
    print(f"kith: {text}", file=sys.stderr, flush=True)


def run(*command: str | Path, quiet: bool = False) -> bool:
    """Run a command to its end; True when it succeeded, False when it failed or does not exist."""
    sink = subprocess.DEVNULL if quiet else None
    try:
        return subprocess.run(command, cwd=ROOT, stdout=sink, stderr=sink, check=False).returncode == 0
    except OSError:
        return False


def debian_package(name: str) -> bool:
    """Install a Debian package where that needs nobody's password; True when it worked."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    say(f"installing {name} for the tests ...")
    os.environ.setdefault("DEBIAN_FRONTEND", "noninteractive")
    run("apt-get", "update", "-qq")
    return run("apt-get", "install", "-y", "-qq", "--no-install-recommends", name, quiet=True)
