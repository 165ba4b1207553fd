"""Formats of the outside world for plugins: postal addresses as their country writes them."""

from __future__ import annotations

from app.formats.postal import Address
from app.formats.postal import lines as address_lines

__all__ = ["Address", "address_lines"]
