"""What a token may be used for: words like `read` and `contact:write`, and the principal that is left within them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from app.i18n import _
from app.kernel.context import Context, Principal
from app.kernel.errors import Invalid
from app.services.grants import VERBS

READ, WRITE = "read", "write"
READING = ("view", "export")
"""Verbs for which a scope that reads is enough."""

KEPT = 16
"""So many sets of scopes of one person are remembered until who he is changes."""


def normal(ctx: Context, words: Iterable[str]) -> str:
    """Return scopes as they are stored: each once, in order. Raises Invalid for one there is not, or for none."""
    found = sorted(dict.fromkeys(word for text in words for word in text.replace(",", " ").split()))
    for word in found:
        entity, _sep, verb = word.rpartition(":")
        if verb not in (READ, WRITE) or (":" in word and not ctx.schema.has(entity)):
            told = _("“%(text)s” is no scope. Write read, write, or a kind of record like contact:read.")
            raise Invalid({"scopes": told % {"text": word[:60]}})
    if not found:
        raise Invalid({"scopes": _("Choose what the token may do.")})
    return " ".join(found)


@dataclass(frozen=True)
class Scoped(Mapping[str, str]):
    """The grants of somebody as far as scopes go: never more than he has, never the administration."""

    granted: Mapping[str, str]
    scopes: frozenset[str]

    def __getitem__(self, key: str) -> str:
        if not self.reaches(key):
            raise KeyError(key)
        return self.granted[key]

    def __iter__(self) -> Iterator[str]:
        return (key for key in self.granted if self.reaches(key))

    def __len__(self) -> int:
        return sum(1 for _key in self)

    def reaches(self, key: str) -> bool:
        """Tell whether the scopes cover a permission."""
        what, _dot, verb = key.rpartition(".")
        if verb in VERBS:
            wanted = {WRITE, f"{what}:{WRITE}"}
            return bool(self.scopes & (wanted | {READ, f"{what}:{READ}"} if verb in READING else wanted))
        owner = key.partition(".")[0]
        if owner in ("admin", "approvals", "views"):
            return False
        return WRITE in self.scopes or any(
            s.startswith(f"{owner}.") and s.endswith(f":{WRITE}") for s in self.scopes
        )


def narrowed(user: Principal, scopes: str) -> Principal:
    """Return a principal within scopes; the same object for the same scopes, so that it remembers like any other."""
    kept: dict[str, Principal] = user.memo.setdefault("scoped", {})
    if scopes not in kept:
        if len(kept) >= KEPT:
            kept.clear()
        kept[scopes] = replace(user, grants=Scoped(user.grants, frozenset(scopes.split())), memo={})
    return kept[scopes]
