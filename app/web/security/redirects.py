"""Where a `next` may lead: to a path of ours, read the way browsers read it (S19)."""

from __future__ import annotations

from urllib.parse import urlsplit


def local_path(target: str | None) -> str | None:
    """Return a target that is a path of this site, or None for anything else.

    `//host`, backslashes and control characters, which browsers take for the start of another host, are no path.
    """
    if not target or not target.startswith("/") or target.startswith("//") or "\\" in target:
        return None
    if any(ord(letter) <= 32 or ord(letter) == 127 for letter in target):
        return None
    try:
        parts = urlsplit(target)
    except ValueError:
        return None
    return None if parts.scheme or parts.netloc else target
