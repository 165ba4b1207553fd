"""A row of a table made into field values of any record, each text understood by its field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.formats.csv_dates import DateOrder
from app.formats.csv_texts import Texts, iso_day, plain_number
from app.i18n import _
from app.kernel.context import Context
from app.kernel.contributions import Field, Kind
from app.services import export_text
from app.services.export_columns import PARTS, REST, UID
from app.services.export_refs import Refs
from app.services.import_mapping import DAYS, NUMBERS, importable
from app.services.import_options import Options

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

    def __post_init__(self) -> None:
        self.refs = Refs(self.ctx)
        self.known = {f.key: f for f in importable(self.ctx, self.entity)}

    def values(self, texts: Texts) -> tuple[str, dict[str, Any], list[str]]:
        """Return UID, field values and sentences about cells that cannot be understood."""
        uid, values, problems = "", dict[str, Any](), list[str]()
        address: dict[str, str] = {}
        place: dict[str, str] = {}
        for key, text in texts.cells:
            name, _dot, part = key.rpartition(".")
            if key == UID:
                uid = text.strip().removeprefix("urn:uuid:")[:255]
            elif key not in self.known and part in PARTS and name in self.known:
                self._address(values, address, part, text)
            elif key not in self.known and self.entity == "contact" and key in PLACE:
                place[PLACE[key]] = text
            elif key in self.known:
                problems += self._one(values, self.known[key], text)
        if address and "addresses" not in values:
            values["addresses"] = [{**address, "preferred": True}]
        if place.get("company") and "affiliations" not in values:
            values["affiliations"] = [{**place, "is_primary": True}]
        return uid, values, problems

    def _address(self, values: dict[str, Any], address: dict[str, str], part: str, text: str) -> None:
        if part == REST:
            values["addresses"] = export_text.read(self.refs, self.known["addresses"], text)
        else:
            address[part] = text

    def _one(self, values: dict[str, Any], of: Field, text: str) -> list[str]:
        try:
            found = export_text.read(self.refs, of, self._plain(of, text))
        except ValueError as error:
            return [_("%(field)s: %(sentence)s", field=str(of.label), sentence=str(error))]
        if isinstance(found, list) and isinstance(values.get(of.key), list):
            values[of.key] = [*values[of.key], *found]
        elif of.key in values and of.kind is Kind.LONG_TEXT:
            values[of.key] = f"{values[of.key]}\n\n{found}"
        elif of.key not in values:
            values[of.key] = found
        return []

    def _plain(self, of: Field, text: str) -> str:
        if of.kind in NUMBERS:
            return plain_number(text, self.options.decimal)
        if of.kind in DAYS and self.options.dates in ORDERS:
            return iso_day(text, ORDERS[self.options.dates])
        return text
