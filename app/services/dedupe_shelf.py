"""Any number of profiles, laid out on disk for a while, and the pairs among them that are worth comparing.

A million people fit: their profiles are in a scratch file beside the program, not in memory, and each pair comes once.
"""

from __future__ import annotations

import marshal
import sqlite3
import tempfile
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from app.services import dedupe_blocking as blocking
from app.services.dedupe_profile import Profile

MOST = 40
"""Profiles that may share a key so that all of them are compared; a key of more says too little."""

WEAK = frozenset("dyhsw")
FEW = 12
"""Kinds of keys that many strangers share, and how many may."""

NEIGHBOURS = 4
"""How many of the next ones each is compared with where too many share a key, in the order of their names."""

RANKS = "vmepbnoOwitdczhysa"
"""Kinds of keys in the order in which they are looked at: the most telling first, should the time run out."""

WINDOWED = frozenset("epno")
"""Kinds of keys that are looked at even where too many share one."""

NAMES = frozenset("no")
"""Kinds of keys that are names: how many share one says how common the name is."""

COMMON = 8
"""As many of one name are nothing remarkable."""

KEPT = 50_000
"""Profiles that are held in memory, ready to be compared."""

_SHIFT = 56
_MASK = (1 << _SHIFT) - 1


class Laid(NamedTuple):
    """A profile as it lies on the shelf: its id, whether it is new, its keys as numbers, and what it is."""

    id: int
    fresh: bool
    keys: tuple[int, ...]
    profile: Profile


class Two(NamedTuple):
    """Two profiles to be compared, and how many share their name (0: few)."""

    left: Laid
    right: Laid
    namesakes: int


class Shelf:
    """Profiles of one kind; a context manager, which leaves nothing behind."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="kith-duplicates-")
        self._db = sqlite3.connect(Path(self._folder.name) / "shelf.db", isolation_level=None)
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-65536", "temp_store=FILE"):
            self._db.execute(f"PRAGMA {pragma}")
        self._db.execute("CREATE TABLE profile (id INTEGER PRIMARY KEY, fresh INTEGER, data BLOB)")
        self._db.execute("CREATE TABLE key (k INTEGER, id INTEGER)")
        self._crowded: frozenset[int] = frozenset()
        self._namesakes: dict[int, int] = {}
        self._held: OrderedDict[int, Laid] = OrderedDict()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._db.close()
        self._folder.cleanup()

    def add(self, profiles: Iterable[tuple[int, bool, Profile]]) -> int:
        """Lay profiles down: id, whether it is new since the last time, and the profile; returns how many."""
        rows: list[tuple[int, bool, bytes]] = []
        keys: list[tuple[int, int]] = []
        for record_id, fresh, profile in profiles:
            told = tuple(sorted(_number(key) for key in blocking.keys(profile)))
            rows.append((record_id, fresh, marshal.dumps((told, tuple(profile)))))
            keys += [(key, record_id) for key in told]
        self._db.execute("BEGIN")
        self._db.executemany("INSERT INTO profile VALUES (?, ?, ?)", rows)
        self._db.executemany("INSERT INTO key VALUES (?, ?)", keys)
        self._db.execute("COMMIT")
        return len(rows)

    def pairs(self) -> Iterator[Two]:
        """Yield pairs that share a key, those of telling keys first; one of each pair is new."""
        self._db.execute("CREATE INDEX key_k ON key (k, id)")
        query = "SELECT k, count(*) FROM key GROUP BY k HAVING count(*) > ?"
        shared = dict(self._db.execute(query, (COMMON,)).fetchall())
        self._crowded = frozenset(key for key, count in shared.items() if count > _most(key))
        self._namesakes = {key: count for key, count in shared.items() if _is_name(key)}
        reading = self._db.cursor()
        query = "SELECT k, group_concat(id) FROM key GROUP BY k HAVING count(*) BETWEEN 2 AND ? ORDER BY k"
        for key, ids in reading.execute(query, (MOST,)):
            if key in self._crowded:
                continue
            yield from self._block(key, [self._laid(int(i)) for i in ids.split(",")])
        for key in sorted(self._crowded):
            if RANKS[key >> _SHIFT] in WINDOWED:
                yield from self._crowd(key)

    def _block(self, key: int, block: list[Laid]) -> Iterator[Two]:
        if not any(laid.fresh for laid in block):
            return
        for at, one in enumerate(block):
            for other in block[at + 1 :]:
                if (one.fresh or other.fresh) and self._first(one.keys, other.keys) == key:
                    yield self._two(one, other)

    def _crowd(self, key: int) -> Iterator[Two]:
        """Yield neighbours in the order of their names among too many that share a key."""
        rows = self._db.execute("SELECT id FROM key WHERE k = ? ORDER BY id", (key,)).fetchall()
        crowd = sorted(
            (laid.profile.family, laid.profile.given, laid.profile.name, laid.profile.employers, laid.id)
            for laid in map(self._laid, (row[0] for row in rows))
        )
        for at, one in enumerate(crowd):
            left = self._laid(one[-1])
            for other in crowd[at + 1 : at + 1 + NEIGHBOURS]:
                right = self._laid(other[-1])
                if (left.fresh or right.fresh) and self._first(left.keys, right.keys) is None:
                    yield self._two(left, right)

    def _two(self, one: Laid, other: Laid) -> Two:
        """Return two profiles, the older one first."""
        counts = [self._namesakes.get(key, 0) for key in one.keys if key in other.keys and _is_name(key)]
        left, right = (one, other) if one.id < other.id else (other, one)
        return Two(left, right, min(counts, default=0))

    def _first(self, left: tuple[int, ...], right: tuple[int, ...]) -> int | None:
        """Return the first key that both have and that is not crowded."""
        for key in left:
            if key in right and key not in self._crowded:
                return key
        return None

    def _laid(self, record_id: int) -> Laid:
        held = self._held.get(record_id)
        if held is None:
            row = self._db.execute("SELECT fresh, data FROM profile WHERE id = ?", (record_id,)).fetchone()
            keys, parts = marshal.loads(row[1])  # noqa: S302 - what was written above, in a folder of its own
            held = self._held[record_id] = Laid(record_id, bool(row[0]), keys, Profile._make(parts))
            if len(self._held) > KEPT:
                self._held.popitem(last=False)
        return held


def _is_name(key: int) -> bool:
    return RANKS[key >> _SHIFT] in NAMES


def _most(key: int) -> int:
    return FEW if RANKS[key >> _SHIFT] in WEAK else MOST


def _number(key: str) -> int:
    """Return a key as a number that sorts by the kind of the key."""
    return RANKS.index(key[0]) << _SHIFT | hash(key) & _MASK
