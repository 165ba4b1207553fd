"""Controls of several rows: e-mail addresses, phone numbers, addresses, links, places of work, relations, flags.

Rows are named `emails-0-value`; `emails-preferred` is the number of the preferred one. An empty row is none. Rows can be
added and removed by submit buttons, so that everything works without a script.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from app.formats import partial_dates, postal
from app.i18n import _
from app.kernel.context import Context
from app.kernel.contributions import Field
from app.models import EmailAddress, PhoneNumber, PostalAddress, WebLink
from app.services import fields
from app.web.forms.controls import Control, Data

MOST = 100
"""Rows that one control takes."""

Row = dict[str, str]


class Rows(Control):
    """The base: `typed` is a list of rows of texts, `row_errors` what is wrong with a row by its number."""

    template = "rows"
    row = "value"
    columns: ClassVar[Sequence[str]] = ("value", "kind")
    told: ClassVar[Sequence[str]] = ("value",)
    single = "preferred"
    add_label = ""
    model: ClassVar[type[Any] | None] = None

    def __init__(self, ctx: Context, field: Field, value: Any = None) -> None:
        self.row_errors: dict[int, str] = {}
        super().__init__(ctx, field, value)
        self.chosen = self._chosen_of(value or ())

    @property
    def id(self) -> str:
        """The first input of the first row that is wrong."""
        return f"{self.base_id}-{min(self.row_errors, default=0)}-{self.told[0]}"

    def _chosen_of(self, value: Sequence[Mapping[str, Any]]) -> int:
        return next((n for n, entry in enumerate(value) if entry.get(self.single)), 0)

    def shown(self, value: Any) -> list[Row]:
        """Return the stored entries as rows of texts."""
        return [{c: str(e.get(c) or "") for c in self.columns} for e in value or ()]

    def sent(self, data: Data) -> bool:
        """Tell whether a form held this control."""
        return f"{self.name}-there" in data

    def read(self, data: Data) -> None:
        """Take the rows that were typed, in their order."""
        pattern = re.compile(rf"{re.escape(self.name)}-(\d{{1,4}})-({'|'.join(self.columns)})")
        found: dict[int, Row] = {}
        for key, text in data.items():
            if match := pattern.fullmatch(key):
                found.setdefault(int(match[1]), dict.fromkeys(self.columns, ""))[match[2]] = text.strip()
        numbers = sorted(found)[:MOST]
        chosen = data.get(f"{self.name}-{self.single}", "")
        self.chosen = numbers.index(int(chosen)) if chosen.isdigit() and int(chosen) in numbers else 0
        self.typed = [found[n] for n in numbers]

    def grow(self) -> None:
        """Add an empty row."""
        self.typed = [*self.typed, dict.fromkeys(self.columns, "")][:MOST]

    def shrink(self, number: int) -> None:
        """Remove a row."""
        self.typed = [row for n, row in enumerate(self.typed) if n != number]
        self.chosen = max(0, self.chosen - (number < self.chosen)) if number != self.chosen else 0

    @property
    def changed(self) -> bool:
        """Whether other rows were typed, or another one preferred."""
        typed = [row for row in self.typed if not self._empty(row)]
        return typed != self._first or self.chosen != self._chosen_of(self.stored or ())

    @property
    def kinds(self) -> Sequence[tuple[str, str]]:
        """The kinds of the entries as (value, label); words of address books that are none of them stay possible."""
        found = [(c.value, str(c.label)) for c in fields.choices(self.ctx, self.field)]
        known = {value for value, _label in found}
        own = {row.get("kind", "") for row in (*self.typed, *self._first)} - known - {""}
        return [*found, *((word, word) for word in sorted(own))]

    def _empty(self, row: Row) -> bool:
        return not any(row[c] for c in self.told)

    def value(self) -> list[dict[str, Any]]:
        """Return the entries. Raises ValueError with the first wrong row's sentence; `row_errors` has all."""
        self.row_errors = {}
        entries: list[dict[str, Any]] = []
        for number, row in enumerate(self.typed):
            if self._empty(row):
                continue
            try:
                self._refuse_long(row)
                entries.append(self.entry(row) | {self.single: number == self.chosen})
            except ValueError as error:
                self.row_errors[number] = str(error)
        if self.row_errors:
            raise ValueError(self.row_errors[min(self.row_errors)])
        if entries and not any(e[self.single] for e in entries):
            entries[0][self.single] = True
        return entries

    def _refuse_long(self, row: Row) -> None:
        """Raise ValueError for a text that its column cannot hold: what somebody types is never cut."""
        columns = self.model.__table__.c if self.model is not None else {}
        for name, text in row.items():
            limit = getattr(columns[name].type, "length", None) if name in columns else None
            if limit and len(text) > limit:
                raise ValueError(
                    _("“%(text)s…” is longer than %(limit)s characters.", text=text[:40], limit=limit)
                )

    def entry(self, row: Row) -> dict[str, Any]:
        """Return what a row means. Raises ValueError with a sentence."""
        parsed = fields.parse(self.ctx, self.field, row["value"])
        return {**parsed[0], "kind": row["kind"]} if parsed else {}


class EmailRows(Rows):
    """E-mail addresses."""

    model = EmailAddress
    type = "email"

    def __init__(self, ctx: Context, field: Field, value: Any = None) -> None:
        super().__init__(ctx, field, value)
        self.add_label = _("Add an e-mail address")


class PhoneRows(Rows):
    """Phone numbers."""

    model = PhoneNumber
    type = "tel"

    def __init__(self, ctx: Context, field: Field, value: Any = None) -> None:
        super().__init__(ctx, field, value)
        self.add_label = _("Add a phone number")
        self.hint = self.hint or _("With the country code, so that one tap can call it.")


class LinkRows(Rows):
    """Web pages, profiles and messaging addresses."""

    model = WebLink
    columns = ("value", "kind", "service")
    type = "text"

    def __init__(self, ctx: Context, field: Field, value: Any = None) -> None:
        super().__init__(ctx, field, value)
        self.add_label = _("Add a web address")

    def entry(self, row: Row) -> dict[str, Any]:
        """Return the link; the account of a service need not be an address."""
        if row["service"]:
            return {"value": row["value"], "service": row["service"], "kind": row["kind"]}
        return super().entry(row) | {"service": ""}


class AddressRows(Rows):
    """Postal addresses."""

    model = PostalAddress
    row = "address"
    columns = (
        "street_address",
        "extended_address",
        "post_office_box",
        "postal_code",
        "locality",
        "region",
        "country",
        "country_code",
        "label",
        "kind",
    )
    told = (
        "street_address",
        "extended_address",
        "post_office_box",
        "postal_code",
        "locality",
        "region",
        "country",
        "label",
    )

    def __init__(self, ctx: Context, field: Field, value: Any = None) -> None:
        super().__init__(ctx, field, value)
        self.add_label = _("Add an address")

    def shown(self, value: Any) -> list[Row]:
        """Return the addresses with the country by its name."""
        rows = super().shown(value)
        for row in rows:
            if row["country_code"] and not row["country"]:
                row["country"] = postal.country_name(row["country_code"], self.ctx.locale)
        return rows

    def entry(self, row: Row) -> dict[str, Any]:
        """Return the address; its country's code follows from the name where that is known."""
        code = postal.country_code(row["country"]) or (row["country_code"] if row["country"] else "")
        stored = next((e for e in self.stored or () if e.get("country_code") == code), None)
        named = row["country"]
        if (
            code
            and (stored is not None and not stored.get("country"))
            and (named == postal.country_name(code, self.ctx.locale))
        ):
            named = ""
        return {**row, "country_code": code, "country": named}


class PeriodRows(Rows):
    """Rows with a beginning and an end, which may be a year only."""

    def shown(self, value: Any) -> list[Row]:
        """Return the entries with their dates as people write them."""
        rows = super().shown(value)
        for row in rows:
            for name in ("started_on", "ended_on"):
                row[name] = self._said(row[name])
        return rows

    def _said(self, text: str) -> str:
        try:
            said = partial_dates.display(partial_dates.from_iso(text), self.ctx.locale, "medium")
            return said if str(partial_dates.parse(said, self.ctx.locale)) == text else text
        except partial_dates.DateError:
            return text

    def period(self, row: Row) -> dict[str, str]:
        """Return both dates in ISO 8601. Raises ValueError with a sentence."""
        found = {}
        for name in ("started_on", "ended_on"):
            today = self.ctx.now.astimezone(self.ctx.zone).date()
            found[name] = str(partial_dates.parse(row[name], self.ctx.locale, today)) if row[name] else ""
        if found["ended_on"] and found["started_on"][: len(found["ended_on"])] > found["ended_on"]:
            raise ValueError(_("The end lies before the beginning. Check the two dates."))
        return found
