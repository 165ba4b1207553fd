"""How many rows of an import go into one unit: as many as keep others from waiting, and no fewer than pay off."""

from __future__ import annotations

from time import perf_counter

AIM = 0.09
"""Seconds for which a unit may hold the lock; another writer then waits for less than 250 ms, whatever comes between."""

ALONE = 0.4
"""The same where writers do not wait for one another: PostgreSQL locks rows, and these are new."""

LEAST, MOST = 40, 400


FIRST = 60

LOOK = 1000
"""Rows after which a database that was empty has to learn how large its tables are now."""


class Pace:
    """The size of the next batch, learnt from how long the last ones took."""

    def __init__(self, dialect: str = "sqlite") -> None:
        self.size = FIRST
        self.aim = AIM if dialect == "sqlite" else ALONE
        self.begun = 0.0
        self.done, self.look = 0, LOOK

    def grown(self) -> bool:
        """Tell whether the tables have grown so much since the last yes that the database should count them anew."""
        if self.done < self.look:
            return False
        self.look = self.done * 10
        return True

    def begin(self) -> None:
        """Note that the lock is held from now on."""
        self.begun = perf_counter()

    def end(self, rows: int) -> None:
        """Note that so many rows were written; the next batch is as large as the time allows, but grows by half at most."""
        took = max(perf_counter() - self.begun, 0.001)
        fitting = int(rows * self.aim / took)
        self.done += rows
        self.size = max(LEAST, min(MOST, fitting, self.size + self.size // 2))
