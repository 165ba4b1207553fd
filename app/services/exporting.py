"""Exports of any list: read in batches as the principal may see it, written as CSV, workbook, vCard or JSON Lines."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Literal

from sqlalchemy import select

from app.formats import csv_write, xlsx_write
from app.formats.vcard_write import write_vcard
from app.i18n import _
from app.kernel.context import Context
from app.kernel.errors import Invalid, NotVisible
from app.services import access, audit, bulk_choice, cards, export_columns, export_text, fields
from app.services.bulk_choice import Chosen
from app.services.export_columns import Column
from app.services.export_refs import Refs
from app.services.values import dump

Format = Literal["csv", "xlsx", "vcard", "jsonl"]
FORMATS: Mapping[Format, tuple[str, str]] = {
    "csv": ("csv", "text/csv"),
    "xlsx": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "vcard": ("vcf", "text/vcard"),
    "jsonl": ("jsonl", "application/x-ndjson"),
}
"""Format → ending and media type."""

CARDS = ("contact", "company")
"""Entities that a vCard can hold."""

BATCH = 200
MOST_SHEET = 50_000
"""Records that a workbook is made of while somebody waits; CSV and JSON Lines have no limit."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is to be exported: which records, in which format, which fields (none named: all that may leave)."""

    entity: str
    format: Format
    chosen: Chosen
    columns: tuple[str, ...] = ()
    delimiter: str = ","
    bom: bool = False


def offered(ctx: Context, entity: str) -> Sequence[Format]:
    """Return the formats an entity can be exported in; none for somebody who may not export it."""
    if (
        not ctx.schema.has(entity)
        or not ctx.schema.entity(entity).exportable
        or not ctx.may(f"{entity}.export")
    ):
        return ()
    return [name for name in FORMATS if name != "vcard" or entity in CARDS]


def require(ctx: Context, wanted: Wanted) -> None:
    """Raise NotVisible for an entity that is not there or not exported, NotAllowed, or Invalid for a wrong format."""
    if not ctx.schema.has(wanted.entity) or not ctx.schema.entity(wanted.entity).exportable:
        raise NotVisible(_("There is no such list."))
    access.require(ctx, f"{wanted.entity}.export")
    if wanted.format not in offered(ctx, wanted.entity):
        raise Invalid({"format": _("Choose one of the formats that are offered.")})


def count(ctx: Context, wanted: Wanted, cap: int = 10_000) -> int:
    """Return about how many records will be in the file, at most `cap` and one more."""
    return bulk_choice.count(ctx, wanted.entity, wanted.chosen, cap=cap)


def name(ctx: Context, wanted: Wanted) -> str:
    """Return the name of the file: what is in it, and the day."""
    day = ctx.now.astimezone(ctx.zone).date().isoformat()
    return f"{export_columns.title(ctx, wanted.entity)} {day}.{FORMATS[wanted.format][0]}"


def noted(ctx: Context, wanted: Wanted) -> None:
    """Write into the audit log that many records are about to leave the house, before the first one does."""
    what = "ids" if wanted.chosen.ids else "state"
    shown: Any = len(wanted.chosen.ids) if wanted.chosen.ids else list(wanted.chosen.state.pairs)
    audit.note(ctx, "records.export", f"list:{wanted.entity}", format=wanted.format, **{what: shown})


def text(ctx: Context, wanted: Wanted) -> Iterator[str]:
    """Yield the file of a text format piece by piece, in constant memory. The caller has noted it."""
    require(ctx, wanted)
    if wanted.format == "vcard":
        yield from _vcards(ctx, wanted)
    elif wanted.format == "jsonl":
        columns = export_columns.columns(ctx, wanted.entity, wanted.columns)
        for refs, record, values in _records(ctx, wanted, columns):
            yield dump(export_columns.line(refs, columns, record, values)) + "\n"
    else:
        yield from csv_write.written(rows(ctx, wanted), wanted.delimiter, bom=wanted.bom)


def workbook(ctx: Context, wanted: Wanted) -> IO[bytes]:
    """Return the file of a workbook, written to disk row by row and gone when it is closed.

    Raises Invalid with a sentence for what a workbook cannot hold.
    """
    require(ctx, wanted)
    if count(ctx, wanted, MOST_SHEET) > MOST_SHEET:
        raise Invalid(
            {"format": _("An XLSX file may have 50,000 records. Choose CSV, or narrow the list first.")}
        )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.xlsx"
        try:
            xlsx_write.write(path, export_columns.title(ctx, wanted.entity), rows(ctx, wanted))
        except xlsx_write.TooMuch as error:
            raise Invalid(
                {"format": _("One of the texts is too long for a cell of XLSX. Choose CSV or JSON Lines.")}
            ) from error
        return path.open("rb")


def rows(ctx: Context, wanted: Wanted) -> Iterator[list[Any]]:
    """Yield the names of the columns, then the cells of each record."""
    columns = export_columns.columns(ctx, wanted.entity, wanted.columns)
    yield [column.label for column in columns]
    for refs, record, values in _records(ctx, wanted, columns):
        yield export_columns.cells(refs, columns, record, values)


def _records(
    ctx: Context, wanted: Wanted, columns: Sequence[Column]
) -> Iterator[tuple[Refs, Any, Mapping[str, Any]]]:
    """Yield the records with their values, a batch of which is held at a time."""
    kind = ctx.schema.entity(wanted.entity)
    every = list({c.field.key: c.field for c in columns if c.field is not None}.values())
    refs = Refs(ctx)
    for ids in _batches(ctx, wanted):
        query = select(kind.model).where(kind.model.id.in_(ids)).order_by(kind.model.id)
        found = ctx.session.execute(query).scalars().all()
        loaded = fields.load(ctx, kind, every, found)
        refs.told.clear()
        refs.prefetch(
            target
            for field in every
            for value in loaded[field.key].values()
            for target in export_text.targets(field, value)
        )
        for record in found:
            yield refs, record, {key: values.get(record.id) for key, values in loaded.items()}
        for record in found:
            ctx.session.expunge(record)


def _batches(ctx: Context, wanted: Wanted) -> Iterator[list[int]]:
    """Yield the ids of those chosen records that the principal may export."""
    model = ctx.schema.entity(wanted.entity).model
    last, ceiling = 0, bulk_choice.newest(ctx, wanted.entity)
    while True:
        ids, last = bulk_choice.batch(
            ctx, wanted.entity, wanted.chosen, after=last, ceiling=ceiling, size=BATCH
        )
        if not last:
            return
        yield sorted(access.visible_ids(ctx, model, ids, "export"))


def _vcards(ctx: Context, wanted: Wanted) -> Iterator[str]:
    for ids in _batches(ctx, wanted):
        for card in cards.many(ctx, wanted.entity, ids):
            yield write_vcard(card)
        ctx.session.expunge_all()
