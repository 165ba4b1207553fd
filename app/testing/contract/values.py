"""Checks on a plugin's fields: values for a whole page, at a constant price, the same in Python as in SQL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event, select

from app.kernel.contributions import Field, Kind, Show
from app.kernel.guard import Failure, Surface
from app.services import listing, listing_sorts
from app.services.context import acting
from app.testing.contract.case import Case
from app.testing.contract.samples import RAW, Samples

QUIET = ("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "PRAGMA")
NOBODY = 2_000_000_000
"""An id that no record has."""


def fields_answer_for_a_page(case: Case) -> Iterator[str]:
    """`load` answers for many records at once, for none, and for one that is not there; a list shows the values."""
    for entity, fields in _by_entity(case):
        made = Samples(case).all(entity)
        ids = [one.id for one in made]
        ctx = case.make.ctx()
        with case.strict(), acting(ctx):
            for field in fields:
                yield from _loads(case, ctx, field, ids)
        yield from _listed(case, entity, fields)


def _loads(case: Case, ctx: Any, field: Field, ids: Sequence[int]) -> Iterator[str]:
    if field.load is None:
        return
    for wanted in (ids, [], [NOBODY]):
        try:
            found: object = _load(case, ctx, field, wanted)
        except Exception as error:
            yield f"The field {field.key} fails for {len(wanted)} records: {type(error).__name__}: {error}"
            continue
        if not isinstance(found, Mapping):
            yield f"The field {field.key} must answer with a mapping of id to value, not {type(found).__name__}."
        elif set(found) - set(wanted):
            yield f"The field {field.key} answers for records that it was not asked for."


def _listed(case: Case, entity: str, fields: Sequence[Field]) -> Iterator[str]:
    names = [field.key for field in fields if Show.LIST in field.show]
    person = case.person()
    for some in (names[at : at + 10] for at in range(0, len(names), 10)):
        status, text = case.open(person, f"/list/{entity}?cols={','.join(some)}")
        if status in (301, 302, 303, 308):
            status, text = case.open(person, f"/{_plural(entity)}?cols={','.join(some)}")
        if status != 200:
            yield f"The list of {entity} with {', '.join(some)} answers {status}: {text[:200]}"
        elif RAW in text:
            yield f"The list of {entity} shows the markup of a text as markup."


def _plural(entity: str) -> str:
    return {"contact": "contacts", "company": "companies", "task": "tasks"}.get(entity, entity)


def fields_cost_the_same_for_many(case: Case) -> Iterator[str]:
    """A field sends as many statements for ten records as for one: at most one query per field in view."""
    for entity, fields in _by_entity(case):
        ids = [Samples(case).one(entity).id for _ in range(4)]
        ctx = case.make.ctx()
        with acting(ctx):
            for field in fields:
                if field.load is None:
                    continue
                _load(case, ctx, field, ids[:1])  # what is cached is cached now
                few, many = _counted(case, ctx, field, ids[:1]), _counted(case, ctx, field, ids)
                if many > few:
                    yield f"The field {field.key} sends {few} statements for one record and {many} for {len(ids)}."
                elif many > 3:
                    yield f"The field {field.key} sends {many} statements for a page; ask one for all of it."


def _counted(case: Case, ctx: Any, field: Field, ids: Sequence[int]) -> int:
    ctx.session.expire_all()
    with statements(case) as seen:
        _load(case, ctx, field, ids)
    return len(seen)


def _load(case: Case, ctx: Any, field: Field, ids: Sequence[int]) -> Any:
    assert field.load is not None
    return case.call(field.load, ctx, ids, surface=Surface.FIELD)


def fields_agree_with_their_sql(case: Case) -> Iterator[str]:
    """The expression by which a field is filtered has the value that is shown."""
    for entity, fields in _by_entity(case):
        ids = [one.id for one in Samples(case).all(entity)]
        ctx = case.make.ctx()
        model = ctx.schema.entity(entity).model
        with case.strict(), acting(ctx):
            for field in fields:
                if field.load is None or field.sql is None or field.many:
                    continue
                shown = _load(case, ctx, field, ids)
                rows = ctx.session.execute(select(model.id, field.sql(model)).where(model.id.in_(ids)))
                for number, value in rows:
                    if not _same(shown.get(number), value):
                        yield f"The field {field.key} shows {shown.get(number)!r} and is filtered as {value!r}."


def _same(shown: Any, value: Any) -> bool:
    if isinstance(shown, Failure):
        return False
    nothing = (None, "", 0, False)
    if shown in nothing and value in nothing:
        return True
    plain = shown.get("id", shown) if isinstance(shown, Mapping) else shown
    try:
        return plain == value or str(plain) == str(value) or float(plain) == float(value)
    except (TypeError, ValueError):
        return False


def fields_filter_and_sort(case: Case) -> Iterator[str]:
    """Lists narrow by and sort by every field that offers it."""
    for entity, fields in _by_entity(case):
        Samples(case).all(entity)
        ctx = case.make.ctx()
        with case.strict(), acting(ctx):
            sortable = listing_sorts.sortable(ctx, entity)
            for field in fields:
                try:
                    if field.key in sortable:
                        listing.page(ctx, entity, listing.Asked(sort=field.key))
                        listing.page(ctx, entity, listing.Asked(sort=f"-{field.key}"))
                    if Show.FILTER in field.show and (field.sql or field.rows or field.column):
                        listing.page(ctx, entity, listing.Asked(where=_empty(field)))
                except Exception as error:
                    yield f"The list of {entity} cannot use {field.key}: {type(error).__name__}: {error}"


def _empty(field: Field) -> str:
    return f"{field.key} = no" if field.kind is Kind.BOOL else f"{field.key} is empty"


def sorts_use_an_index(case: Case) -> Iterator[str]:
    """What a field promises by `sort=` holds at any size: the database reads the order from an index."""
    for entity, fields in _by_entity(case):
        for field in fields:
            if field.sort is None:
                continue
            ctx = case.make.ctx()
            with acting(ctx), statements(case) as seen:
                listing.page(ctx, entity, listing.Asked(sort=field.key, counted=False))
            table = ctx.schema.entity(entity).model.__table__.name
            rows = next(
                (s for s in seen if "ORDER BY" in s[0] and f"FROM {table}" in s[0].replace('"', "")), None
            )
            if rows is not None and (plan := _sorts(ctx, *rows)):
                yield f"The list of {entity} sorted by {field.key} is sorted row by row: give `sort` a column with an index ({field.name}, id). The plan: {plan}"


def _sorts(ctx: Any, statement: str, values: Any) -> str:
    """Return the plan of a statement for which the database would sort the rows itself, or an empty text."""
    session = ctx.session
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
        sorts = any(str(row[-1]) == "USE TEMP B-TREE FOR ORDER BY" for row in plan)
        return "; ".join(str(row[-1]) for row in plan) if sorts else ""
    for knob in ("enable_seqscan", "enable_bitmapscan", "enable_sort"):
        connection.exec_driver_sql(f"SET LOCAL {knob} = off")
    plan = connection.exec_driver_sql(f"EXPLAIN {statement}", values).all()
    session.rollback()
    sorts = any(str(row[0]).strip().lstrip("-> ").startswith("Sort") for row in plan)
    return "; ".join(str(row[0]).strip() for row in plan) if sorts else ""


# ---------------------------------------------------------------- inside


@contextmanager
def statements(case: Case) -> Iterator[list[tuple[str, Any]]]:
    """Collect what is sent to the database, with its values."""
    seen: list[tuple[str, Any]] = []
    engine = case.host.engine()

    def note(conn: Any, cursor: Any, statement: str, values: Any, *rest: Any) -> None:
        if not statement.startswith(QUIET):
            seen.append((statement, values))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def _by_entity(case: Case) -> Iterator[tuple[str, list[Field]]]:
    found: dict[str, list[Field]] = {}
    known = {entity.key for entity in case.registry.entities()}
    for field in case.fields():
        if field.on in known:
            found.setdefault(field.on, []).append(field)
    yield from found.items()
