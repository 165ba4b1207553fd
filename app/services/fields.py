"""Values of fields: loaded for a whole page at once, parsed from text, checked and saved."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import select

from app.i18n import _
from app.kernel.context import Context
from app.kernel.contributions import Choice, Entity, Field, Kind, Show
from app.kernel.errors import Invalid, NotAllowed
from app.kernel.guard import Failure, Surface, must, run
from app.models import Team, User
from app.services import access, custom_fields_values, guarded, reach_loading
from app.services.custom_fields_kinds import Defined

ASSIGNING = ("owner_id", "team_id")
"""Fields that say whose a record is; writing them needs the right `<entity>.assign`."""

POINTING = (Kind.REF, Kind.USER, Kind.TEAM)
"""Kinds whose value is the id of something else."""

MOST_MONEY = Decimal(10**15)
"""What the amounts of both databases can hold exactly."""

Loaded = Mapping[str, Mapping[int, Any]]
"""Field key → record id → value."""


def visible(ctx: Context, entity: str, show: Show | None = None) -> Sequence[Field]:
    """Return the fields of an entity that exist for the principal, on a surface if one is named."""
    kept = ctx.user.memo.get(("visible", entity, show))
    if kept is None or kept[0] is not ctx.schema:
        kept = ctx.user.memo["visible", entity, show] = (ctx.schema, _visible(ctx, entity, show))
    found: Sequence[Field] = kept[1]
    return found


def _visible(ctx: Context, entity: str, show: Show | None) -> Sequence[Field]:
    return [
        f
        for f in ctx.schema.fields(entity)
        if access.sees(ctx, entity, f.key)
        and (show is None or show in f.show)
        and (f.permission is None or ctx.may(f.permission))
    ]


def is_added(field: Field) -> bool:
    """Tell whether a field is none of the core's own: a plugin's, or one that an administrator added."""
    return field.owner != "core" or isinstance(field, Defined)


def choices(ctx: Context, field: Field) -> Sequence[Choice]:
    """Return the choices of a field, asked of its owner when they are not fixed; none when a plugin fails to say."""
    if not callable(field.choices):
        return field.choices
    if field.owner == "core":
        return field.choices(ctx)
    found = run(
        field.choices, ctx, owner=field.owner, surface=Surface.FIELD, item=field.key, session=ctx.session
    )
    return () if isinstance(found, Failure) else tuple(found)


def load(ctx: Context, entity: Entity, fields: Iterable[Field], records: Sequence[Any]) -> Loaded:
    """Return the fields' values for records: a query per computed field, one for all addresses, one for added fields."""
    ids, wanted = [r.id for r in records], list(fields)
    added = [f for f in wanted if isinstance(f, Defined)]
    found: dict[str, Mapping[int, Any]] = {**custom_fields_values.load(ctx, added, ids)} if added else {}
    found |= _addresses(ctx, wanted, ids)
    for field in wanted:
        if isinstance(field, Defined) or field.key in found:
            continue
        if field.load is not None:
            found[field.key] = guarded.load_field(field, ctx, ids) if ids else {}
        elif field.column is not None:
            column = field.column
            found[field.key] = dict(zip(ids, (getattr(r, column, None) for r in records), strict=True))
    return found


def _addresses(ctx: Context, wanted: Sequence[Field], ids: Sequence[int]) -> Loaded:
    """Return the values of two or more kinds of address, which are read together; one alone is as any other field."""
    kinds = [(f.key, f.load) for f in wanted if isinstance(f.load, reach_loading.Loader)]
    if len(kinds) < 2 or not ids:
        return {}
    values = reach_loading.several(ctx, [load for _key, load in kinds], ids)
    return {key: found for (key, _load), found in zip(kinds, values, strict=True)}


def lengths(ctx: Context, entity: str) -> Mapping[str, int]:
    """Return field key → how many characters its column takes, of the fields of an entity that have such a limit."""
    return _lengths(cast(Any, ctx.schema), entity)


@lru_cache(maxsize=256)
def _lengths(schema: Any, entity: str) -> Mapping[str, int]:
    columns = schema.entity(entity).model.__table__.c
    found = (
        (f.key, getattr(columns[f.column].type, "length", None)) for f in schema.fields(entity) if f.column
    )
    return {key: length for key, length in found if length}


def load_ids(ctx: Context, entity: Entity, fields: Iterable[Field], ids: Sequence[int]) -> Loaded:
    """Return the fields' values for ids whose rows are not at hand: one query for all columns together."""
    wanted = list(fields)
    names = dict.fromkeys(["id", *(f.column for f in wanted if f.column)])
    query = select(*(getattr(entity.model, name) for name in names)).where(entity.model.id.in_(ids))
    records = ctx.session.execute(query).all() if ids else []
    return load(ctx, entity, wanted, records)


def value(ctx: Context, entity: Entity, field: Field, record: Any) -> Any:
    """Return one field's value of one record."""
    return load(ctx, entity, [field], [record])[field.key].get(record.id)


def writable(ctx: Context, entity: str, names: Iterable[str]) -> None:
    """Raise Invalid for a field that is not there or computed, NotAllowed for one the principal may not write."""
    unknown: dict[str, str] = {}
    for name in names:
        if not access.sees(ctx, entity, name):
            unknown[name] = _("There is no field “%(name)s”.", name=name)
            continue
        field = ctx.schema.field(entity, name)
        if field.column is None and field.save is None:
            unknown[name] = _("“%(name)s” is computed and cannot be changed.", name=str(field.label))
        elif not access.writes(ctx, entity, name):
            raise NotAllowed(_("You may not change “%(name)s”.", name=str(field.label)), f"{entity}.{name}")
        elif name in ASSIGNING and not ctx.may(f"{entity}.assign"):
            raise NotAllowed(_("You may not hand records over to others."), f"{entity}.assign")
        elif field.permission and not ctx.may(field.permission):
            raise NotAllowed(_("You may not change “%(name)s”.", name=str(field.label)), field.permission)
    if unknown:
        raise Invalid(unknown)


def refuse_unknown(ctx: Context, entity: str, values: Mapping[str, Any]) -> None:
    """Raise Invalid where a value points at a record, colleague or team that is not there for the principal."""
    problems: dict[str, str] = {}
    for name, value in values.items():
        field = ctx.schema.field(entity, name)
        if value is not None and field.kind in POINTING and not _is_there(ctx, field, value):
            problems[name] = _("Choose an entry of the list for “%(name)s”.", name=str(field.label))
    if problems:
        raise Invalid(problems)


def refuse_unknown_many(ctx: Context, entity: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Raise what `refuse_unknown` raises, each value that several rows have looked up once."""
    pointing = [f for f in ctx.schema.fields(entity) if f.kind in POINTING]
    for field in pointing:
        for value in {row[field.key] for row in rows if row.get(field.key) is not None}:
            refuse_unknown(ctx, entity, {field.key: value})


def _is_there(ctx: Context, field: Field, value: Any) -> bool:
    if field.kind is Kind.REF:
        if field.ref is None or not ctx.schema.has(field.ref):
            return True
        return bool(access.visible_ids(ctx, ctx.schema.entity(field.ref).model, [int(value)]))
    model: Any = Team if field.kind is Kind.TEAM else User
    return ctx.session.scalar(select(model.id).where(model.id == value)) is not None


def parse(ctx: Context, field: Field, text: str) -> Any:
    """Turn what a person typed into a field's value. Raises ValueError with a sentence."""
    text = text.strip() if field.kind is not Kind.LONG_TEXT else text
    if field.parse is not None and not (isinstance(field, Defined) and field.required and not text):
        return field.parse(ctx, text)
    if field.required and not text:
        raise ValueError(_("%(name)s is needed.", name=str(field.label)))
    return PARSERS.get(field.kind, _text)(ctx, field, text)


def save_computed(ctx: Context, field: Field, values: Mapping[int, Any]) -> None:
    """Write values of a field that is no column, through its owner's `save`."""
    assert field.save is not None
    if field.owner == "core":
        field.save(ctx, values)
        return
    must(
        field.save,
        ctx,
        values,
        owner=field.owner,
        surface=Surface.SAVE,
        item=field.key,
        session=ctx.session,
    )


def _text(ctx: Context, field: Field, text: str) -> str:
    return text.replace("\x00", "")


def _number(ctx: Context, field: Field, text: str) -> int | None:
    if not text:
        return None
    plain = text.replace(" ", "").replace("\u00a0", "").replace("\u202f", "").replace("'", "")
    try:
        number = int(plain.replace(",", "").replace(".", "") if _grouped(plain) else plain)
    except ValueError:
        raise ValueError(_("“%(text)s” is no whole number. Write it like 1200.", text=text[:40])) from None
    if abs(number) > access.GREATEST_ID:
        raise ValueError(_("“%(text)s” is too large. Write at most 2,147,483,647.", text=text[:40]))
    return number


def _grouped(text: str) -> bool:
    head, *groups = text.replace(",", ".").split(".")
    return bool(groups) and all(len(g) == 3 for g in groups) and 0 < len(head.lstrip("-")) <= 3


def _money(ctx: Context, field: Field, text: str) -> Decimal | None:
    if not text:
        return None
    plain = text.replace(" ", "").replace("\u00a0", "").replace("\u202f", "").replace("'", "")
    if plain.rfind(",") > plain.rfind("."):
        plain = plain.replace(".", "").replace(",", ".")
    try:
        amount = Decimal(plain.replace(",", ""))
    except InvalidOperation:
        raise ValueError(_("“%(text)s” is no amount. Write it like 1200.50.", text=text[:40])) from None
    if not amount.is_finite() or abs(amount) >= MOST_MONEY:
        raise ValueError(_("“%(text)s” is no amount that can be kept. Write a smaller one.", text=text[:40]))
    return amount


def _bool(ctx: Context, field: Field, text: str) -> bool:
    return text.lower() in {"1", "true", "yes", "on", "y"}


def _choice(ctx: Context, field: Field, text: str) -> str:
    known = {c.value: c for c in choices(ctx, field)}
    if text in known or (not text and not field.required):
        return text
    for choice in known.values():
        if str(choice.label).casefold() == text.casefold():
            return choice.value
    some = ", ".join(str(c.label) for c in list(known.values())[:8])
    raise ValueError(
        _(
            "“%(text)s” is no choice for %(name)s. Choose one of: %(some)s.",
            text=text,
            name=str(field.label),
            some=some,
        )
    )


def _id(ctx: Context, field: Field, text: str) -> int | None:
    if not text:
        return None
    if not text.isdecimal() or len(text) > 10 or int(text) > access.GREATEST_ID:
        raise ValueError(_("Choose an entry of the list."))
    return int(text)


def _date(ctx: Context, field: Field, text: str) -> str:
    from app.formats import partial_dates

    if not text:
        return ""
    found = partial_dates.parse(text, ctx.locale, ctx.now.date())
    if field.kind is Kind.DATE and found.full is None:
        raise ValueError(_("“%(text)s” is no whole date. Write it like 2026-02-28.", text=text))
    return str(found)


def _time(ctx: Context, field: Field, text: str) -> datetime | None:
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(_("“%(text)s” is no time. Write it like 2026-02-28 14:30.", text=text)) from None
    return (at if at.tzinfo else at.replace(tzinfo=ctx.zone)).astimezone(UTC)


PARSERS: dict[Kind, Callable[[Context, Field, str], Any]] = {
    Kind.NUMBER: _number,
    Kind.MONEY: _money,
    Kind.BOOL: _bool,
    Kind.CHOICE: _choice,
    Kind.REF: _id,
    Kind.USER: _id,
    Kind.TEAM: _id,
    Kind.DATE: _date,
    Kind.PARTIAL_DATE: _date,
    Kind.TIME: _time,
}
