"""The customer's link: 32 random bytes, found by their hash, sealed for those who look after the quote."""

from __future__ import annotations

import hashlib
import secrets

from sqlalchemy import select

from app.sdk import Context
from app.sdk.services import sealing

from .models import Quote

PURPOSE = "sales.quote"


def give(quote: Quote) -> str:
    """Give a quote a new link and return its token; a former one ends."""
    token = secrets.token_urlsafe(32)
    quote.token_hash = _hash(token)
    quote.token = sealing.seal(PURPOSE, token.encode(), bound=quote.uid)
    return token


def take(quote: Quote) -> None:
    """End a quote's link."""
    quote.token_hash = quote.token = None


def of(quote: Quote) -> str:
    """Return the token of a quote, "" when it has none or the key that sealed it is gone."""
    if quote.token is None:
        return ""
    try:
        return sealing.unseal(PURPOSE, quote.token, bound=quote.uid).decode()
    except sealing.Unsealable:
        return ""


def find(ctx: Context, token: str) -> Quote | None:
    """Return the quote of a token, None when there is none any more. To be asked as the house."""
    if not 20 <= len(token) <= 100:
        return None
    query = select(Quote).where(Quote.token_hash == _hash(token))
    return ctx.session.execute(query).scalar_one_or_none()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
