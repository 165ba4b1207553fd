"""Secrets that plugins keep in their settings: sealed under the keys of a file in the data folder, beside the database.

The file `secrets.key` (mode 0600) holds a key of 32 bytes per line, the present one first; former ones still open what
they sealed. A secret opens only in its own place. Nothing here is ever written in plain, logged or shown.
"""

from __future__ import annotations

import base64
import binascii
import fcntl
import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from app.config import Config
from app.house import house
from app.i18n import _
from app.kernel.errors import KithError
from app.services import sealing
from app.services.typed_json import Sealed

FILE = "secrets.key"
HEAD = "# The keys of Kith's secrets, the present one first. Keep a copy apart from the backups.\n"


class SecretLost(KithError):
    """A secret cannot be opened: its key is not in the file, or somebody changed what is stored."""


def seal(plain: str, *, bound: str) -> Sealed:
    """Return a secret as it is stored, bound to its place; the key file is made when it is first needed."""
    config = house().config
    keys = ring(config) or _begin(config)
    sealed = sealing.seal_under(keys[0], plain.encode(), bound=bound)
    return Sealed(base64.b64encode(sealed).decode(), bound)


def unseal(secret: Sealed) -> str:
    """Return a secret in plain. Raises SecretLost."""
    try:
        raw = base64.b64decode(secret.text, validate=True)
        found = sealing.unseal_under(ring(house().config), raw, bound=secret.bound)
    except (sealing.Unsealable, binascii.Error) as error:
        raise SecretLost(_("A stored secret was changed. Type it in anew.")) from error
    if found is None:
        text = _("The key of a stored secret is missing. Put %(file)s back, or type the secret in anew.")
        raise SecretLost(text % {"file": path(house().config)})
    return found.decode()


def opens(secret: Sealed) -> bool:
    """Tell whether a stored secret can be opened here."""
    try:
        unseal(secret)
    except SecretLost:
        return False
    return True


# ---------------------------------------------------------------- the key file


def path(config: Config) -> Path:
    """Return where the keys are."""
    return config.data / FILE


def ring(config: Config) -> Sequence[bytes]:
    """Return the keys, the present one first; empty before the first secret. A changed file is read anew."""
    try:
        stat = path(config).stat()
    except FileNotFoundError:
        return ()
    return _read(str(path(config)), stat.st_mtime_ns, stat.st_ino)


@lru_cache(maxsize=8)
def _read(name: str, changed: int, inode: int) -> tuple[bytes, ...]:
    lines = [line.strip() for line in Path(name).read_text("ascii").splitlines()]
    try:
        keys = tuple(base64.urlsafe_b64decode(line) for line in lines if line and not line.startswith("#"))
    except binascii.Error:
        keys = ()
    if not keys or any(len(key) != 32 for key in keys):
        raise SecretLost(_("%(file)s holds no keys. Put the right file back.", file=name))
    return keys


def fingerprints(config: Config) -> Sequence[str]:
    """Return by what each key is recognised, which tells nothing of it; none when the file is damaged."""
    try:
        return [hashlib.sha256(b"kith secrets" + key).hexdigest()[:16] for key in ring(config)]
    except SecretLost:
        return []


def _begin(config: Config) -> Sequence[bytes]:
    with _locked(config):
        return ring(config) or _write(config, [os.urandom(32)])


def _write(config: Config, keys: Sequence[bytes]) -> Sequence[bytes]:
    """Replace the file as a whole, readable for nobody else at any moment."""
    target = path(config)
    fresh = target.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as stream:
        stream.write(HEAD + "".join(f"{base64.urlsafe_b64encode(key).decode()}\n" for key in keys))
        stream.flush()
        os.fsync(stream.fileno())
    fresh.rename(target)
    return keys


@contextmanager
def _locked(config: Config) -> Iterator[None]:
    config.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (config.data / "secrets.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def place(owner: str, key: str, user_id: int) -> str:
    """Return the place of a setting, in which alone its secret opens."""
    return f"setting|{owner}|{key}|{user_id}"


def renew(config: Config) -> None:
    """Put a new key before the present one."""
    with _locked(config):
        _write(config, [os.urandom(32), *ring(config)])


def forget(config: Config) -> None:
    """Drop the former keys: what is still sealed under them is lost."""
    with _locked(config):
        _write(config, ring(config)[:1])
