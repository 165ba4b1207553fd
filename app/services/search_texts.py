"""The text of interactions as a source of hits, in SQL: the second module that talks to the text indexes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, bindparam, column, func, literal_column, select, table, text

from app.kernel.context import Context
from app.models import Interaction
from app.services import access
from app.services.search_words import SHORT, Query

COMMON = 5000
"""Words that stand in more entries than these are common."""

BEGINNING = 1000
"""Letters of an entry's text that are looked at to show it."""

TEXTS = table("interaction_fts", column("rowid"))
ENTRY = (
    Interaction.id,
    Interaction.kind,
    Interaction.occurred_at,
    Interaction.subject,
    Interaction.location,
)


def newest(ctx: Context, query: Query, limit: int) -> Sequence[Any]:
    """Return the visible interactions whose text holds words that begin with those of the query, newest first.

    Rows of id, kind, occurred_at, subject, location and the beginning of the body.
    """
    lite = is_lite(ctx)
    given = {"words": _expression(query, lite), "limit": limit, "seen": 4 * limit}
    rare = not lite and _is_rare(ctx, given)
    found: Sequence[Any] = access.rows(ctx, _newest(lite, rare), given).all()
    return found


def matching(ctx: Context, query: Query) -> ColumnElement[bool]:
    """Return the condition that an interaction answers the query: for lists."""
    lite = is_lite(ctx)
    given = {"words": _expression(query, lite)}
    if lite:
        return Interaction.id.in_(_texts(lite).params(given))
    if not _is_rare(ctx, given):
        return cast(ColumnElement[bool], _vector().bindparams(**given))
    hits = _texts(lite).params(given).cte(nesting=True).prefix_with("MATERIALIZED", dialect="postgresql")
    return Interaction.id.in_(select(hits.c.id))


@lru_cache(maxsize=4)
def _newest(lite: bool, rare: bool) -> Any:
    beginning = func.substr(Interaction.body, 1, BEGINNING).label("body")
    found = select(*ENTRY, beginning)
    if lite:
        found = found.join(TEXTS, TEXTS.c.rowid == Interaction.id).where(match("interaction_fts"))
        found = found.order_by(TEXTS.c.rowid.desc())
    elif rare:
        hits = _texts(lite).cte("hits").prefix_with("MATERIALIZED", dialect="postgresql")
        found = found.join(hits, hits.c.id == Interaction.id).order_by(Interaction.id.desc())
    else:
        found = found.where(_vector()).order_by(Interaction.id.desc())
    seen = found.limit(bindparam("seen")).subquery().c
    return select(*seen).order_by(seen.occurred_at.desc(), seen.id.desc()).limit(bindparam("limit"))


def _is_rare(ctx: Context, given: Mapping[str, Any]) -> bool:
    """Tell whether few entries hold the words, whosever they are: only to choose a way, for PostgreSQL cannot guess it.

    Of a common word the newest entries are soon met; a rare one has to be looked up, or all entries would be read.
    """
    connection = ctx.session.connection()
    connection.execute(_WAY, {"way": "off"})
    count: int = connection.execute(_COMMONNESS, {"words": given["words"]}).scalar_one()
    connection.execute(_WAY, {"way": "on"})
    return count <= COMMON


def _texts(lite: bool) -> Select[Any]:
    """Select the interactions whose text holds the words."""
    if lite:
        return select(TEXTS.c.rowid).where(match("interaction_fts"))
    return select(column("id")).select_from(table("interaction")).where(_vector())


def _vector() -> Any:
    return text("to_tsvector('simple', interaction.text_key) @@ to_tsquery('simple', :words)")


def _expression(query: Query, lite: bool) -> str:
    """Return the words as the text index takes them: most of them may be the beginning of a longer one."""
    begins = [len(word) >= SHORT or word == query.words[-1] for word in query.words]
    if lite:
        words = [quoted(w) + (" *" if begin else "") for w, begin in zip(query.words, begins, strict=True)]
        return " AND ".join(words)
    words = [_lexeme(w) + (":*" if begin else "") for w, begin in zip(query.words, begins, strict=True)]
    return " & ".join(words)


_WAY = text("SELECT set_config('enable_seqscan', :way, true), set_config('enable_indexscan', :way, true)")
_COMMONNESS = select(func.count()).select_from(
    select(literal_column("1").label("one"))
    .select_from(table("interaction"))
    .where(_vector())
    .limit(COMMON + 1)
    .subquery()
)


def match(index: str) -> ColumnElement[bool]:
    """Return the condition that a text index of SQLite answers the value `words`."""
    return literal_column(index).op("MATCH", is_comparison=True)(bindparam("words"))


def quoted(word: str) -> str:
    """Return a word as FTS5 takes it literally."""
    return '"{}"'.format(word.replace('"', '""'))


def _lexeme(word: str) -> str:
    return "'{}'".format(word.replace("\\", "\\\\").replace("'", "''"))


def is_lite(ctx: Context) -> bool:
    """Tell whether the database is SQLite."""
    return ctx.session.get_bind().dialect.name == "sqlite"
