"""Memory that many threads share: glibc gives each thread a heap of its own, which a long run pays for."""

from __future__ import annotations

import ctypes

M_ARENA_MAX = -8
"""The parameter of mallopt(3) that limits how many heaps there are."""

ARENAS = 2


def share() -> bool:
    """Let the threads of this process share two heaps (mallopt(3)); tell whether the C library knows how.

    As MALLOC_ARENA_MAX=2 would, which can only be given from outside. Called before threads begin.
    """
    try:
        return bool(ctypes.CDLL(None).mallopt(M_ARENA_MAX, ARENAS))
    except (AttributeError, OSError, TypeError):  # musl, macOS, Windows
        return False
