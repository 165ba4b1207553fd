"""Keeps the search index: which documents are stale within a unit, and what they say (DECISIONS 37).

A document is written by the house, not by whoever changed the record: it holds every search field, and whoever
searches is shown only what his own fields confirm (services/search).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import Any, cast
from zlib import crc32

from sqlalchemy import Select, bindparam, delete, select, update

from app.formats.fold import deletions, doc
from app.kernel.context import Context
from app.kernel.contributions import Entity, Field, Kind
from app.models import Affiliation, SearchDelete, SearchDoc, SearchName
from app.services import fields, jobs, mass, principals
from app.services.access import WITH_TRASH
from app.services.search_words import NAME, texts
from app.services.unit import current, has_made

BATCH = 500
AT_ONCE = 200
"""Documents that quote a changed record and are written with it; if there are more, a job writes them."""

FOLLOW = "search.follow"
"""The job that writes the documents of records that quote another."""

MISSPELT = range(4, 31)
"""Lengths of words for which one typo is forgiven."""

DOC: Any = SearchDoc.__table__
WORD: Any = SearchName.__table__
FORM: Any = SearchDelete.__table__


@dataclass(frozen=True)
class Plan:
    """What search knows of an entity: its search fields, heaviest first, and those that make up the record's name.

    A change of a `heard` field makes the document stale, one of a `renaming` field also those that quote the name.
    """

    entity: Entity
    fields: tuple[Field, ...]
    naming: frozenset[str]
    heard: frozenset[str]
    renaming: frozenset[str]


def plan(ctx: Context, entity: str) -> Plan:
    """Return how the records of an entity are found, from the process's cache."""
    return _plan(cast(Any, ctx.schema), entity)


@lru_cache(maxsize=128)
def _plan(schema: Any, entity: str) -> Plan:
    kind: Entity = schema.entity(entity)
    every: Sequence[Field] = schema.fields(entity)
    sought = sorted((f for f in every if f.search > 0), key=lambda f: -f.search)
    named = frozenset(f.key for f in sought if f.search >= NAME or f.column == kind.title)
    derived = {f.key for f in every if kind.derive is not None and f.kind is Kind.TEXT}
    heard = {f.key for f in sought} | {f.key for f in every if f.column is None} | derived
    return Plan(kind, tuple(sought), named, frozenset(heard), named | derived | {"deleted_at"})


def base(entity: str) -> int:
    """Return the number from which the keys of an entity's documents count: documents of an entity are one range."""
    return (crc32(entity.encode()) & 0x7FFFFFFF) << 32


def stale(ctx: Context, entity: str, record_id: int, changed: Mapping[str, Any]) -> None:
    """Note that fields of a record changed; its document is written once, before the open unit commits."""
    found = plan(ctx, entity)
    held = current(ctx.session)
    if not found.fields or held is None:
        return
    if "search" not in held.memory:
        waiting: dict[str, dict[int, bool]] = {}
        held.memory["search"] = waiting
        held.before_commit.append(partial(_settle, ctx, waiting))
    if found.heard & changed.keys() or (entity in FOLLOWERS and found.renaming & changed.keys()):
        noted = held.memory["search"].setdefault(entity, {})
        noted[record_id] = noted.get(record_id, False) or bool(found.renaming & changed.keys())


def reindex(ctx: Context, entity: str | None = None) -> int:
    """Write the documents of all records (of one entity) anew, a batch per unit; returns how many were looked at."""
    names = [entity] if entity else [e.key for e in ctx.schema.entities()]
    return sum(_all(ctx, name) for name in names if plan(ctx, name).fields)


def follow(ctx: Context, args: Mapping[str, Any]) -> None:
    """Write the documents of records that quote others (a job): `of` is the entity of the quoted `ids`."""
    entity, query = FOLLOWERS[args["of"]]
    ids: list[int] = list(ctx.session.scalars(query(args["ids"])))
    for at in range(0, len(ids), BATCH):
        with ctx.unit():
            write(ctx, entity, ids[at : at + BATCH])


def write(ctx: Context, entity: str, ids: Sequence[int]) -> None:
    """Write the documents of records within the open unit, trashed ones too; what did not change is left alone."""
    found = plan(ctx, entity)
    session = ctx.session
    former = session.info.get("ctx")
    session.info["ctx"] = seeing = replace(ctx, user=principals.system("search index", ctx.user.epoch))
    try:
        rows = session.execute(_columns(found, ids), execution_options={WITH_TRASH: True}).all()
        values = fields.load(seeing, found.entity, found.fields, rows)
    finally:
        session.info["ctx"] = former
    said = {row.id: _said(seeing, found, values, row.id) for row in rows}
    _write_docs(session, entity, {i: document for i, (document, _, _) in said.items()})
    _write_names(session, entity, {i: names for i, (_, names, _) in said.items()})
    _write_forms(ctx, set().union(*(spelt for _, _, spelt in said.values())))


def companions(ids: Iterable[int]) -> Select[int]:
    """Select the contacts whose documents quote companies: those who work or worked there."""
    return select(Affiliation.contact_id).where(Affiliation.company_id.in_(list(ids))).distinct()


FOLLOWERS: dict[str, tuple[str, Callable[[Iterable[int]], Select[int]]]] = {
    "company": ("contact", companions)
}
"""Entity → the entity whose documents quote its names, and which records do."""


def _settle(ctx: Context, waiting: Mapping[str, Mapping[int, bool]]) -> None:
    for entity, noted in list(waiting.items()):
        ids = sorted(noted)
        for at in range(0, len(ids), BATCH):
            write(ctx, entity, ids[at : at + BATCH])
        renamed = [i for i in ids if noted[i]]
        if renamed and entity in FOLLOWERS:
            _settle_followers(ctx, entity, renamed, waiting.get(FOLLOWERS[entity][0], {}))


def _settle_followers(ctx: Context, of: str, renamed: Sequence[int], written: Mapping[int, bool]) -> None:
    """Write the documents that quote renamed records, but for those that this unit writes anyway."""
    entity, query = FOLLOWERS[of]
    renamed = [i for i in renamed if not has_made(ctx.session, of, [i])]
    if not renamed:
        return
    found = ctx.session.scalars(query(renamed).limit(AT_ONCE + len(written) + 1))
    ids = [i for i in found if i not in written]
    if len(ids) <= AT_ONCE:
        write(ctx, entity, ids)
    else:
        jobs.enqueue(ctx, FOLLOW, {"of": of, "ids": list(renamed)}, user_id=None)


def _all(ctx: Context, entity: str) -> int:
    model = plan(ctx, entity).entity.model
    last, count = 0, 0
    while True:
        with ctx.unit():
            query = select(model.id).where(model.id > last).order_by(model.id).limit(BATCH)
            ids = list(ctx.session.execute(query, execution_options={WITH_TRASH: True}).scalars())
            if not ids:
                return count
            write(ctx, entity, ids)
        last, count = ids[-1], count + len(ids)


def _columns(found: Plan, ids: Sequence[int]) -> Select[Any]:
    model = found.entity.model
    names = dict.fromkeys(["id", *(f.column for f in found.fields if f.column)])
    return select(*(getattr(model, name) for name in names)).where(model.id.in_(ids))


def _said(ctx: Context, found: Plan, values: fields.Loaded, record_id: int) -> tuple[str, set[str], set[str]]:
    """Return a record's document, the words of its name, and the words whose misspellings are to be understood."""
    told = [(f, texts(ctx, f, values.get(f.key, {}).get(record_id))) for f in found.fields]
    names = doc(*(text for f, parts in told if f.key in found.naming for text in parts)).split()
    tags = doc(*(text for f, parts in told if f.kind is Kind.TAGS for text in parts)).split()
    return doc(*(text for _, parts in told for text in parts)), set(names), {*names, *tags}


def _write_docs(session: Any, entity: str, docs: Mapping[int, str]) -> None:
    start = base(entity)
    keys = [start + i for i in docs]
    query = select(DOC.c.record_id, DOC.c.doc).where(DOC.c.id.in_(keys))
    known = {} if has_made(session, entity, docs) else dict(session.execute(query).all())
    new = [
        {"id": start + i, "entity": entity, "record_id": i, "doc": text}
        for i, text in docs.items()
        if i not in known
    ]
    changed = [{"key": start + i, "text": t} for i, t in docs.items() if i in known and known[i] != t]
    if new:
        mass.put(session, DOC, new)
    if changed:
        change = update(DOC).where(DOC.c.id == bindparam("key")).values(doc=bindparam("text"))
        session.connection().execute(change, changed)


def _write_names(session: Any, entity: str, names: Mapping[int, set[str]]) -> None:
    query = select(WORD.c.record_id, WORD.c.word).where(
        WORD.c.entity == entity, WORD.c.record_id.in_(list(names))
    )
    fresh = has_made(session, entity, names)
    there = set() if fresh else {(row.record_id, row.word) for row in session.execute(query)}
    wanted = {(i, word) for i, found in names.items() for word in found}
    gone = [{"i": i, "w": word} for i, word in there - wanted]
    new = [{"entity": entity, "word": word, "record_id": i} for i, word in sorted(wanted - there)]
    if gone:
        mine = (WORD.c.entity == entity, WORD.c.record_id == bindparam("i"), WORD.c.word == bindparam("w"))
        session.connection().execute(delete(WORD).where(*mine), gone)
    if new:
        mass.put(session, WORD, new)


def _write_forms(ctx: Context, spelt: Iterable[str]) -> None:
    words = [word for word in spelt if len(word) in MISSPELT]
    known: set[str] = set()
    for at in range(0, len(words), BATCH):
        some = words[at : at + BATCH]
        known |= set(
            ctx.session.execute(
                select(FORM.c.word).where(FORM.c.form.in_(some), FORM.c.form == FORM.c.word)
            ).scalars()
        )
    rows = [
        {"form": form, "word": w} for w in sorted({*words} - known) for form in (w, *sorted(deletions(w)))
    ]
    if rows:
        statement = jobs.insert_of(ctx, SearchDelete).on_conflict_do_nothing()
        ctx.session.connection().execute(statement, rows)
