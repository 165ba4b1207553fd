"""Idempotency keys: a request that is sent twice is done once, and gets the same answer (kept for a day).

The answer is stored in the transaction of the change, so that neither exists without the other.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.i18n import _
from app.kernel.context import Context
from app.kernel.errors import Invalid
from app.models import ApiAnswer
from app.services.unit import unit

LONGEST_KEY = 255


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What is answered: status, headers, body; `again` tells that it was answered before."""

    status: int
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    again: bool = False


@dataclass(frozen=True, kw_only=True)
class Key:
    """A key as it was sent by a token, and the request it came with."""

    token_id: int
    text: str
    asked: bytes

    @property
    def hashes(self) -> tuple[str, str]:
        """The key and the request as they are kept."""
        return hashlib.sha256(self.text.encode()).hexdigest(), hashlib.sha256(self.asked).hexdigest()


def once(ctx: Context, key: Key, make: Callable[[], Answer]) -> Answer:
    """Return the answer of `make`, which runs once for each key. Raises Invalid when the key came with another request."""
    if not key.text or len(key.text) > LONGEST_KEY:
        raise Invalid({"Idempotency-Key": _("A key has 1 to 255 characters.")})
    try:
        return _once(ctx, key, make)
    except IntegrityError:
        found = _known(ctx, key)  # the same request was being answered beside this one
        if found is None:
            raise
        return found


@unit
def _once(ctx: Context, key: Key, make: Callable[[], Answer]) -> Answer:
    known = _known(ctx, key)
    if known is not None:
        return known
    key_hash, asked_hash = key.hashes
    row = ApiAnswer(
        token_id=key.token_id,
        key_hash=key_hash,
        asked_hash=asked_hash,
        status=0,
        headers="{}",
        body="",
        at=ctx.now,
    )
    ctx.session.add(row)
    ctx.session.flush()
    made = make()
    row.status, row.body, row.headers = made.status, made.body, json.dumps(dict(made.headers))
    ctx.session.flush()
    return made


def _known(ctx: Context, key: Key) -> Answer | None:
    key_hash, asked_hash = key.hashes
    own = (ApiAnswer.token_id == key.token_id, ApiAnswer.key_hash == key_hash)
    row = ctx.session.execute(select(ApiAnswer).where(*own)).scalar_one_or_none()
    if row is None:
        return None
    if row.asked_hash != asked_hash:
        told = _("This key came with another request. Take a new key for each request.")
        raise Invalid({"Idempotency-Key": told})
    return Answer(status=row.status, body=row.body, headers=json.loads(row.headers), again=True)
