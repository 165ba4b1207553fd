"""Text configuration: tables of rows as TOML 1.0, one value a line, so that two versions can be compared and merged.

Read with the standard library's `tomllib`; it has no writer.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

BARE = re.compile(r"[A-Za-z0-9_-]+")


def rows(name: str, found: Sequence[Mapping[str, Any]]) -> str:
    """Return an array of tables; empty values are left out, TOML has none."""
    return "\n".join(_row(name, one) for one in found)


def _row(name: str, row: Mapping[str, Any]) -> str:
    said = (f"{_key(n)} = {_value(value, 0)}\n" for n, value in row.items() if value is not None)
    return f"[[{_key(name)}]]\n{''.join(said)}"


def _key(name: str) -> str:
    return name if BARE.fullmatch(name) else _text(name)


def _value(value: Any, depth: int) -> str:
    """Return a value; what stands in an array at the outside gets a line of its own."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Mapping):
        inside = ", ".join(
            f"{_key(n)} = {_value(one, depth + 1)}" for n, one in value.items() if one is not None
        )
        return f"{{ {inside} }}" if inside else "{}"
    if isinstance(value, list | tuple):
        parts = [_value(one, depth + 1) for one in value if one is not None]
        if depth or not parts:
            return f"[{', '.join(parts)}]"
        return "[\n" + "".join(f"  {part},\n" for part in parts) + "]"
    return str(value)


def _text(text: str) -> str:
    """Return a basic string: JSON's escapes are TOML's, which wants DEL escaped too."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
