"""Finding anything by what a person types: names in parts, numbers in any form, mail, company, text of entries.

Whose rows are found is decided inside the candidate query, what they are found by is confirmed afterwards with the
fields that the principal may see (DECISIONS 8). Both databases answer the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.kernel.context import Context
from app.kernel.contributions import SearchProvider
from app.kernel.guard import Failure, Surface, run
from app.models import Interaction
from app.services import access, search_hits, search_sql, search_texts, search_typos
from app.services.search_hits import Hit
from app.services.search_index import Plan, plan
from app.services.search_words import Query, document, parse

EACH = 5
"""Hits of each kind where all kinds are shown."""

MOST = 50
FEW = 5
"""With fewer exact hits a typo is assumed."""

TEXT_FIELDS = ("subject", "body", "location")


@dataclass(frozen=True)
class Group:
    """Hits of one kind, and whether there are `more`. `count` is how many were found; `capped` says that there are more
    than that: the search stopped looking there, or to tell them all would tell of hits the principal may not see.
    """

    entity: str
    label: str
    hits: tuple[Hit, ...]
    more: bool = False
    count: int = 0
    capped: bool = False


@dataclass(frozen=True)
class Results:
    """What was found. `corrected` is the query that was looked up, too (`beside`) or in place of the one typed."""

    query: str
    groups: tuple[Group, ...] = ()
    corrected: str | None = None
    beside: bool = False
    words: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        """How many hits are shown."""
        return sum(len(group.hits) for group in self.groups)


def find(
    ctx: Context, text: str, *, entity: str | None = None, limit: int | None = None, after: int = 0
) -> Results:
    """Return what is found for a typed text, in all kinds of record or one; `limit` is per kind.

    Of one kind there are pages: `after` is the id of the last hit of the page before. With fewer than five exact hits
    the words are also tried with one typo corrected.
    """
    query = parse(text)
    if not query:
        return Results(text)
    each = min(limit or (MOST if entity else EACH), MOST)
    groups = _page(ctx, query, entity, each, after) if entity else _groups(ctx, query, each)
    if after or sum(len(g.hits) for g in groups) >= FEW:
        return Results(text, groups, words=_marked(query))
    searched = [e.key for e in ctx.schema.entities() if plan(ctx, e.key).fields and ctx.may(f"{e.key}.view")]
    for other in search_typos.alternatives(ctx, query, searched):
        near = _page(ctx, other, entity, each) if entity else _groups(ctx, other, each, corrected=True)
        better = _joined(groups, near)
        if sum(len(g.hits) for g in better) > sum(len(g.hits) for g in groups):
            marked = (*_marked(query), *_marked(other))
            return Results(text, better, other.text, bool(groups), marked)
    return Results(text, groups, words=_marked(query))


def searchable(ctx: Context) -> Sequence[str]:
    """Return the entities in which the principal can look for something."""
    every = [e for e in ctx.schema.entities() if plan(ctx, e.key).fields or e.model is Interaction]
    return [e.key for e in every if ctx.may(f"{e.key}.view")]


def _marked(query: Query) -> tuple[str, ...]:
    return (*query.numbers, *query.words)


def _groups(ctx: Context, query: Query, limit: int, *, corrected: bool = False) -> tuple[Group, ...]:
    """Return the hits of all kinds; a `corrected` word stands in documents, so that nothing else is asked."""
    wanted = [plan(ctx, name) for name in searchable(ctx)]
    proof = {of.entity.key: search_hits.needs_proof(ctx, of) for of in wanted if of.fields}
    many, some = min(search_sql.SEEN, 40 * limit), 4 * limit + 1
    limits = {name: many if asked else some for name, asked in proof.items()}
    ids = search_sql.by_document(ctx, limits, query) if corrected else _ids(ctx, query, limits)
    found = [
        _group(ctx, of, query, limit, ids.get(of.entity.key, []), proof[of.entity.key])
        if of.entity.model is not Interaction
        else _interactions(ctx, of, query, limit)
        for of in wanted
        if not (corrected and of.entity.model is Interaction)
    ]
    foreign = [] if corrected else _provided(ctx, query, limit)
    return tuple(group for group in (*found, *foreign) if group.hits)


def _page(ctx: Context, query: Query, entity: str, limit: int, after: int = 0) -> tuple[Group, ...]:
    """Return the hits of one kind that follow the record `after`, of all that are looked at."""
    if entity not in searchable(ctx):
        return ()
    of, proof = plan(ctx, entity), False
    if of.entity.model is Interaction:
        every = _entries(ctx, query, search_sql.SEEN)
    else:
        ids = _ids(ctx, query, {entity: search_sql.SEEN})[entity]
        every = search_hits.ranked(of, search_hits.rows(ctx, of, ids), query)
        proof = search_hits.needs_proof(ctx, of)
    at = next((place for place, row in enumerate(every, 1) if row.id == after), 0)
    rows = every[at:]
    if proof:
        rows = _proven(ctx, of, query, limit, [row.id for row in rows])
    more = len(rows) > limit
    group = _made(ctx, of, rows, query, limit)
    if proof:
        part = bool(more or after)
        count, capped = (limit if part else len(rows)), part
    else:
        count, capped = len(every), len(every) >= search_sql.SEEN
    return (replace(group, more=more, count=count, capped=capped),) if group.hits else ()


def _ids(ctx: Context, query: Query, limits: Mapping[str, int]) -> dict[str, list[int]]:
    """Return candidates of each entity: names that begin with the query first, then all that hold it somewhere."""
    found: dict[str, list[int]] = {name: [] for name in limits}
    if len(query.words) == 1 or not query.alternatives:
        found = search_sql.by_name(ctx, limits, query)
    open_ended = {name: most for name, most in limits.items() if len(found[name]) < most}
    for name, more in search_sql.by_document(ctx, open_ended, query).items():
        found[name] = list(dict.fromkeys([*found[name], *more]))[: limits[name]]
    return found


def _group(ctx: Context, of: Plan, query: Query, limit: int, ids: Sequence[int], proof: bool) -> Group:
    if proof:
        rows = _proven(ctx, of, query, limit, ids)
        if len(rows) <= limit and 40 * limit <= len(ids) < search_sql.SEEN:
            every = _ids(ctx, query, {of.entity.key: search_sql.SEEN})[of.entity.key]
            rows = _proven(ctx, of, query, limit, every)
    else:
        rows = search_hits.ranked(of, search_hits.rows(ctx, of, ids), query) if ids else []
    return _counted(_made(ctx, of, rows, query, limit), len(rows), limit if proof else 4 * limit)


def _counted(group: Group, found: int, most: int) -> Group:
    """Return a group with how many there are, said exactly up to so many."""
    return replace(group, count=min(found, most), capped=found > most)


def _made(ctx: Context, of: Plan, rows: Sequence[Any], query: Query, limit: int) -> Group:
    """Return the group of the first of some rows."""
    if of.entity.model is Interaction:
        hits = [search_hits.entry(ctx, row) for row in rows[:limit]]
    else:
        hits = search_hits.hits(ctx, of, rows[:limit], query) if rows else []
    return Group(of.entity.key, str(of.entity.plural), tuple(hits), len(rows) > limit)


def _proven(ctx: Context, of: Plan, query: Query, limit: int, ids: Sequence[int]) -> list[Any]:
    """Return at least one row more than the limit, if there are, each confirmed by what the principal may see."""
    found: list[Any] = []
    size = max(2 * limit, 12)
    for at in range(0, len(ids), size):
        some = search_hits.rows(ctx, of, ids[at : at + size], whole=True)
        found += search_hits.confirmed(ctx, of, some, query)
        if len(found) > limit:
            break
    return search_hits.ranked(of, found, query)


def _interactions(ctx: Context, of: Plan, query: Query, limit: int) -> Group:
    rows = _entries(ctx, query, 4 * limit + 1)
    return _counted(_made(ctx, of, rows, query, limit), len(rows), 4 * limit)


def _entries(ctx: Context, query: Query, most: int) -> list[Any]:
    """Return interactions whose text answers the query by what the principal may see of it, newest first."""
    hidden = [name for name in TEXT_FIELDS if not access.sees(ctx, "interaction", name)]
    rows = list(search_texts.newest(ctx, query, search_sql.SEEN if hidden else most))
    if hidden and rows:
        shown = [f for f in ctx.schema.fields("interaction") if f.key in TEXT_FIELDS and f.key not in hidden]
        values = {f.key: {row.id: getattr(row, str(f.column)) for row in rows} for f in shown}
        rows = [row for row in rows if query.fits(document(ctx, shown, values, row.id))]
    return rows


def _provided(ctx: Context, query: Query, limit: int) -> list[Group]:
    """Ask the plugins for hits that are no records; one that fails is left out."""
    groups = []
    for provider in ctx.schema.all(SearchProvider):
        answer = run(
            provider.find,
            ctx,
            query.words,
            limit + 1,
            owner=provider.owner,
            surface=Surface.SEARCH,
            item=provider.key,
            session=ctx.session,
        )
        hits = [] if isinstance(answer, Failure) else [hit for hit in answer if isinstance(hit, Hit)]
        group = Group(provider.key, str(provider.label), tuple(hits[:limit]), len(hits) > limit)
        groups.append(_counted(group, len(hits), limit))
    return groups


def _joined(first: Sequence[Group], second: Sequence[Group]) -> tuple[Group, ...]:
    """Return the groups of two searches as one, the hits of the first before those of the second."""
    known = {(hit.entity, hit.id, hit.url) for group in first for hit in group.hits}
    added = {g.entity: [h for h in g.hits if (h.entity, h.id, h.url) not in known] for g in second}
    further = {g.entity for g in second if g.more}
    joined = []
    for g in first:
        more, capped = added.pop(g.entity, []), g.capped or g.entity in further
        joined.append(replace(g, hits=(*g.hits, *more), count=g.count + len(more), capped=capped))
    return (*joined, *(g for g in second if added.get(g.entity)))
