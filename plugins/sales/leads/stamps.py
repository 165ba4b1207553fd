"""The stamp of a form: proves that a page was fetched from us, when, and that it is sent once. And proof of work.

A stamp is `seconds.nonce.mac`; the proof is a number with which the SHA-256 of `stamp:number` begins with zeros.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.sdk.services import sealing

PURPOSE = "sales.lead_form"
EARLIEST = timedelta(seconds=3)
"""Nobody reads a form and fills it in faster than that."""

LONGEST = timedelta(hours=12)
BITS = 14
"""Zeros that a proof begins with: a moment for one who sends once, a price for one who sends to thousands."""


@dataclass(frozen=True, kw_only=True)
class Stamp:
    """A stamp that is genuine: when the page was fetched, and its nonce."""

    at: datetime
    nonce: str

    def is_early(self, now: datetime) -> bool:
        """Tell whether it comes back sooner than a person can write."""
        return now - self.at < EARLIEST


def fresh(token: str, now: datetime) -> str:
    """Return a stamp for a page of the form with this token."""
    seconds, nonce = str(int(now.timestamp())), secrets.token_urlsafe(18)
    return f"{seconds}.{nonce}.{sealing.mac(PURPOSE, token, seconds, nonce).hex()}"


def read(token: str, text: str, now: datetime) -> Stamp | None:
    """Return a stamp that came back, or None for one that is not ours, or too old."""
    seconds, _dot, rest = text.partition(".")
    nonce, _dot, mac = rest.partition(".")
    try:
        given = bytes.fromhex(mac)
        at = datetime.fromtimestamp(int(seconds), tz=now.tzinfo)
    except (ValueError, OverflowError):
        return None
    if not sealing.verify_mac(PURPOSE, given, token, seconds, nonce):
        return None
    return Stamp(at=at, nonce=nonce) if now - at <= LONGEST else None


def is_proof(stamp: str, number: str) -> bool:
    """Tell whether a browser has worked for a stamp."""
    if not number.isdecimal() or len(number) > 12:
        return False
    digest = hashlib.sha256(f"{stamp}:{number}".encode()).digest()
    return int.from_bytes(digest[:4], "big") >> (32 - BITS) == 0
