"""The choices of an import on its page: what each may be in people's words, and what a posted form says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from app.formats.csv_table import Table
from app.i18n import _
from app.kernel.context import Context
from app.models import ImportRun
from app.services.import_options import DATES, DECIMALS, MATCHES, Options
from app.services.import_reading import ENCODINGS

Choices = list[tuple[str, str]]
HEADERS = 20
"""Rows that may hold the names of the columns."""

DELIMITERS: Mapping[str, str] = {",": ",", ";": ";", "\t": "Tab", "|": "|", " ": "␣"}


def formats(name: str) -> str:
    """Return what a format is called."""
    known = {
        "vcard": "vCard",
        "jcard": "jCard",
        "xcard": "xCard",
        "ldif": "LDIF",
        "csv": "CSV",
        "json-records": "JSON",
        "json-lines": "JSON Lines",
        "workbook": "XLSX",
    }
    return known.get(name, name)


def layout(table: Table, options: Options, encoding: str) -> dict[str, Any]:
    """Return what can be said of how a table is written, for the selects of the page."""
    rows = [str(row.number) for row in table.rows[:HEADERS] if row.number]
    there = str(table.header_row)
    numbers = list(dict.fromkeys([*(["1"] if rows else []), there, *rows]))
    heads = [(n, _("Row %(number)s", number=n)) for n in sorted(set(numbers) - {"0"}, key=int)[:HEADERS]]
    return {
        "headers": [("0", _("No row does")), *heads],
        "header_there": there,
        "sheets": [(name, name) for name in table.sheets],
        "delimiters": [(mark, text if mark != "\t" else _("Tab")) for mark, text in DELIMITERS.items()]
        if table.delimiter
        else [],
        "encodings": [("", _("Recognised: %(name)s", name=encoding)), *((e, e) for e in ENCODINGS)]
        if table.delimiter
        else [],
        "dates": [
            ("", _("As each cell shows")),
            ("day", _("Day first: 28/02/2026")),
            ("month", _("Month first: 02/28/2026")),
        ],
        "decimals": [("", _("As each cell shows")), (",", "1.234,56"), (".", "1,234.56")],
        "options": options,
    }


def matches(asked: Context, entity: str) -> Choices:
    """Return by what records can be known again."""
    if entity == "contact":
        return [
            ("", _("Whatever convinces: identifier, e-mail, phone, name and company")),
            ("uid", _("Identifier (UID) alone")),
            ("email", _("E-mail alone")),
            ("phone", _("Phone alone")),
            ("name", _("Name and company alone")),
        ]
    if entity == "company":
        return [
            ("", _("Whatever convinces: identifier, e-mail, name")),
            ("uid", _("Identifier (UID) alone")),
            ("name", _("Name alone")),
        ]
    return [("", _("Identifier (UID)")), ("name", _("The same title"))]


def chosen(made: ImportRun, form: MultiDict[str, str]) -> Options:
    """Return the choices of a posted preview; what it does not hold stays as it is."""
    former = Options.read(made.options)
    mapping = {int(n[1:]): v[:120] for n, v in form.items() if n[:1] == "m" and n[1:].isdecimal()}
    owner = form.get("owner", "")
    return Options(
        entity=former.entity,
        mapping=mapping or former.mapping,
        header_row=_header(former, form),
        encoding=_one(form, "encoding", former.encoding, ("", *ENCODINGS)),
        delimiter=_one(form, "delimiter", former.delimiter, tuple(DELIMITERS)),
        sheet=form.get("sheet", former.sheet)[:100],
        match=_one(form, "match", former.match, MATCHES),
        dates=_one(form, "dates", former.dates, DATES),
        decimal=_one(form, "decimal", former.decimal, DECIMALS),
        team="team" in form,
        duplicates=form.get("duplicates", former.duplicates),  # type: ignore[arg-type]
        owner_id=int(owner) if owner.isdecimal() else None,
        tags=tuple(dict.fromkeys(w.strip()[:80] for w in form.get("tags", "").split(",") if w.strip())),
    )


def _one(form: MultiDict[str, str], name: str, former: str, known: tuple[str, ...]) -> str:
    """Return a posted choice; one that was shown and left as it was found stays a guess."""
    given = form.get(name, former)
    if given == form.get(f"{name}-there", "\0"):
        return former
    return given if given in known else former


def _header(former: Options, form: MultiDict[str, str]) -> int | None:
    """Return the row of the column names; what was shown and left as it is stays a guess."""
    shown, given = form.get("header-there", ""), form.get("header", "")
    if not given.isdecimal() or len(given) > 4 or given == shown:
        return former.header_row
    return int(given)
