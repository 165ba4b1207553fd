"""Colleagues who are mentioned in a text, or given a task, are told so in the transaction of the change."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import select

from app.formats.fold import fold
from app.i18n import _l
from app.kernel.context import Context
from app.kernel.contributions import Kind
from app.models import User
from app.services import access, notifications, notify_channels, people
from app.services.unit import current

MENTION = re.compile(r"(?<![\w@./])@(\w[\w.'’-]*(?:[ \u00a0]\w[\w.'’-]*){0,3})")
"""An @ that begins a word, and up to four words after it: a colleague's name is looked for at their beginning."""

COLLEAGUES = 2000
NOTED = "to tell"

EXCERPT = 140
MANY = 10
"""Who is concerned by more changes of one act than this is told once."""


@dataclass(frozen=True, kw_only=True)
class Note:
    """What was noted of a change: the notice, the record, and either names that may be mentioned or people concerned.

    `field` and `text` are where the names stand.
    """

    topic: str
    about: notifications.Target
    names: tuple[str, ...] = ()
    people: tuple[int, ...] = ()
    field: str = ""
    text: str = ""


def heard(ctx: Context, events: Sequence[Any]) -> None:
    """A subscriber within the transaction: note what people are to be told once everything is written."""
    found = [note for event in events for note in _notes(ctx, event)]
    held = current(ctx.session)
    if not found or held is None:
        return
    if NOTED not in held.memory:
        held.memory[NOTED] = []
        held.before_commit.append(partial(_settle, ctx, held.memory))
    held.memory[NOTED].extend(found)


def mentions(text: str) -> list[str]:
    """Return the words after each @ of a text, folded for comparison."""
    return [fold(found) for found in MENTION.findall(text)]


def _notes(ctx: Context, event: Any) -> Iterator[Note]:
    if not event.entity or event.record_id is None or not ctx.schema.has(event.entity):
        return
    if not event.topic.endswith((".created", ".updated")):
        return
    about = (event.entity, event.record_id)
    for name, text in event.after.items():
        if isinstance(text, str) and "@" in text and _is_prose(ctx, event.entity, name):
            known = set(mentions(str(event.before.get(name) or "")))
            fresh = tuple(words for words in mentions(text) if words not in known)
            if fresh:
                yield Note(topic="mention", about=about, names=fresh, field=name, text=text)
    if event.entity == "task":
        people_now = _doers(event.after) - _doers(event.before) - {ctx.user.id}
        if people_now:
            yield Note(topic="assigned", about=about, people=tuple(sorted(people_now)))


def _is_prose(ctx: Context, entity: str, name: str) -> bool:
    return any(f.key == name and f.kind is Kind.LONG_TEXT for f in ctx.schema.fields(entity))


def _doers(values: Any) -> set[Any]:
    """Return who does a task: the one it is assigned to, and those who help."""
    return {i for i in (values.get("assignee_id"), *(values.get("mates") or ())) if i}


def _settle(ctx: Context, memory: dict[str, Any]) -> None:
    noted: list[Note] = memory.pop(NOTED, [])
    colleagues = _colleagues(ctx) if any(note.names for note in noted) else []
    waiting: dict[tuple[str, int], list[Note]] = {}
    for note in noted:
        told = note.people or tuple(i for i in found_in(note.names, colleagues) if i != ctx.user.id)
        for user_id in told:
            waiting.setdefault((note.topic, user_id), []).append(note)
    for (topic, user_id), notes in waiting.items():
        if len(notes) > MANY:
            _tell_of_many(ctx, topic, user_id)
            continue
        for note in notes:
            notifications.send(ctx, [user_id], topic, _words(ctx, note, user_id), about=note.about)


def _tell_of_many(ctx: Context, topic: str, user_id: int) -> None:
    """Say once, whatever work on many records goes on in the next hour."""
    text = (
        _l("%(who)s gave you many tasks at once", who=ctx.user.name)
        if topic == "assigned"
        else _l("%(who)s mentioned you on many records at once", who=ctx.user.name)
    )
    url = notify_channels.path("tasks.index") if topic == "assigned" else ""
    key = f"many {topic} by {ctx.user.id} at {ctx.now:%Y%m%d%H}"
    notifications.send(ctx, [user_id], topic, text, url=url, key=key)


def _words(ctx: Context, note: Note, user_id: int) -> Any:
    entity = note.about[0]
    named = people.names(ctx, [note.about]).get(note.about)
    what = named.name if named is not None else str(ctx.schema.entity(entity).label)
    if note.topic == "assigned":
        return _l("%(who)s gave you a task: %(what)s", who=ctx.user.name, what=what)
    with notifications.receiving(ctx, user_id) as reader:
        if entity == "interaction" and reader is not None and access.sees(reader, entity, note.field):
            what = " ".join(note.text.split())
            what = what if len(what) <= EXCERPT else what[: EXCERPT - 1] + "…"
    return _l("%(who)s mentioned you: %(what)s", who=ctx.user.name, what=what)


def _colleagues(ctx: Context) -> list[tuple[str, int]]:
    rows = ctx.session.execute(select(User.id, User.name).where(User.active.is_(True)).limit(COLLEAGUES))
    return [(fold(row.name), row.id) for row in rows]


def found_in(texts: Iterable[str], colleagues: Sequence[tuple[str, int]]) -> list[int]:
    """Return who is meant by the words after an @: the longest full name, else a first name only one person has."""
    found: list[int] = []
    for text in texts:
        full = [(n, i) for n, i in colleagues if n and (text == n or text.startswith(f"{n} "))]
        if full:
            longest = max(len(n) for n, _i in full)
            found += [i for n, i in full if len(n) == longest]
            continue
        first = text.split(" ")[0]
        named = [i for n, i in colleagues if n.split(" ")[0] == first]
        found += named if len(named) == 1 else []
    return list(dict.fromkeys(found))
