"""Where the files of the installation are: in the checkout, or inside the wheel."""

from __future__ import annotations

from pathlib import Path

APP = Path(__file__).resolve().parent
_PACKED = APP / "_data"
ROOT = APP.parent
"""The checkout (or site-packages, when installed from a wheel)."""


def data(folder: str) -> Path:
    """Return the folder `templates`, `static` or `config`: beside `app/` in a checkout, in `app/_data` in a wheel."""
    packed = _PACKED / folder
    return packed if packed.is_dir() else ROOT / folder


TEMPLATES = data("templates")
STATIC = data("static")
CONFIG = data("config")
PLUGINS = ROOT / "plugins"
HOME = Path() if _PACKED.is_dir() else ROOT
"""Below it are the folders that the defaults name: the checkout, or where the command is run from a wheel."""
