"""Tables as files to keep: CSV that no spreadsheet runs as a formula."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Response

from app.formats.csv_write import written
from app.formats.files import content_disposition


def csv_file(name: str, rows: Iterable[list[object]]) -> Response:
    """Answer with rows (the first holds the headings) as a CSV file of a name, "Forecast.csv" say.

    Cells that a spreadsheet would run are written as text (TRUST S15); numbers stay numbers.
    """
    response = Response("".join(written(rows)), mimetype="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = content_disposition(name)
    response.headers["Cache-Control"] = "private, no-store"
    return response
