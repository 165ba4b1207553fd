from __future__ import annotations

from decimal import Decimal

from flask import Flask

from app.web.downloads import csv_file


def test_a_table_is_a_file_that_runs_nothing(app: Flask) -> None:
    answer = csv_file(
        "Q1 – team.csv", [["Name", "Won"], ["=HYPERLINK(1)", Decimal("-12.50")], ["Ana, Lima", 3]]
    )

    assert answer.get_data(as_text=True) == 'Name,Won\r\n\'=HYPERLINK(1),-12.50\r\n"Ana, Lima",3\r\n'
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.mimetype == "text/csv"
