"""Places within JSON, as people write them: `customer.emails[0].value`, with or without `$.` before (a part of RFC 9535)."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

_STEP = re.compile(r"\.?([^.\[\]\s=][^.\[\]=]*)|\[(\d{1,4})\]")
LONGEST = 200

Steps = tuple[str | int, ...]


def steps(path: str) -> Steps:
    """Return the steps of a path. Raises ValueError for what is none."""
    text = path.strip()
    rest = text[1:] if text.startswith("$") and text[1:2] in ("", ".", "[") else text
    found: list[str | int] = []
    at = 0
    while at < len(rest):
        step = _STEP.match(rest, at)
        if step is None or (at == 0 and rest.startswith(".") and not text.startswith("$")):
            raise ValueError(path)
        found.append(step[1].strip() if step[1] is not None else int(step[2]))
        at = step.end()
    if not found or len(text) > LONGEST:
        raise ValueError(path)
    return tuple(found)


def value(found: Any, path: Steps) -> Any:
    """Return what stands at a place, None where there is nothing."""
    for step in path:
        if isinstance(step, int):
            found = found[step] if isinstance(found, list) and step < len(found) else None
        else:
            found = found.get(step) if isinstance(found, dict) else None
    return found


def text(found: Any) -> str:
    """Return a value as a cell of a table would have it; of a list a line for each. Raises ValueError for an object."""
    if found is None:
        return ""
    if isinstance(found, bool):
        return "yes" if found else "no"
    if isinstance(found, str):
        return found.replace("\x00", "").strip()
    if isinstance(found, int | float):
        return format(Decimal(str(found)), "f")
    if isinstance(found, list) and not any(isinstance(one, list | dict) for one in found):
        return "\n".join(filter(None, map(text, found)))
    raise ValueError(found)
