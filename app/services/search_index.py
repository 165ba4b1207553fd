"""Keeps the search index: which documents are stale within a unit, and what they say (DECISIONS 37).

A document is written by the house, not by whoever changed the record: it holds every search field, and whoever
searches is shown only what his own fields confirm (services/search).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
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
from app.services.search_words import NAME, texts, worded
from app.services.unit import current, has_made

BATCH = 500
AT_ONCE = 200
"""Documents that quote a changed record and are written with it; if there are more, a job writes them."""

FOLLOW = "search.follow"
"""The job that writes the documents of records that quote another."""

GIVEN = "search given"
"""What a unit remembers of records it has made: (entity, id) → the record and its loaded fields."""

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
    held.memory.get(GIVEN, {}).pop((entity, record_id), None)
    if found.heard & changed.keys() or (found.renaming & changed.keys() and followers(ctx, entity)):
        noted = held.memory["search"].setdefault(entity, {})
        noted[record_id] = noted.get(record_id, False) or bool(found.renaming & changed.keys())


def made(ctx: Context, entity: str, records: Sequence[Any], loaded: fields.Loaded) -> None:
    """Note new records together with what their fields say, so that nothing of it has to be read again.

    A later change of one within the unit makes it be read like any other.
    """
    for record in records[:1]:
        stale(ctx, entity, record.id, loaded)
    held = current(ctx.session)
    if held is not None and records and plan(ctx, entity).fields:
        noted = held.memory["search"].get(entity, {})
        if records[0].id in noted:
            renamed = noted[records[0].id]
            noted.update({record.id: renamed or noted.get(record.id, False) for record in records})
        given = held.memory.setdefault(GIVEN, {})
        given.update({(entity, record.id): (record, loaded) for record in records})


def reindex(ctx: Context, entity: str | None = None) -> int:
    """Write the documents of all records (of one entity) anew, a batch per unit; returns how many were looked at."""
    names = [entity] if entity else searched(ctx)
    return sum(len(ids) for name in names if plan(ctx, name).fields for ids in batches(ctx, name))


def searched(ctx: Context) -> Sequence[str]:
    """Return the entities whose records are found by search."""
    return [e.key for e in ctx.schema.entities() if plan(ctx, e.key).fields]


def batches(ctx: Context, entity: str, *, after: int = 0) -> Iterator[Sequence[int]]:
    """Write the documents of an entity's records anew and yield the ids of each batch, in their order.

    Each batch is a unit of its own: whoever stops goes on `after` the last id.
    """
    model = plan(ctx, entity).entity.model
    while True:
        with ctx.unit():
            query = select(model.id).where(model.id > after).order_by(model.id).limit(BATCH)
            ids = list(ctx.session.execute(query, execution_options={WITH_TRASH: True}).scalars())
            if ids:
                write(ctx, entity, ids)
        if not ids:
            return
        yield ids
        after = ids[-1]


def follow(ctx: Context, args: Mapping[str, Any]) -> None:
    """Write the documents of records that quote others (a job): `of` is the entity of the quoted `ids`."""
    for entity, query in followers(ctx, args["of"]):
        if entity == args.get("by", entity):
            ids: list[int] = list(ctx.session.scalars(query(args["ids"])))
            for at in range(0, len(ids), BATCH):
                with ctx.unit():
                    write(ctx, entity, ids[at : at + BATCH])


def write(ctx: Context, entity: str, ids: Sequence[int], *, same: Set[int] = frozenset()) -> None:
    """Write the documents of records within the open unit, trashed ones too; what did not change is left alone.

    The names of records in `same` did not change, so the words of these are not looked at.
    """
    found = plan(ctx, entity)
    session = ctx.session
    with _as_index(ctx) as seeing:
        rows, values = _read(seeing, found, ids)
        values = worded(seeing, found.fields, values)
    known = _documents(session, entity, [row.id for row in rows])
    same = known.keys() & same
    told = [(field, values[field.key]) for field in found.fields if values.get(field.key)]
    said = {row.id: _said(seeing, found, told, row.id, named=row.id not in same) for row in rows}
    _write_docs(session, entity, {i: document for i, (document, _, _) in said.items()}, known)
    _write_names(session, entity, {i: names for i, (_, names, _) in said.items() if i not in same})
    _write_forms(ctx, set().union(*(spelt for _, _, spelt in said.values())))


@contextmanager
def _as_index(ctx: Context) -> Iterator[Context]:
    """See everything for a while, as the index does."""
    former = ctx.session.info.get("ctx")
    ctx.session.info["ctx"] = seeing = replace(ctx, user=principals.system("search index", ctx.user.epoch))
    try:
        yield seeing
    finally:
        ctx.session.info["ctx"] = former


def _read(ctx: Context, found: Plan, ids: Sequence[int]) -> tuple[Sequence[Any], fields.Loaded]:
    """Return records and their search fields; of records that the unit has made only what nobody has told yet."""
    made = _made_with(ctx, found.entity.key, ids)
    if made is None:
        rows = ctx.session.execute(_columns(found, ids), execution_options={WITH_TRASH: True}).all()
        return rows, fields.load(ctx, found.entity, found.fields, rows)
    records, told = made
    unknown = [f for f in found.fields if f.key not in told and not _is_empty_at_first(f)]
    return records, {**fields.load(ctx, found.entity, unknown, records), **told}


def _made_with(
    ctx: Context, entity: str, ids: Sequence[int]
) -> tuple[Sequence[Any], dict[str, Mapping[int, Any]]] | None:
    """Return records that the unit has made with what was told of them; None when one is not among these."""
    held = current(ctx.session)
    given = held.memory.get(GIVEN, {}) if held is not None else {}
    known = [given[entity, i] for i in ids if (entity, i) in given]
    if len(known) < len(ids) or any(record not in ctx.session for record, _loaded in known):
        return None
    told: dict[str, dict[int, Any]] = {}
    for loaded in {id(loaded): loaded for _record, loaded in known}.values():
        for key, values in loaded.items():
            told.setdefault(key, {}).update(values)
    return [record for record, _loaded in known], dict(told)


def _is_empty_at_first(field: Field) -> bool:
    """Tell whether nothing can be in a field of a new record to which nothing was given: rows of its own, saved by the core."""
    return field.owner == "core" and field.load is not None and field.save is not None


def companions(ids: Iterable[int]) -> Select[int]:
    """Select the contacts whose documents quote companies: those who work or worked there."""
    return select(Affiliation.contact_id).where(Affiliation.company_id.in_(list(ids))).distinct()


Query = Callable[[Iterable[int]], Select[int]]
FOLLOWERS: dict[str, tuple[tuple[str, Query], ...]] = {"company": (("contact", companions),)}
"""Entity → the entities whose documents quote its names otherwise than by a field, and which records do."""


def followers(ctx: Context, of: str) -> Sequence[tuple[str, Query]]:
    """Return which entities quote the names of one, and how the records are found that do.

    An entity whose texts are derived from a reference quotes what that points to, and so does a searched reference.
    """
    return _followers(cast(Any, ctx.schema), of)


@lru_cache
def _followers(schema: Any, of: str) -> Sequence[tuple[str, Query]]:
    found = [
        (kind.key, partial(_pointing, kind.model, field.column))
        for kind in schema.entities()
        for field in schema.fields(kind.key)
        if field.kind is Kind.REF
        and field.ref == of
        and field.column
        and (field.search > 0 or field.key in (kind.derive_from or ()))
    ]
    return [*FOLLOWERS.get(of, ()), *found]


def _pointing(model: Any, column: str, ids: Iterable[int]) -> Select[int]:
    return select(model.id).where(getattr(model, column).in_(list(ids)))


def _settle(ctx: Context, waiting: Mapping[str, Mapping[int, bool]]) -> None:
    for entity, noted in list(waiting.items()):
        ids = sorted(noted)
        for at in range(0, len(ids), BATCH):
            write(ctx, entity, ids[at : at + BATCH], same={i for i in ids[at : at + BATCH] if not noted[i]})
        renamed = [i for i in ids if noted[i] and not has_made(ctx.session, entity, [i])]
        for by, query in followers(ctx, entity) if renamed else ():
            _settle_followers(ctx, (entity, by), query, renamed, waiting.get(by, {}))


def _settle_followers(
    ctx: Context, who: tuple[str, str], query: Query, renamed: Sequence[int], written: Mapping[int, bool]
) -> None:
    """Write the documents that quote renamed records, but for those that this unit writes anyway."""
    of, by = who
    with _as_index(ctx):
        found = ctx.session.scalars(query(renamed).limit(AT_ONCE + len(written) + 1)).all()
    ids = [i for i in found if i not in written]
    if len(ids) <= AT_ONCE:
        write(ctx, by, ids)
    else:
        jobs.enqueue(ctx, FOLLOW, {"of": of, "by": by, "ids": list(renamed)}, user_id=None)


def _columns(found: Plan, ids: Sequence[int]) -> Select[Any]:
    model = found.entity.model
    names = dict.fromkeys(["id", *(f.column for f in found.fields if f.column)])
    return select(*(getattr(model, name) for name in names)).where(model.id.in_(ids))


def _said(
    ctx: Context,
    found: Plan,
    values: Sequence[tuple[Field, Mapping[int, Any]]],
    record_id: int,
    *,
    named: bool,
) -> tuple[str, set[str], set[str]]:
    """Return a record's document, the words of its name (if `named`), and those whose misspellings are to be understood."""
    every: list[str] = []
    naming: list[str] = []
    tagged: list[str] = []
    for field, of_records in values:
        value = of_records.get(record_id)
        if not value and value != 0:
            continue
        parts = texts(ctx, field, value)
        every += parts
        if named and field.key in found.naming:
            naming += parts
        if field.kind is Kind.TAGS:
            tagged += parts
    names = doc(*naming).split()
    return doc(*every), set(names), {*names, *(doc(*tagged).split() if tagged else ())}


def _documents(session: Any, entity: str, ids: Sequence[int]) -> dict[int, str]:
    """Return the documents that records have: none if the unit has made all of them."""
    if has_made(session, entity, ids):
        return {}
    start = base(entity)
    query = select(DOC.c.record_id, DOC.c.doc).where(DOC.c.id.in_([start + i for i in ids]))
    return dict(session.execute(query).all())


def _write_docs(session: Any, entity: str, docs: Mapping[int, str], known: Mapping[int, str]) -> None:
    start = base(entity)
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
    if not names:
        return
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
    words = [word for word in spelt if len(word) in MISSPELT and not word.isdecimal()]
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
    mass.put_new(ctx.session, FORM, rows)
