"""One reverse-chronological list for a record: logged interactions merged with what plugins keep elsewhere.

The order is total: by instant, interactions before plugin entries of the same instant, then by id or key. A page ends
in a cursor of that order, and every read starts in an index there, so that 5,000 entries open as fast as five.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, func, or_, select, true, union_all

from app.formats.fold import words
from app.kernel.context import Context
from app.kernel.contributions import TimelineEntry, TimelineKind
from app.kernel.guard import Failure
from app.models import Affiliation, Contact, Interaction, InteractionLink, Record
from app.services import access, entry_rows, timeline_sources
from app.services.timeline_sources import Cursor

MOST_PEOPLE = 500
"""People of a company whose entries are rolled up: those who were talked to last."""

SPARE = 20
"""Candidates that are read in addition, since two people of a company may share an entry or one may be hidden."""

NOTHING: Mapping[str, Any] = {}

ENTRY: tuple[Any, ...] = (
    Interaction.id,
    Interaction.uid,
    Interaction.kind,
    Interaction.direction,
    Interaction.subject,
    Interaction.body,
    Interaction.occurred_at,
    Interaction.zone,
    Interaction.duration_s,
    Interaction.outcome,
    Interaction.location,
    Interaction.visibility,
    Interaction.pinned_at,
    Interaction.created_by,
)
"""What a timeline reads of an interaction: fifty plain rows cost a fraction of fifty objects of the session."""

TEXTS = ("subject", "body", "location")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is wanted of a timeline: filters, and the cursor after which it goes on."""

    kind: str = ""
    author: int = 0
    since: datetime | None = None
    until: datetime | None = None
    text: str = ""
    after: Cursor | None = None
    limit: int = 50

    @property
    def filtered(self) -> bool:
        """Whether only some of the entries are wanted."""
        return bool(self.kind or self.author or self.since or self.until or self.text)


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page of a timeline: interactions and plugin entries, newest first, each as (instant, item).

    An interaction is a row of ENTRY, by the names of its fields; a plugin's entry is a TimelineEntry.
    `next` is the cursor of older entries, None on the last page.
    """

    items: Sequence[tuple[datetime, Any]] = ()
    pinned: Sequence[Any] = ()
    next: Cursor | None = None
    failures: Sequence[Failure] = field(default_factory=tuple)


def page(ctx: Context, entity: str, record: Record, asked: Asked) -> Page:
    """Return a page of a record's timeline; a company includes all of its people.

    It takes the record itself, not its id: somebody who holds it has read it and may see what is tied to it.
    """
    if not ctx.may("interaction.view"):
        return Page()
    record_id = record.id
    people = _people(ctx, record_id) if entity == "company" else ()
    if people:
        rows = _rolled_up(ctx, record_id, people, asked)
    else:
        rows = _of_one(ctx, entity, record_id, asked)
    found = timeline_sources.entries(ctx, entity, record_id, people, asked)
    merged = sorted([*((r.occurred_at, r) for r in rows), *((e.at, e) for e in found.entries)], key=_place)
    shown = merged[: asked.limit]
    pinned = () if asked.after or asked.filtered else _pinned(ctx, entity, record_id)
    further = timeline_sources.cursor(*shown[-1]) if len(merged) > asked.limit else None
    return Page(items=shown, pinned=pinned, next=further, failures=found.failures)


def kinds(ctx: Context) -> Sequence[TimelineKind]:
    """Return the kinds that the principal may see, for the filter."""
    return [k for k in ctx.schema.kinds() if k.permission is None or ctx.may(k.permission)]


def _place(item: tuple[datetime, Any]) -> tuple[float, int, int, str]:
    at, what = item
    if not isinstance(what, TimelineEntry):
        return -at.timestamp(), 0, -what.id, ""
    return -at.timestamp(), 1, 0, timeline_sources.key(what)


def _people(ctx: Context, company_id: int) -> Sequence[int]:
    """Return the ids of those who work or worked in a company and exist for the principal."""
    query = (
        select(Affiliation.contact_id)
        .join(Contact, Contact.id == Affiliation.contact_id)
        .where(Affiliation.company_id == company_id)
        .order_by(Contact.last_interaction_at.desc(), Contact.id)
        .limit(MOST_PEOPLE)
    )
    return list(dict.fromkeys(ctx.session.execute(query).scalars()))


def _of_one(ctx: Context, entity: str, record_id: int, asked: Asked) -> list[Any]:
    """Return the next entries of one record: one walk along an index, stopped by the limit."""
    if asked.filtered or asked.after:
        query = _along(ctx).where(*_wanted(ctx, InteractionLink, asked))
    else:
        query = entry_rows.remembered(ctx, "timeline", lambda: _along(ctx))
    return _rows(ctx, query, {"entity": entity, "record_id": record_id, "most": asked.limit + 1})


def _along(ctx: Context) -> Select[Any]:
    link = InteractionLink
    return (
        select(*ENTRY)
        .join(link, link.interaction_id == Interaction.id)
        .where(
            link.entity == bindparam("entity"), link.record_id == bindparam("record_id"), entry_rows.tied(ctx)
        )
        .order_by(link.occurred_at.desc(), link.interaction_id.desc())
        .limit(bindparam("most", type_=Integer))
    )


def _rolled_up(ctx: Context, company_id: int, people: Sequence[int], asked: Asked) -> list[Any]:
    """Return the next entries of a company and its people: the newest of each by the index, then the newest of all.

    Candidates are read from the index alone, the entries with what may hide them. Where some are hidden it goes on
    until the page is full or nothing is left.
    """
    found: dict[int, Any] = {}
    most = asked.limit + SPARE
    while True:
        links = _candidates(ctx, company_id, people, asked, most)
        ids = [row.interaction_id for row in links]
        rows = _rows(ctx, select(*ENTRY).where(Interaction.id.in_(ids), entry_rows.tied(ctx)))
        known = {row.id: row for row in rows}
        found |= {i: known[i] for i in ids if i in known}
        if len(found) > asked.limit or len(links) < most:
            return list(found.values())[: asked.limit + 1]
        asked = replace(asked, after=Cursor(at=links[-1].occurred_at, id=links[-1].interaction_id))


def _candidates(
    ctx: Context, company_id: int, people: Sequence[int], asked: Asked, most: int
) -> Sequence[Any]:
    link = InteractionLink
    person = (
        select(Affiliation.contact_id)
        .where(Affiliation.company_id == company_id, Affiliation.contact_id.in_(people))
        .distinct()
        .subquery("person")
    )
    own = _newest(ctx, link, asked, most).where(link.entity == "company", link.record_id == company_id)
    each = _newest(ctx, link, asked, most).where(
        link.entity == "contact", link.record_id == person.c.contact_id
    )
    of_people: Any
    if ctx.session.get_bind().dialect.name == "postgresql":
        lateral = each.lateral("newest")
        of_people = select(lateral.c.interaction_id, lateral.c.occurred_at).select_from(
            person.join(lateral, true())
        )
    else:  # SQLite has no LATERAL; a correlated IN of row ids does the same along the same index
        near = each.with_only_columns(link.id).correlate(person)
        outer = InteractionLink.__table__.alias("link")
        of_people = select(outer.c.interaction_id, outer.c.occurred_at).select_from(
            person.join(outer, outer.c.id.in_(near))
        )
    both = union_all(own.subquery().select(), of_people).subquery()
    query = select(both).order_by(both.c.occurred_at.desc(), both.c.interaction_id.desc()).limit(most)
    return ctx.session.execute(query, execution_options=entry_rows.TIED).all()


def _newest(ctx: Context, link: type[InteractionLink], asked: Asked, most: int) -> Any:
    query: Any = select(link.interaction_id, link.occurred_at).where(*_wanted(ctx, link, asked))
    if asked.author or asked.text:
        query = query.join(Interaction, Interaction.id == link.interaction_id).where(entry_rows.tied(ctx))
    return query.order_by(link.occurred_at.desc(), link.interaction_id.desc()).limit(most)


def _wanted(ctx: Context, link: type[InteractionLink], asked: Asked) -> list[ColumnElement[bool]]:
    rules: list[ColumnElement[bool]] = []
    if asked.kind:
        rules.append(link.kind == asked.kind)
    if asked.since is not None:
        rules.append(link.occurred_at >= asked.since)
    if asked.until is not None:
        rules.append(link.occurred_at < asked.until)
    if asked.after is not None:
        rules += _after(link, asked.after)
    if asked.author:
        rules.append(Interaction.created_by == asked.author)
    if asked.text:
        rules += _holding(ctx, asked.text)
    return rules


def _after(link: type[InteractionLink], cursor: Cursor) -> list[ColumnElement[bool]]:
    if not cursor.id:
        return [link.occurred_at < cursor.at]
    older = and_(link.occurred_at == cursor.at, link.interaction_id < cursor.id)
    return [
        link.occurred_at <= cursor.at,
        or_(link.occurred_at < cursor.at, older),
    ]  # the first is for the index


def _holding(ctx: Context, text: str) -> list[ColumnElement[bool]]:
    """Return what an entry must fulfil to hold all words; fields hidden from the principal are not looked in."""
    seen = [name for name in TEXTS if access.sees(ctx, "interaction", name)]
    if len(seen) == len(TEXTS):
        return [Interaction.text_key.contains(word, autoescape=True) for word in words(text)]
    columns = [func.lower(getattr(Interaction, name)) for name in seen]
    return [or_(*(c.contains(word, autoescape=True) for c in columns)) for word in text.lower().split()]


def _pinned(ctx: Context, entity: str, record_id: int) -> Sequence[Any]:
    query = entry_rows.remembered(ctx, "timeline pinned", lambda: _top(ctx))
    return _rows(ctx, query, {"entity": entity, "record_id": record_id})


def _top(ctx: Context) -> Select[Any]:
    link = InteractionLink
    return (
        select(*ENTRY)
        .join(link, link.interaction_id == Interaction.id)
        .where(link.entity == bindparam("entity"), link.record_id == bindparam("record_id"))
        .where(link.pinned_at.is_not(None), entry_rows.tied(ctx))
        .order_by(link.pinned_at.desc())
        .limit(5)
    )


def _rows(ctx: Context, query: Select[Any], values: Mapping[str, Any] = NOTHING) -> list[Any]:
    """Run a select of ENTRY that holds its own rules, each entry once."""
    if "unit" in ctx.session.info:
        ctx.session.flush()
    return list({row.id: row for row in ctx.session.connection().execute(query, values)}.values())
