"""What became of the rows of a file: how far it is, a receipt for each, and those that failed as a file of the same kind."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import func, select

from app.formats.card import Card
from app.formats.csv_safe import neutralise_row
from app.formats.csv_table import Table
from app.formats.vcard_write import write_vcard
from app.i18n import _
from app.kernel.context import Context
from app.models import ImportRow, ImportRun
from app.services import import_options, import_undo, people
from app.services.import_mapping import WRONG
from app.services.import_options import Options
from app.services.import_reading import Item, Since, items, table
from app.services.import_running import content

BATCH = 500
AT_ONCE = 50
"""Rows of a report on one page."""


def progress(ctx: Context, made: ImportRun) -> tuple[int, int]:
    """Return how much of how much is done: rows if all were counted before, else bytes of the file; changes of an undo."""
    if made.state == "undoing":
        return import_undo.steps(ctx, made)
    since = Since.of(import_options.told(made.options).get("since"))
    if since is None or made.total > made.done:
        return made.done, made.total
    return since.mark.at, content(ctx, made.id).size


def rows(
    ctx: Context, made: ImportRun, outcome: str = "", *, after: int = 0, limit: int = AT_ONCE
) -> Sequence[ImportRow]:
    """Return rows of a report in the order of the file, those of one outcome if one is named, after a row's number."""
    query = select(ImportRow).where(ImportRow.run_id == made.id, ImportRow.number > after)
    if outcome:
        query = query.where(ImportRow.outcome == outcome)
    return ctx.session.execute(query.order_by(ImportRow.number).limit(limit)).scalars().all()


def noted(ctx: Context, made: ImportRun) -> int:
    """Return about how many rows something was noted that somebody should look at."""
    query = select(func.count()).where(ImportRow.run_id == made.id, ImportRow.outcome == "noted")
    return ctx.session.scalar(query) or 0


def receipts(ctx: Context, made: ImportRun, outcome: str = "") -> Iterator[str]:
    """Yield the text of a CSV file with a receipt for each row of the file: what became of it, of which record, and why."""
    yield "\ufeff"
    yield _line(
        [
            _("Entry"),
            _("Outcome"),
            _("What it holds"),
            _("Record"),
            "Kith",
            _("Reason"),
            _("The entry's words"),
        ]
    )
    for rows in _batches(ctx, made, outcome):
        names = people.names(ctx, {(r.entity, r.record_id) for r in rows if r.entity and r.record_id})
        for row in rows:
            found = names.get((row.entity, row.record_id or 0))
            yield _line(
                [
                    str(row.number),
                    row.outcome,
                    row.entity,
                    found.name if found is not None else "",
                    f"{row.entity}:{row.record_id}" if row.record_id else "",
                    row.message,
                    row.words,
                ]
            )


def _batches(ctx: Context, made: ImportRun, outcome: str) -> Iterator[list[Any]]:
    """Yield the rows of a report in the order of the file, some at a time."""
    columns = (
        ImportRow.number,
        ImportRow.outcome,
        ImportRow.entity,
        ImportRow.record_id,
        ImportRow.words,
        ImportRow.message,
    )
    query = select(*columns).where(ImportRow.run_id == made.id).order_by(ImportRow.number).limit(BATCH)
    query = query.where(ImportRow.outcome == outcome) if outcome else query
    after = 0
    while rows := list(ctx.session.execute(query.where(ImportRow.number > after))):
        after = rows[-1].number
        yield rows


def failed_file(ctx: Context, made: ImportRun) -> tuple[str, str, Iterator[str]]:
    """Return name, media type and text of a file with the rows of a run that failed.

    A table comes back as CSV with its own columns and one that says what was wrong; cards come back as vCard 4. What
    is no card at all stands in the report only. Raises NotVisible when the file of the run is gone.
    """
    options = Options.read(made.options)
    data = content(ctx, made.id)
    columns = table(data, made.name, options)
    stem = made.name.rpartition(".")[0] or made.name
    found = _failed(ctx, made, items(data, made.name, options))
    if columns is not None:
        return f"{stem}-failed.csv", "text/csv; charset=utf-8", _csv(columns, found)
    return f"{stem}-failed.vcf", "text/vcard; charset=utf-8", _vcards(found)


def _failed(ctx: Context, made: ImportRun, found: Iterator[Item]) -> Iterator[tuple[Item, str]]:
    """Yield the finds that failed with the reason: the file and the report are read side by side, neither is held."""
    wanted = (row for rows in _batches(ctx, made, "failed") for row in rows)
    row = next(wanted, None)
    for item in found:
        if row is None:
            return
        if item.number == row.number:
            yield item, row.message
            row = next(wanted, None)


def _csv(columns: Table, found: Iterator[tuple[Item, str]]) -> Iterator[str]:
    yield "\ufeff"
    yield _line([*columns.header, str(WRONG)])
    for item, message in found:
        if item.row is not None:
            cells = [*item.row.cells, *[""] * (len(columns.header) - len(item.row.cells))]
            yield _line([*cells, message])


def _line(cells: list[str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(neutralise_row(cells))
    return text.getvalue()


def _vcards(found: Iterator[tuple[Item, str]]) -> Iterator[str]:
    yield from (write_vcard(item.found) for item, _message in found if isinstance(item.found, Card))
