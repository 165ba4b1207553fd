"""Where a page of a list ends: signed, so that nobody sorts by what he may not see or seeks where he was not sent."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from typing import Any

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer


def write(order: str, key: Any, record_id: int) -> str:
    """Return the cursor of a row: the order it stands in, its sort key (text, number, instant …, or several) and its id."""
    return _serializer().dumps([order, _plain(key), record_id])


def read(order: str, text: str) -> tuple[Any, int] | None:
    """Return sort key and id of a cursor; None if it is not ours, too old a form, or of another order."""
    try:
        found = _serializer().loads(text)
    except BadData:
        return None
    if not isinstance(found, list) or len(found) != 3 or found[0] != order:
        return None
    return _revived(found[1]), int(found[2])


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="list cursor", serializer=json)


def _plain(key: Any) -> Any:
    if isinstance(key, list):
        return [_plain(one) for one in key]
    if isinstance(key, datetime):
        return {"t": key.isoformat()}
    return {"d": str(key)} if isinstance(key, Decimal) else key


def _revived(key: Any) -> Any:
    if isinstance(key, list):
        return [_revived(one) for one in key]
    if isinstance(key, dict):
        return datetime.fromisoformat(key["t"]) if "t" in key else Decimal(key["d"])
    return key
