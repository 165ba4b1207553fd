"""A row of a table made into field values of any record, each text understood by its field."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.formats.csv_dates import DateOrder
from app.formats.csv_texts import Texts, iso_day, plain_number
from app.i18n import _
from app.kernel.context import Context
from app.kernel.contributions import Field, Kind
from app.services import cell_shapes, export_text
from app.services.export_columns import PARTS, REST, UID
from app.services.export_refs import Refs
from app.services.import_mapping import DAYS, NUMBERS, importable
from app.services.import_options import Options
from app.services.import_tied import COMPANY_ID

ORDERS = {"day": DateOrder.DAY_FIRST, "month": DateOrder.MONTH_FIRST}
PLACE = {"company": "company", "title": "title"}
"""Columns of a contact that are shown only, and the part of the place of work that they say."""


@dataclass
class Reader:
    """Reads rows for one entity with one set of choices; remembers whom texts name."""

    ctx: Context
    entity: str
    options: Options
    refs: Refs = field(init=False)
    known: Mapping[str, Field] = field(init=False)
    others: dict[str, Reader] = field(default_factory=dict)
    lost: list[tuple[str, str]] = field(default_factory=list)
    """(label of a field, or COMPANY_ID, and text) of what could not be understood in the last row."""

    def __post_init__(self) -> None:
        self.refs = Refs(self.ctx, self.options.system)
        self.known = {f.key: f for f in importable(self.ctx, self.entity)}

    def of(self, entity: str) -> Reader:
        """Return the reader for rows about another kind of record of the same file."""
        if entity in ("", self.entity):
            return self
        if entity not in self.others:
            self.others[entity] = Reader(self.ctx, entity, self.options)
            self.others[entity].refs = self.refs
        return self.others[entity]

    def learn(self, rows: Iterable[Texts]) -> None:
        """Look up the ids in rows that are going to be read, with a query for each kind of record they point at."""
        if not self.options.system:
            return
        wanted: dict[str, set[str]] = {}
        for texts in rows:
            reader = self.of(texts.entity)
            for target, text in (found for cell in texts.cells for found in reader._targets(*cell)):
                wanted.setdefault(target, set()).add(text)
        for entity, found in wanted.items():
            self.refs.learn(entity, found)

    def _targets(self, key: str, text: str) -> Iterator[tuple[str, str]]:
        """Yield (entity, text) of what a cell points at."""
        key, text = self._typed(key, text)
        of = self.known.get(key)
        for line in text.split("\n"):
            if key == COMPANY_ID:
                yield "company", line
            elif of is not None and of.kind in (Kind.REF, Kind.REFS) and of.ref:
                yield of.ref, line
            elif of is not None and of.kind is Kind.REFS:
                kinds, name = export_text.typed(line)
                yield from ((kind, name) for kind in kinds)

    def _typed(self, key: str, text: str) -> tuple[str, str]:
        """Return field and text of a cell; of ids of one kind, for a field that may point at any, each with its kind."""
        name, _dot, entity = key.partition(".")
        of = self.known.get(name)
        if of is None or of.kind is not Kind.REFS or text.startswith(export_text.MARKS):
            return key, text
        if entity and not of.ref and self.ctx.schema.has(entity):
            return name, "\n".join(f"{entity}#{one}" for one in _several(text))
        return key, "\n".join(_several(text)) if self.options.system else text

    def values(self, texts: Texts) -> tuple[str, dict[str, Any], list[str]]:
        """Return UID, field values and sentences about cells that cannot be understood."""
        uid, values, problems = "", dict[str, Any](), list[str]()
        self.lost.clear()
        address: dict[str, str] = {}
        place: dict[str, Any] = {}
        for key, text in (self._typed(*cell) for cell in texts.cells):
            name, _dot, part = key.rpartition(".")
            if key == UID:
                uid = text.strip().removeprefix("urn:uuid:")[:255]
            elif key not in self.known and part in PARTS and name in self.known:
                problems += self._address(values, address, part, text)
            elif key not in self.known and self.entity == "contact" and key in PLACE:
                place[PLACE[key]] = text
            elif key == COMPANY_ID and self.entity == "contact":
                problems += self._company(place, text)
            elif key in self.known:
                problems += self._cell(values, self.known[key], text)
        for key, text in self.options.defaults.items():
            if key in self.known and key not in values:
                problems += self._cell(values, self.known[key], text)
        if address and "addresses" not in values:
            values["addresses"] = [{**address, "preferred": True}]
        if (place.get("company") or place.get("company_id")) and "affiliations" not in values:
            values["affiliations"] = [{**place, "is_primary": True}]
        return uid, values, problems

    def _company(self, place: dict[str, Any], text: str) -> list[str]:
        try:
            place["company_id"] = self.refs.id("company", text)
        except ValueError as error:
            self.lost.append((COMPANY_ID, text))
            return [str(error)]
        return []

    def _cell(self, values: dict[str, Any], of: Field, text: str) -> list[str]:
        """Read a cell; of several records that it names each is found or not by itself."""
        if of.kind is not Kind.REFS or text.startswith(export_text.MARKS):
            return self._one(values, of, text)
        problems = [said for line in text.split("\n") if line.strip() for said in self._one(values, of, line)]
        if of.key in values:
            values[of.key] = list({repr(one): one for one in values[of.key]}.values())
        return problems

    def _address(self, values: dict[str, Any], address: dict[str, str], part: str, text: str) -> list[str]:
        if part == REST:
            return self._one(values, self.known["addresses"], text)
        address[part] = text
        return []

    def _one(self, values: dict[str, Any], of: Field, text: str) -> list[str]:
        try:
            found = export_text.read(self.refs, of, self._plain(of, text))
        except ValueError as error:
            self.lost.append((str(of.label), text))
            return [_("%(field)s: %(sentence)s", field=str(of.label), sentence=str(error))]
        if isinstance(found, list) and isinstance(values.get(of.key), list):
            values[of.key] = [*values[of.key], *found]
        elif of.key in values and of.kind is Kind.LONG_TEXT:
            values[of.key] = f"{values[of.key]}\n\n{found}"
        elif of.key not in values:
            values[of.key] = found
        return []

    def _plain(self, of: Field, text: str) -> str:
        if of.kind in LISTED and text.startswith('["'):
            return "\n".join(map(str, cell_shapes.decoded(text)))
        if of.kind in NUMBERS:
            return plain_number(text, self.options.decimal)
        if of.kind in DAYS and self.options.dates in ORDERS:
            return iso_day(text, ORDERS[self.options.dates])
        return text


LISTED = (Kind.EMAIL, Kind.PHONE, Kind.URL)


def _several(text: str) -> list[str]:
    """Return the ids of a cell: one, or several with semicolons or line ends between."""
    return [one.strip() for one in re.split(r"[;\n]", text) if one.strip()]
