"""The rows that were not imported, as a file of the same kind: to be corrected and imported again."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping

from sqlalchemy import select

from app.formats.card import Card
from app.formats.csv_safe import neutralise_row
from app.formats.csv_table import Table
from app.formats.vcard_write import write_vcard
from app.kernel.context import Context
from app.models import ImportRow, ImportRun
from app.services.import_mapping import WRONG
from app.services.import_options import Options
from app.services.import_reading import Item, items, table
from app.services.import_running import content


def failed_file(ctx: Context, made: ImportRun) -> tuple[str, str, Iterator[str]]:
    """Return name, media type and text of a file with the rows of a run that failed.

    A table comes back as CSV with its own columns and one that says what was wrong; cards come back as vCard 4. What
    is no card at all stands in the report only. Raises NotVisible when the file of the run is gone.
    """
    query = select(ImportRow.number, ImportRow.message).where(
        ImportRow.run_id == made.id, ImportRow.outcome == "failed"
    )
    wanted = {row.number: row.message for row in ctx.session.execute(query)}
    options = Options.read(made.options)
    data = content(ctx, made.id)
    found = (item for item in items(data, made.name, options) if item.number in wanted)
    columns = table(data, made.name, options)
    stem = made.name.rpartition(".")[0] or made.name
    if columns is not None:
        return f"{stem}-failed.csv", "text/csv; charset=utf-8", _csv(columns, found, wanted)
    return f"{stem}-failed.vcf", "text/vcard; charset=utf-8", _vcards(found)


def _csv(columns: Table, found: Iterator[Item], wanted: Mapping[int, str]) -> Iterator[str]:
    yield "\ufeff"
    yield _line([*columns.header, str(WRONG)])
    for item in found:
        if item.row is not None:
            cells = [*item.row.cells, *[""] * (len(columns.header) - len(item.row.cells))]
            yield _line([*cells, wanted[item.number]])


def _line(cells: list[str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(neutralise_row(cells))
    return text.getvalue()


def _vcards(found: Iterator[Item]) -> Iterator[str]:
    yield from (write_vcard(item.found) for item in found if isinstance(item.found, Card))
