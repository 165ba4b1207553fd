"""Who failed how often: five faults within a minute switch a plugin off for five minutes, then it gets another try.

Works in memory, for faults happen in the middle of requests; `States.persist` writes changes down afterwards.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from app.kernel.guard import Fault, forgive
from app.models import now

log = logging.getLogger("kith.host")

FAULTS = 5
WITHIN = timedelta(seconds=60)
LASTS = timedelta(minutes=5)


class Quarantine:
    """The faults of this process and who is held because of them. `changed` is called when that is somebody else."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed = changed
        self._lock = threading.Lock()
        self._faults: dict[str, deque[datetime]] = {}
        self._held: dict[str, datetime] = {}
        self._probation: dict[str, datetime] = {}
        self._unwritten: dict[str, datetime | None] = {}
        self.faults_allowed = FAULTS  # 0: nobody is ever switched off
        self.latest: deque[Fault] = deque(maxlen=200)

    def blame(self, fault: Fault) -> None:
        """Count a fault (the guard's sink); the core itself is never switched off."""
        self.latest.append(fault)
        if fault.owner == "core" or not self.faults_allowed:
            return
        at = now()
        with self._lock:
            recent = self._faults.setdefault(fault.owner, deque(maxlen=self.faults_allowed))
            recent.append(at)
            many = len(recent) == self.faults_allowed and at - recent[0] <= WITHIN
            again = self._probation.get(fault.owner, at) > at
            if not (many or again) or fault.owner in self._held:
                return
            self._hold(fault.owner, at)
        self._changed()

    def holds(self, owner: str) -> bool:
        """Tell whether a plugin is switched off because of its faults."""
        return owner in self._held

    def due(self) -> bool:
        """Let those out whose time is over, on probation: the next fault within a minute brings them back in."""
        if not self._held:
            return False
        at = now()
        over = [owner for owner, until in self._held.items() if until <= at]
        with self._lock:
            for owner in over:
                self._held.pop(owner, None)
                self._probation[owner] = at + WITHIN
                self._unwritten[owner] = None
                log.warning("The plugin “%s” gets another try.", owner)
        return bool(over)

    def learn(self, written: Mapping[str, datetime | None]) -> None:
        """Take over what other processes wrote down."""
        at = now()
        with self._lock:
            for owner, until in written.items():
                if owner in self._unwritten:
                    continue
                if until is not None and until > at:
                    self._held[owner] = until
                else:
                    self._held.pop(owner, None)

    def forgive(self, owner: str) -> None:
        """Forget the faults of a plugin: an administrator switched it."""
        with self._lock:
            for memory in (self._faults, self._held, self._probation, self._unwritten):
                memory.pop(owner, None)
        forgive(owner)

    def forget(self) -> None:
        """Forget everything."""
        with self._lock:
            for memory in (self._faults, self._held, self._probation, self._unwritten):
                memory.clear()
            self.latest.clear()
        forgive()

    def take_changes(self) -> Mapping[str, datetime | None]:
        """Return what has not been written down yet: owner → until when, None for let out."""
        if not self._unwritten:
            return {}
        with self._lock:
            changes, self._unwritten = self._unwritten, {}
        return changes

    def _hold(self, owner: str, at: datetime) -> None:
        self._held[owner] = self._unwritten[owner] = at + LASTS
        self._faults.pop(owner, None)
        self._probation.pop(owner, None)
        log.error("The plugin “%s” failed again and again: it is switched off for five minutes.", owner)
