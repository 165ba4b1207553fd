"""Candidates of a search, in SQL: the one module (with search_texts) that talks to the text indexes (DECISIONS 6, 8).

Every statement selects from the entities' models, so the access layer's criterion stands inside, before any LIMIT. Both
databases find the same records: substrings of words by trigrams, beginnings of names by an ordinary index. Statements
are built once for each shape of a query and then only given their values.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    column,
    func,
    literal,
    literal_column,
    or_,
    select,
    table,
    union_all,
)

from app.kernel.context import Context
from app.kernel.contributions import Entity
from app.models import Interaction, SearchDelete, SearchDoc, SearchName
from app.services import access, search_texts
from app.services.search_index import base
from app.services.search_texts import is_lite, match, quoted
from app.services.search_words import Query

SEEN = 1000
"""Matches that are looked at, at most."""

ORDERED = 500
"""Matches that are put in order (unless more are asked for); of more, the first by name and else the newest."""

DOCS = table("search_doc_fts", column("rowid"), column("doc"))
DOC: Any = SearchDoc.__table__
WORD: Any = SearchName.__table__
FORM: Any = SearchDelete.__table__
LAST = "\U0010ffff"
"""Sorts behind every letter."""


class Shape:
    """What a query looks like apart from its words: how many of which sort; decides the statement."""

    def __init__(self, query: Query, lite: bool) -> None:
        self.ways = () if lite else tuple(len(way) for way in query.alternatives)
        self.lite = lite
        self.short = 0 if query.numbers else len(query.short)
        self.others = len(query.words) - 1
        self.key = (self.ways, lite, self.short, self.others)

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Shape) and self.key == other.key


def by_name(ctx: Context, limits: Mapping[str, int], query: Query) -> dict[str, list[int]]:
    """Return, per entity, the visible records with a name that begins with the query's longest word.

    Exact names first, then mine, then the recent ones. Further words must begin some word of the record.
    """
    anchor = _anchor(query)
    given: dict[str, Any] = {"anchor": anchor, "end": anchor + LAST, "me": ctx.user.id or 0}
    given |= {f"other{n}": f"% {_plain(word)}%" for n, word in enumerate(_others(query, anchor))}
    return _run(ctx, _names_of, limits, given, Shape(query, is_lite(ctx)))


def by_document(ctx: Context, limits: Mapping[str, int], query: Query) -> dict[str, list[int]]:
    """Return, per entity, the visible records whose documents hold all parts of the query, mine and recent first."""
    if not query.alternatives:
        return {}
    shape = Shape(query, is_lite(ctx))
    given = {"me": ctx.user.id or 0, **_document_values(query, shape.lite)}
    return _run(ctx, _documents_of, limits, given, shape)


def matching(ctx: Context, entity: Entity, query: Query) -> ColumnElement[bool]:
    """Return the condition that a record of the entity's model answers the query: for lists."""
    model: Any = entity.model
    lite = is_lite(ctx)
    if model is Interaction:
        return search_texts.matching(ctx, query)
    if query.alternatives:
        found = _contains(entity.key, Shape(query, lite)).params(_document_values(query, lite))
    else:
        found = _begins(entity.key, query)
    if not lite:
        made = found.cte(nesting=True).prefix_with("MATERIALIZED", dialect="postgresql")
        found = select(made.c[0])
    chosen: ColumnElement[bool] = model.id.in_(found)
    return chosen


def near_words(ctx: Context, forms: Sequence[str], entities: Sequence[str]) -> dict[str, int]:
    """Return the words of names, companies and tags that share one of the forms (see SearchDelete), and in how many names
    of some entities each stands."""
    found = ctx.session.connection().execute(_NEAR, {"forms": forms, "entities": entities})
    return {row[0]: row[1] for row in found}


_FREQUENCY = (
    select(func.count())
    .select_from(WORD)
    .where(WORD.c.entity.in_(bindparam("entities", expanding=True)), WORD.c.word == FORM.c.word)
    .correlate(FORM)
    .scalar_subquery()
)
_NEAR = (
    select(FORM.c.word, func.max(_FREQUENCY))
    .where(FORM.c.form.in_(bindparam("forms", expanding=True)))
    .group_by(FORM.c.word)
    .order_by(FORM.c.word)
    .limit(SEEN)
)


# ---------------------------------------------------------------- all entities in one statement


def _run(
    ctx: Context, build: Any, limits: Mapping[str, int], given: Mapping[str, Any], shape: Shape
) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {entity: [] for entity in limits}
    if not limits:
        return found
    values = {**given, "seen": max(ORDERED, *limits.values())}
    values |= {f"most{n}": most for n, most in enumerate(limits.values())}
    statement = build(cast(Any, ctx.schema), tuple(limits), shape)
    for place, record_id in access.rows(ctx, statement, values):
        found[tuple(limits)[place]].append(record_id)
    return found


@lru_cache(maxsize=256)
def _names_of(schema: Any, entities: tuple[str, ...], shape: Shape) -> Any:
    return _together([_by_name(schema.entity(name), shape) for name in entities])


@lru_cache(maxsize=256)
def _documents_of(schema: Any, entities: tuple[str, ...], shape: Shape) -> Any:
    return _together([_by_document(schema.entity(name), shape) for name in entities])


def _together(stages: Iterable[Select[Any]]) -> Any:
    """Return the best of each stage, with its place, as one statement."""
    best = []
    for place, stage in enumerate(stages):
        c = stage.subquery().c
        rank = (c.exact.desc(), c.mine.desc(), c.recent.desc(), c.id.desc())
        some = select(c.id, func.row_number().over(order_by=rank).label("nth"))
        some = some.order_by(*rank).limit(bindparam(f"most{place}"))
        c = some.subquery().c
        best.append(select(_fixed(place).label("place"), c.id, c.nth))
    every = union_all(*best).subquery().c
    return select(every.place, every.id).order_by(every.place, every.nth)


def _by_name(entity: Entity, shape: Shape) -> Select[Any]:
    model = entity.model
    anchor: Any = bindparam("anchor")
    named = select(model.id, *_rank(model), (WORD.c.word == anchor).label("same"))
    named = named.join(WORD, WORD.c.record_id == model.id).where(*_alive(entity), *_word(entity.key, anchor))
    if shape.others:
        others: list[Any] = [bindparam(f"other{n}") for n in range(shape.others)]
        named = named.join(DOC, _of(entity.key, model.id)).where(*_starts(DOC.c.doc, others))
    seen = named.order_by(WORD.c.word, WORD.c.record_id).limit(bindparam("seen")).subquery().c
    exact = func.max(case((seen.same, _fixed(1)), else_=_fixed(0))).label("exact")
    return select(seen.id, seen.mine, seen.recent, exact).group_by(seen.id, seen.mine, seen.recent)


def _by_document(entity: Entity, shape: Shape) -> Select[Any]:
    model = entity.model
    exact: ColumnElement[Any] = _fixed(0).label("exact")
    chosen = select(model.id, *_rank(model), exact).where(*_alive(entity))
    if shape.lite:
        start = base(entity.key)
        chosen = chosen.select_from(DOCS.join(model, model.id == DOCS.c.rowid - _fixed(start)))
        chosen = chosen.where(*_lite_document(start, shape)).order_by(DOCS.c.rowid.desc())
    else:
        found = _contains(entity.key, shape).cte().prefix_with("MATERIALIZED", dialect="postgresql")
        chosen = chosen.join(found, found.c.record_id == model.id).order_by(model.id.desc())
    return chosen.limit(bindparam("seen"))


def _fixed(number: int) -> ColumnElement[int]:
    """Return a number that stands in the statement itself: what never changes need not be bound each time."""
    return literal_column(str(number), Integer)


def _rank(model: Any) -> tuple[ColumnElement[Any], ...]:
    recent = getattr(model, "last_interaction_at", model.updated_at)
    mine = case((model.owner_id == bindparam("me"), _fixed(1)), else_=_fixed(0))
    return mine.label("mine"), recent.label("recent")


def _alive(entity: Entity) -> list[ColumnElement[bool]]:
    return [entity.where(entity.model)] if entity.where is not None else []


# ---------------------------------------------------------------- conditions


def _contains(entity: str, shape: Shape) -> Select[Any]:
    """Select the records of an entity whose documents hold one of the alternatives."""
    start = base(entity)
    if shape.lite:
        return select((DOCS.c.rowid - _fixed(start)).label("record_id")).where(*_lite_document(start, shape))
    ways = [
        and_(*(DOC.c.doc.like(bindparam(f"way{n}_{m}"), escape="/") for m in range(parts)))
        for n, parts in enumerate(shape.ways)
    ]
    chosen = select(DOC.c.record_id).where(
        DOC.c.id.between(_fixed(start), _fixed(start + 0xFFFFFFFF)), or_(*ways)
    )
    return chosen.where(*_starts(DOC.c.doc, _shorts(shape)))


def _lite_document(start: int, shape: Shape) -> list[ColumnElement[bool]]:
    within = DOCS.c.rowid.between(_fixed(start), _fixed(start + 0xFFFFFFFF))
    return [match("search_doc_fts"), within, *_starts(DOCS.c.doc, _shorts(shape))]


def _shorts(shape: Shape) -> list[Any]:
    """The short words that have to be checked beside the substrings; a number is read as a whole."""
    return [bindparam(f"short{n}") for n in range(shape.short)]


def _document_values(query: Query, lite: bool) -> dict[str, str]:
    given = {} if query.numbers else {f"short{n}": f"% {_plain(w)}%" for n, w in enumerate(query.short)}
    if lite:
        ways = [" AND ".join(quoted(part) for part in way) for way in query.alternatives]
        return {**given, "words": " OR ".join(f"({way})" for way in ways)}
    parts = {
        f"way{n}_{m}": f"%{_plain(part)}%"
        for n, way in enumerate(query.alternatives)
        for m, part in enumerate(way)
    }
    return given | parts


def _begins(entity: str, query: Query) -> Select[Any]:
    """Select the records whose names begin with the first word, and hold words that begin with the others."""
    anchor = _anchor(query)
    named = select(WORD.c.record_id).where(*_word(entity, literal(anchor)))
    others = [literal(f"% {_plain(word)}%") for word in _others(query, anchor)]
    if not others:
        return named
    return named.join(DOC, _of(entity, WORD.c.record_id)).where(*_starts(DOC.c.doc, others))


def _of(entity: str, record_id: Any) -> ColumnElement[bool]:
    return and_(DOC.c.entity == entity, DOC.c.record_id == record_id)


def _anchor(query: Query) -> str:
    return max(query.words, key=len, default="")


def _others(query: Query, anchor: str) -> list[str]:
    return [word for word in query.words if word != anchor]


def _word(entity: str, prefix: Any) -> tuple[ColumnElement[bool], ...]:
    end = bindparam("end") if prefix.key == "anchor" else literal(prefix.value + LAST)
    return WORD.c.entity == entity, WORD.c.word >= prefix, WORD.c.word < end


def _starts(document: Any, patterns: Sequence[Any]) -> list[ColumnElement[bool]]:
    return [literal_column("' '").op("||")(document).like(pattern, escape="/") for pattern in patterns]


def _plain(word: str) -> str:
    """Return a word without the signs that LIKE understands."""
    return word.replace("/", "//").replace("%", "/%").replace("_", "/_")
