"""Texts that only those read whom they are for: sealed under a key of their own (services.sealing)."""

from __future__ import annotations

import json
from typing import Any

from app.sdk.services import sealing

PURPOSE = "hr.growth"


def sealed(value: Any, bound: str) -> bytes:
    """Return a value that JSON can hold, sealed for one place."""
    return sealing.seal(PURPOSE, json.dumps(value, ensure_ascii=False).encode(), bound=bound)


def opened(found: bytes, bound: str) -> Any:
    """Return what was sealed for a place; None where nothing was."""
    return json.loads(sealing.unseal(PURPOSE, found, bound=bound)) if found else None
