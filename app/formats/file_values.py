"""The value of a field that holds a file: the file's uid and its name in one text, `<uid>/<name>`."""

from __future__ import annotations

from typing import Any


def made(uid: str, name: str) -> str:
    """Return the value for a file."""
    return f"{uid}/{name}"


def uid_of(value: Any) -> str:
    """Return the uid of the file that a value holds."""
    return str(value).partition("/")[0]


def name_of(value: Any) -> str:
    """Return the name of the file that a value holds; a name stays what it is."""
    return str(value).partition("/")[2] or str(value)
