"""Entries of timelines that plugins keep elsewhere: asked of their owners, each within the guard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from app.kernel.context import Context
from app.kernel.contributions import TimelineEntry, TimelineKind
from app.kernel.guard import Failure, Surface, run

if TYPE_CHECKING:
    from app.services.timeline import Asked

OF_PEOPLE = ("contact", "company")
"""Records whose timelines show what is kept about people: their own, or those of everybody who works there."""

ROUNDS = (1, 4, 16, 64)
"""How many times more a source is asked for when what it gave is not wanted: shown already, or of another kind."""


@dataclass(frozen=True, kw_only=True)
class Cursor:
    """Where a page ended: the instant, and the interaction's id or else the plugin entry's key."""

    at: datetime
    id: int = 0
    key: str = ""


@dataclass(kw_only=True)
class Found:
    """What plugins had to tell, and which of them failed."""

    entries: list[TimelineEntry] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)


def key(entry: TimelineEntry) -> str:
    """Return what orders plugin entries of one instant."""
    return f"{entry.kind}:{entry.key}"


def cursor(at: datetime, item: Any) -> Cursor:
    """Return the cursor of an item of a timeline."""
    return Cursor(at=at, key=key(item)) if isinstance(item, TimelineEntry) else Cursor(at=at, id=item.id)


def entries(ctx: Context, entity: str, record_id: int, people: Sequence[int], asked: Asked) -> Found:
    """Return what plugins keep about a contact, a company's people or a record; nothing where a filter excludes it."""
    found = Found()
    if asked.author or asked.text:
        return found
    by_source: dict[Any, list[TimelineKind]] = {}
    for kind in ctx.schema.kinds():
        wanted = asked.kind in ("", kind.key) and (kind.permission is None or ctx.may(kind.permission))
        for source, ids in _sources(kind, entity, record_id, people) if wanted else ():
            by_source.setdefault((kind.owner, source, ids), []).append(kind)
    for (_owner, source, ids), kinds in by_source.items():
        _ask(ctx, source, kinds, list(ids), asked, found)
    found.entries = list({key(entry): entry for entry in found.entries}.values())
    return found


def _sources(
    kind: TimelineKind, entity: str, record_id: int, people: Sequence[int]
) -> list[tuple[Any, tuple[int, ...]]]:
    """Return whom to ask about which ids: of a company both about its people and about itself."""
    of_people = tuple(people) if entity == "company" else (record_id,)
    found = [(kind.source, of_people)] if entity in OF_PEOPLE else []
    found.append((kind.sources.get(entity), (record_id,)))
    return [(source, ids) for source, ids in found if source is not None and ids]


def _ask(
    ctx: Context, source: Any, served: Sequence[TimelineKind], ids: list[int], asked: Asked, found: Found
) -> None:
    """Ask a source once for all kinds that it serves; entries of a kind that is not wanted are left out."""
    kind, kinds = served[0], {one.key for one in served}
    before = asked.after.at if asked.after else asked.until
    new: list[TimelineEntry] = []
    for times in ROUNDS:
        most = (asked.limit + 2) * times
        given = run(
            _listed(source),
            ctx,
            ids,
            before,
            most,
            owner=kind.owner,
            surface=Surface.TIMELINE,
            item=kind.key,
            session=ctx.session,
        )
        if isinstance(given, Failure):
            found.failures.append(given)
            return
        new = [e for e in given if e.kind in kinds and _within(e, asked)]
        if len(given) < most or _whole(new, given[-1].at) > asked.limit:
            break
    found.entries += new


def _whole(new: Sequence[TimelineEntry], last: datetime) -> int:
    """Count the entries of instants that are told to their end: of the last one the source may hold back some."""
    return sum(entry.at > last for entry in new)


def _listed(source: Any) -> Any:
    """Return a source whose answer is read within the guard: it may be a generator, or hold what is no entry."""

    def call(*args: Any) -> list[TimelineEntry]:
        given = list(source(*args))
        wrong = [e for e in given if not isinstance(e, TimelineEntry) or e.at.tzinfo is None]
        if wrong:
            raise TypeError(f"{wrong[0]!r} is no TimelineEntry with an aware instant")
        return given

    return call


def _within(entry: TimelineEntry, asked: Asked) -> bool:
    if asked.since is not None and entry.at < asked.since:
        return False
    if asked.until is not None and entry.at >= asked.until:
        return False
    if asked.after is None or entry.at < asked.after.at:
        return True
    same = entry.at == asked.after.at
    return same and (bool(asked.after.id) or key(entry) > asked.after.key)
