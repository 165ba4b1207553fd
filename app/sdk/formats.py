"""Formats of the outside world for plugins: postal addresses as their country writes them; the house's fonts and icons."""

from __future__ import annotations

from app.formats.postal import Address
from app.formats.postal import lines as address_lines
from app.paths import STATIC as static_folder

__all__ = ["Address", "address_lines", "static_folder"]
