"""The choices of an import on its page: what each may be in people's words, and what a posted form says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from app.formats.csv_table import Table
from app.formats.profiles import catalogue
from app.i18n import _
from app.kernel.context import Context
from app.models import ImportRun
from app.services import import_profiles
from app.services.export_columns import KEPT
from app.services.import_ids import system_name
from app.services.import_mapping import importable
from app.services.import_options import DATES, DECIMALS, MATCHES, NO_PROFILE, Options
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


def profiles(asked: Context, table: Table, options: Options) -> dict[str, Any]:
    """Return by which profiles a table may be read, which one is, and in words what the file looks like."""
    chosen = catalogue.find(options.profile)
    fitting = import_profiles.fitting(asked, table)
    some = [chosen, *(p for p in fitting if p is not chosen)] if chosen is not None else fitting
    if not some:
        return {}
    named = [(profile.key, import_profiles.title(profile)) for profile in some]
    return {
        "choices": [*named, (NO_PROFILE, _("None: match the columns myself"))],
        "chosen": options.profile or NO_PROFILE,
        "title": import_profiles.title(chosen) if chosen is not None else "",
    }


def matches(entity: str) -> Choices:
    """Return by what records can be known again."""
    if entity == "contact":
        named = _("Name and company")
        return [("uid", _("Identifier")), ("email", _("E-mail")), ("phone", _("Phone")), ("name", named)]
    if entity == "company":
        return [("uid", _("Identifier")), ("email", _("E-mail")), ("name", _("Name"))]
    return [("uid", _("Identifier")), ("name", _("The same title"))]


def policies() -> Choices:
    """Return what may become of one field of a record that is there already."""
    return [
        ("", _("As chosen above")),
        ("keep", _("Keep what is there")),
        ("overwrite", _("Overwrite")),
        ("fill", _("Fill if empty")),
        ("append", _("Add to it")),
    ]


def policed(asked: Context, made: ImportRun) -> list[tuple[str, str, str]]:
    """Return (key, label, chosen policy) of the fields that an import may write."""
    chosen = Options.read(made.options).policies
    some = importable(asked, made.entity) if asked.schema.has(made.entity) else []
    return [(f.key, str(f.label), chosen.get(f.key, "")) for f in some if f.key not in KEPT]


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
        match=",".join(n for n in MATCHES if n in form.getlist("match"))
        if "match-there" in form
        else former.match,
        policies=_policies(form) if "match-there" in form else former.policies,
        system=system_name(form.get("system", former.system)),
        profile=form.get("profile", former.profile)[:60],
        dates=_one(form, "dates", former.dates, DATES),
        decimal=_one(form, "decimal", former.decimal, DECIMALS),
        team="team" in form,
        duplicates=form.get("duplicates", former.duplicates),  # type: ignore[arg-type]
        owner_id=int(owner) if owner.isdecimal() else None,
        tags=tuple(dict.fromkeys(w.strip()[:80] for w in form.get("tags", "").split(",") if w.strip())),
    )


def _policies(form: MultiDict[str, str]) -> dict[str, str]:
    return {name[2:122]: what for name, what in form.items() if name.startswith("p-") and what}


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
