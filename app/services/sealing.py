"""Secrets at rest: AES-GCM under keys derived from the secret key, one key per purpose (NIST SP 800-38D, RFC 5869).

A sealed value is `version(1) key id(4) nonce(12) ciphertext`; `bound` (table, column, row) is authenticated with it, so
that a value moved to another row does not open. The former secret key still opens what it sealed.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Iterable
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.config import Config, secret_key
from app.house import house

VERSION = b"\x01"
HEAD = 17


class Unsealable(Exception):
    """A sealed value was changed, moved to another row, or sealed under a secret key that is gone."""


def keys(purpose: str) -> tuple[bytes, ...]:
    """Return the 32-byte keys of a purpose: the present one first, then that of the former secret key."""
    config = house().config
    masters = [_master(config.data_dir, config.secret_key)]
    if config.secret_key_old:
        masters.append(config.secret_key_old)
    return tuple(_derive(master, purpose) for master in masters)


@lru_cache(maxsize=8)
def _master(data_dir: str, configured: str) -> str:
    """The secret key; the one kept in the data folder is read once, not with every page."""
    return configured or secret_key(Config(data_dir=data_dir))


@lru_cache(maxsize=64)
def _derive(master: str, purpose: str) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=f"kith/{purpose}".encode()).derive(master.encode())


def seal(purpose: str, plain: bytes, *, bound: str) -> bytes:
    """Return the sealed value of some bytes."""
    return seal_under(keys(purpose)[0], plain, bound=bound)


def seal_under(key: bytes, plain: bytes, *, bound: str) -> bytes:
    """Return the sealed value of some bytes under a key of 32 bytes."""
    nonce = os.urandom(12)
    return VERSION + key_id(key) + nonce + AESGCM(key).encrypt(nonce, plain, bound.encode())


def unseal(purpose: str, sealed: bytes, *, bound: str) -> bytes:
    """Return what was sealed. Raises Unsealable."""
    found = unseal_under(keys(purpose), sealed, bound=bound)
    if found is None:
        raise Unsealable(
            f"The secret key that sealed {bound} is gone; set KITH_SECRET_KEY_OLD to the former one."
        )
    return found


def unseal_under(known: Iterable[bytes], sealed: bytes, *, bound: str) -> bytes | None:
    """Return what was sealed under one of some keys, or None when it was none of them. Raises Unsealable."""
    for key in known:
        if sealed[:1] == VERSION and sealed[1:5] == key_id(key):
            try:
                return AESGCM(key).decrypt(sealed[5:HEAD], sealed[HEAD:], bound.encode())
            except InvalidTag as error:
                raise Unsealable(f"The sealed value of {bound} was changed.") from error
    return None


def is_current(purpose: str, sealed: bytes) -> bool:
    """Tell whether a value is sealed under the present key (otherwise seal it anew)."""
    return sealed[1:5] == key_id(keys(purpose)[0])


def mac(purpose: str, *parts: str) -> bytes:
    """Return 32 bytes that only this installation can compute over the parts (HMAC-SHA-256)."""
    return hmac.new(keys(purpose)[0], "\0".join(parts).encode(), hashlib.sha256).digest()


def verify_mac(purpose: str, found: bytes, *parts: str) -> bool:
    """Tell whether `mac` made these bytes, under the present or the former secret key; in constant time."""
    text = "\0".join(parts).encode()
    fits = [hmac.compare_digest(found, hmac.new(key, text, hashlib.sha256).digest()) for key in keys(purpose)]
    return any(fits)


def key_id(key: bytes) -> bytes:
    """Return the four bytes by which a sealed value names its key."""
    return hashlib.sha256(key).digest()[:4]
