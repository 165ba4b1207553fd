"""The size of batches follows from how long the lock was held."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from app.services import import_pace
from app.services.import_pace import Pace


@pytest.fixture
def clock(monkeypatch: Any) -> list[float]:
    now = [0.0]
    monkeypatch.setattr(import_pace, "perf_counter", lambda: now[0])
    return now


def batch(pace: Pace, clock: list[float], seconds: float) -> int:
    pace.begin()
    clock[0] += seconds
    pace.end(pace.size)
    return pace.size


def test_batches_grow_while_there_is_time_and_shrink_when_others_would_wait(clock: list[float]) -> None:
    pace = Pace()
    first = pace.size
    assert batch(pace, clock, 0.001) == first + first // 2
    for _ in range(20):
        batch(pace, clock, 0.001)
    assert pace.size == import_pace.MOST
    assert batch(pace, clock, 0.8) == int(import_pace.MOST * import_pace.AIM / 0.8)
    assert batch(pace, clock, 60.0) == import_pace.LEAST


def test_tables_are_counted_anew_whenever_they_have_grown_tenfold(clock: list[float]) -> None:
    pace = Pace("postgresql")
    counted = []
    for _ in range(1000):
        batch(pace, clock, 0.01)
        if pace.grown():
            counted.append(pace.done)
    assert counted[0] >= import_pace.LOOK
    assert all(later >= 10 * earlier for earlier, later in pairwise(counted))
    assert len(counted) == 3
