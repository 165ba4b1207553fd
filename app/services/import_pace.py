"""How many rows of an import go into one unit: as many as keep others from waiting, and no fewer than pay off."""

from __future__ import annotations

from time import perf_counter

AIM = 0.08
"""Seconds for which a unit may hold the lock; another writer then waits for less than 250 ms, whatever comes between."""

ALONE = 0.4
"""The same where writers do not wait for one another: PostgreSQL locks rows, and these are new."""

LEAST, MOST = 40, 400


FIRST = 60


class Pace:
    """The size of the next batch, learnt from how long the last ones took."""

    def __init__(self, dialect: str = "sqlite") -> None:
        self.size = FIRST
        self.aim = AIM if dialect == "sqlite" else ALONE
        self.begun = 0.0

    def begin(self) -> None:
        """Note that the lock is held from now on."""
        self.begun = perf_counter()

    def end(self, rows: int) -> None:
        """Note that so many rows were written; the next batch is as large as the time allows, but grows by half at most."""
        took = max(perf_counter() - self.begun, 0.001)
        fitting = int(rows * self.aim / took)
        self.size = max(LEAST, min(MOST, fitting, self.size + self.size // 2))
