"""What was told in a test: the events of the log since it began."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from app.kernel.events import Event, matches
from app.models import EventRow
from app.services.context import session
from app.services.values import load


class Told:
    """The events that were stored since this object was made."""

    def __init__(self) -> None:
        self._since = session().execute(select(func.max(EventRow.id))).scalar() or 0

    def __call__(self, topic: str = "*") -> Sequence[Event]:
        """Return the events of a topic, which may end in `.*`, in the order in which they happened."""
        query = select(EventRow).where(EventRow.id > self._since).order_by(EventRow.id)
        rows = session().execute(query).scalars().all()
        return [_event(row) for row in rows if matches(topic, row.topic)]

    def topics(self) -> Sequence[str]:
        """Return the topics that occurred, each once."""
        return list(dict.fromkeys(event.topic for event in self()))


def _event(row: EventRow) -> Event:
    return Event(
        id=row.id,
        topic=row.topic,
        entity=row.entity,
        record_id=row.record_id,
        before=load(row.before),
        after=load(row.after),
        actor_id=row.actor_id,
        source=row.source,
        at=row.at,
        depth=row.depth,
        operation_id=row.operation_id,
    )
