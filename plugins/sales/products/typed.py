"""Numbers as people type them: with a comma or a point, with spaces between the thousands."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation


def amount(text: str) -> Decimal:
    """Return the number that was typed. The last of comma and point is the decimal sign. Raises InvalidOperation."""
    bare = "".join(text.split()).replace("'", "").replace("\u2019", "").rstrip("%")
    if bare.rfind(",") > bare.rfind("."):
        bare = bare.replace(".", "").replace(",", ".")
    found = Decimal(bare.replace(",", ""))
    if not found.is_finite():
        raise InvalidOperation
    return found
