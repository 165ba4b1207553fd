"""The version of the program: that of the installed package, or of the checkout it runs from."""

from __future__ import annotations

import tomllib
from importlib.metadata import PackageNotFoundError, version

from app import paths


def current() -> str:
    """Return the version, like "0.1.0"."""
    try:
        return version("kith")
    except PackageNotFoundError:
        project = tomllib.loads((paths.ROOT / "pyproject.toml").read_text("utf-8"))["project"]
        return str(project["version"])
