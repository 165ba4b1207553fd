"""Tickets for large files: what lets a request body be as large as an import may be, before anybody knows who sends it."""

from __future__ import annotations

from itsdangerous import BadData, URLSafeTimedSerializer

SALT = "upload of a file to be imported"
SECONDS = 12 * 3600
"""How long the page with the form may stand open."""

Secret = str | bytes | None


def made(secret: Secret, user_id: int | None) -> str:
    """Return a ticket for somebody who may import something; it stands in the address to which the file goes."""
    return str(_signer(secret).dumps(user_id))


def sound(secret: Secret, text: str) -> bool:
    """Tell whether a ticket is one of ours and not too old. Who sends it is asked later, as with every request."""
    if not secret or not text:
        return False
    try:
        _signer(secret).loads(text, max_age=SECONDS)
    except BadData:
        return False
    return True


def _signer(secret: Secret) -> URLSafeTimedSerializer:
    assert secret
    return URLSafeTimedSerializer(secret, salt=SALT)
