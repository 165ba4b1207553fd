"""From ids to hits: the rows a person may see, confirmed by his own fields, in the order he expects."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import bindparam, select, true

from app.formats import markdown, phones
from app.formats.fold import doc, words
from app.formats.name_parts import NameParts
from app.formats.names import hue, initials
from app.kernel.context import Context
from app.kernel.contributions import Choice, Entity, Field, Kind
from app.models import Contact
from app.services import access, fields, listing_lines
from app.services.custom_fields_kinds import Defined
from app.services.search_index import Plan
from app.services.search_words import REFERENCES, Query, document, texts, worded

LINES: Mapping[str, tuple[str, ...]] = {
    "contact": (),
    "company": ("industry",),
    "task": ("status",),
    "interaction": (),
}
"""Entity → fields whose values stand in the quiet line below a hit's title; others show their first columns."""

PEOPLE = {"contact", "company"}
"""Entities whose records have a face: letters on a coloured disc. All others have an icon."""

OWN = {Kind.EMAIL, Kind.PHONE, Kind.ADDRESS, Kind.URL, Kind.TAGS}
"""Kinds of computed fields that say something of the record itself, never of another record."""

QUOTED = {("contact", "company"): "company", ("contact", "title"): "company"}
"""Fields of the core that repeat another record → the entity that must be visible as a whole."""


@dataclass(frozen=True, kw_only=True)
class Hit:
    """Something found. `url` is empty for records of an Entity: their page is known; `phone` is a tel: address."""

    entity: str
    title: str
    id: int = 0
    line: str = ""
    url: str = ""
    initials: str = ""
    hue: int = 0
    icon: str = ""
    tone: str = ""
    phone: str = ""
    at: datetime | None = None


def needs_proof(ctx: Context, plan: Plan) -> bool:
    """Tell whether documents of an entity may hold something this principal must not find by."""
    if ctx.user.system:
        return False
    seen = {f.key for f in fields.visible(ctx, plan.entity.key)}
    return any(f.key not in seen or not _harmless(ctx, plan.entity.key, f) for f in plan.fields)


def rows(ctx: Context, plan: Plan, ids: Sequence[int], *, whole: bool = False) -> list[Any]:
    """Return the visible rows of ids in the order of the ids: what a hit shows, or `whole` with all it is found by."""
    statement = _rows(cast(Any, ctx.schema), plan.entity.key, whole)
    by_id = {row.id: row for row in access.rows(ctx, statement, {"ids": ids})}
    return [by_id[i] for i in ids if i in by_id]


@lru_cache(maxsize=128)
def _rows(schema: Any, entity: str, whole: bool) -> Any:
    kind: Entity = schema.entity(entity)
    names = dict.fromkeys(["id", *_columns(kind, schema.fields(entity), whole)])
    chosen = select(*(getattr(kind.model, n) for n in names))
    return chosen.where(kind.model.id.in_(bindparam("ids", expanding=True)))


def confirmed(ctx: Context, plan: Plan, found: Sequence[Any], query: Query) -> list[Any]:
    """Return those of the rows that answer the query by what this principal may see of them.

    Most do so by their names, which are at hand; the other fields are read only for the rest.
    """
    seen = {f.key for f in fields.visible(ctx, plan.entity.key)}
    mine = [f for f in plan.fields if f.key in seen]
    named = [f for f in mine if f.key in plan.naming]
    values = worded(ctx, named, fields.load(ctx, plan.entity, named, found))
    sure = {row.id for row in found if query.fits(document(ctx, named, values, row.id))}
    rest = [row for row in found if row.id not in sure]
    if rest:
        values = worded(ctx, mine, fields.load(ctx, plan.entity, mine, rest))
        sure |= {row.id for row in rest if query.fits(document(ctx, mine, values, row.id))}
    return [row for row in found if row.id in sure]


def ranked(plan: Plan, found: Sequence[Any], query: Query) -> list[Any]:
    """Return rows with exact names first, then names that begin with the words, then the rest as they came."""
    wanted = set(query.words)

    def rank(row: Any) -> int:
        said = words(title(plan, row))
        if wanted == set(said):
            return 0
        return 1 if all(any(s.startswith(w) for s in said) for w in wanted) else 2

    return sorted(found, key=rank)


def hits(ctx: Context, plan: Plan, found: Sequence[Any], query: Query) -> list[Hit]:
    """Return the hits for rows: title, a line that says more (or why it was found), and a number to call."""
    entity = plan.entity.key
    visible = {f.key: f for f in fields.visible(ctx, entity)}
    said = [visible[n] for n in _line_fields(plan.entity) if n in visible]
    phone = [f for f in visible.values() if f.kind is Kind.PHONE][:1]
    values = worded(ctx, said, fields.load(ctx, plan.entity, [*said, *phone], found))
    lines = {row.id: _line(ctx, said, values, row.id) for row in found}
    if plan.entity.model is Contact:
        lines |= listing_lines.lines(ctx, entity, [row.id for row in found])
    lines |= _reasons(
        ctx, plan, [r for r in found if not query.fits(doc(title(plan, r), lines[r.id]))], query
    )
    return [_hit(plan, row, lines[row.id], _tel(ctx, phone, values, row.id)) for row in found]


def named(ctx: Context, plan: Plan, ids: Sequence[int]) -> list[Hit]:
    """Return the visible records of ids by their names alone; the line says what kind of record each is."""
    label = str(plan.entity.label)
    return [_hit(plan, row, label, "") for row in rows(ctx, plan, ids)]


@lru_cache(maxsize=4096)
def face(entity: str, record_id: int, given: str, family: str, name: str) -> tuple[str, int]:
    """Return the letters and the hue of an avatar."""
    return initials(NameParts(given=given, family=family), name), hue(f"{entity}:{record_id}")


def title(plan: Plan, row: Any) -> str:
    """Return the text that names a row."""
    named = plan.entity.title
    return str((named(row) if callable(named) else getattr(row, named)) or "")


def _harmless(ctx: Context, entity: str, field: Field) -> bool:
    if field.kind in REFERENCES and field.ref:  # the name of another record, which not everybody may see
        return access.criterion(ctx, ctx.schema.entity(field.ref).model) is true()
    if (
        field.column is not None
        or isinstance(field, Defined)
        or (field.owner == "core" and field.kind in OWN)
    ):
        return True
    of = QUOTED.get((entity, field.key)) or (entity if field.owner == "core" and field.many else None)
    if of is None:
        return False
    return of == entity or access.criterion(ctx, ctx.schema.entity(of).model) is true()


def _columns(kind: Entity, every: Iterable[Field], whole: bool) -> Iterable[str]:
    if callable(kind.title):
        return [c.key for c in kind.model.__mapper__.column_attrs]
    extra = ("given_name", "family_name") if kind.key == "contact" else ()
    lines = _line_fields(kind)
    shown = [f.column for f in every if f.column and (f.key in lines or (whole and f.search > 0))]
    return [kind.title, *extra, *shown]


def _line_fields(entity: Entity) -> tuple[str, ...]:
    return LINES.get(entity.key, entity.default_columns[1:3])


def _line(ctx: Context, said: Sequence[Field], values: fields.Loaded, record_id: int) -> str:
    parts = (_said(ctx, f, values.get(f.key, {}).get(record_id)) for f in said)
    return ", ".join(part for part in parts if part)


def _said(ctx: Context, field: Field, value: Any) -> str:
    if field.kind is Kind.CHOICE:
        known: Mapping[str, Choice] = {c.value: c for c in fields.choices(ctx, field)}
        return str(known[value].label) if value in known else str(value or "")
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return str(value[0].get("value") or "")
    return ", ".join(texts(ctx, field, value))[:200]


def _reasons(ctx: Context, plan: Plan, unclear: Sequence[Any], query: Query) -> dict[int, str]:
    """Return what rows were found by where neither title nor line shows it: the address, the number, the tag."""
    likely = Kind.PHONE if query.numbers else Kind.EMAIL
    visible = {f.key for f in fields.visible(ctx, plan.entity.key)}
    found: dict[int, str] = {}
    for field in sorted((f for f in plan.fields if f.key in visible), key=lambda f: f.kind is not likely):
        open_ended = [row for row in unclear if row.id not in found]
        if not open_ended:
            break
        values = worded(ctx, [field], fields.load(ctx, plan.entity, [field], open_ended)).get(field.key, {})
        said = ((row.id, _reason(ctx, field, values.get(row.id), query)) for row in open_ended)
        found |= {i: text for i, text in said if text}
    return found


def _reason(ctx: Context, field: Field, value: Any, query: Query) -> str:
    for one in value if isinstance(value, list) else [value]:
        folded = doc(*texts(ctx, field, one))
        if any(part in folded for part in (*query.numbers, *query.long)):
            shown = (
                ", ".join(texts(ctx, field, one))
                if field.kind is Kind.FILE
                else (
                    one.get("value") or ", ".join(texts(ctx, field, one))
                    if isinstance(one, dict)
                    else str(one)
                )
            )
            return markdown.plain(shown, 120) if field.kind is Kind.LONG_TEXT else str(shown)[:120]
    return ""


def _tel(ctx: Context, phone: Sequence[Field], values: fields.Loaded, record_id: int) -> str:
    numbers = values[phone[0].key].get(record_id) if phone else None
    if not numbers:
        return ""
    return phones.parse(str(numbers[0].get("value") or ""), ctx.settings.get("region") or None).tel_uri


def _hit(plan: Plan, row: Any, line: str, tel: str) -> Hit:
    entity, name = plan.entity, title(plan, row)
    given, family = getattr(row, "given_name", ""), getattr(row, "family_name", "")
    letters, colour = face(entity.key, row.id, given, family, name)
    return Hit(
        entity=entity.key,
        id=row.id,
        title=name,
        line=line,
        initials=letters if entity.key in PEOPLE else "",
        hue=colour,
        icon=entity.icon,
        phone=tel,
    )


def entry(ctx: Context, row: Any) -> Hit:
    """Return the hit for a row of an interaction (see search_texts.newest)."""
    kind = ctx.schema.kind(row.kind)
    subject, body = (
        getattr(row, n) if access.sees(ctx, "interaction", n) else "" for n in ("subject", "body")
    )
    return Hit(
        entity="interaction",
        id=row.id,
        title=subject or markdown.plain(body, 80) or str(kind.label),
        line=markdown.plain(body, 120) if subject else str(kind.label),
        icon=kind.icon,
        tone=kind.tone,
        at=row.occurred_at,
    )
