"""Formats of the outside world for plugins: postal addresses as their country writes them; faces; the house's fonts and icons."""

from __future__ import annotations

from app.formats.names import NameParts, hue, initials
from app.formats.postal import Address
from app.formats.postal import lines as address_lines
from app.paths import STATIC as static_folder

__all__ = ["Address", "address_lines", "static_folder", "user_face"]


def user_face(user_id: int, name: str) -> tuple[str, int]:
    """Return initials and hue of a colleague, as they stand everywhere."""
    return initials(NameParts(), name), hue(f"user:{user_id}")
