"""Signatures of webhooks, both ways, as Standard Webhooks has them: HMAC-SHA-256 over id, time and body (S26, S27)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

PREFIX = "whsec_"
VERSION = "v1,"
WINDOW = timedelta(minutes=5)
"""So far may the time of a message that arrives lie from now."""

LONGEST_ID = 128
MOST_SIGNATURES = 10


class Unsigned(Exception):
    """A message that nobody who knows the secret has sent, or not now."""


def new_secret() -> str:
    """Return a fresh secret of 32 bytes as it is shown."""
    return PREFIX + base64.b64encode(os.urandom(32)).decode()


def headers_of(secrets: Sequence[str], uid: str, at: datetime, body: bytes) -> dict[str, str]:
    """Return the headers of a message: signed by each of the secrets, the present one first."""
    stamp = str(int(at.timestamp()))
    return {
        "webhook-id": uid,
        "webhook-timestamp": stamp,
        "webhook-signature": " ".join(_signature(secret, uid, stamp, body) for secret in secrets),
    }


def verified(secrets: Sequence[str], headers: Mapping[str, str], body: bytes, now: datetime) -> str:
    """Return the id of a message that one of the secrets signed within the last minutes. Raises Unsigned."""
    uid, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    given = headers.get("webhook-signature", "").split()[:MOST_SIGNATURES]
    if not 0 < len(uid) <= LONGEST_ID or not uid.isascii() or not uid.isprintable():
        raise Unsigned("webhook-id")
    if not (stamp.isascii() and stamp.isdecimal() and len(stamp) <= 12):
        raise Unsigned("webhook-timestamp")
    if abs(int(stamp) - now.timestamp()) > WINDOW.total_seconds():
        raise Unsigned("webhook-timestamp")
    right = [_signature(secret, uid, stamp, body).encode() for secret in secrets]
    fits = [hmac.compare_digest(one.encode("utf-8", "replace"), known) for one in given for known in right]
    if not any(fits):
        raise Unsigned("webhook-signature")
    return uid


def _signature(secret: str, uid: str, stamp: str, body: bytes) -> str:
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error:
        key = secret.encode()
    mac = hmac.new(key, f"{uid}.{stamp}.".encode() + body, hashlib.sha256).digest()
    return VERSION + base64.b64encode(mac).decode()
