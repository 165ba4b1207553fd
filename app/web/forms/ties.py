"""Controls for ties between records: places of work, relations, the parent company, do-not-contact flags.

A person or company is typed by name; a name that fits several becomes a question, a company that is not there is made.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from app.formats.fold import fold
from app.i18n import _
from app.kernel.context import Context
from app.kernel.contributions import Field
from app.models import Affiliation, Company, Contact, Relation
from app.services import companies, fields, people, relations
from app.services.duplicates import key_of_person
from app.web.forms.controls import Control, Data
from app.web.forms.rows import PeriodRows, Row

Options = Sequence[tuple[str, str]]


def refuse_long_name(name: str) -> None:
    """Raise ValueError for what is too long for a company's name."""
    limit = Company.__table__.c.name.type.length  # type: ignore[attr-defined]
    if len(name) > limit:
        raise ValueError(_("“%(text)s…” is longer than %(limit)s characters.", text=name[:40], limit=limit))


class PlaceRows(PeriodRows):
    """Where somebody works and worked."""

    model = Affiliation
    row = "place"
    columns = ("company", "company_id", "title", "role", "department", "started_on", "ended_on")
    told = ("company", "title", "role", "department")
    single = "is_primary"

    def __init__(self, ctx: Context, field: Field, value: Any = None) -> None:
        self.candidates: dict[int, Options] = {}
        super().__init__(ctx, field, value)
        self.add_label = _("Add a company")

    def entry(self, row: Row) -> dict[str, Any]:
        """Return the place; the company is one of the known ones, the one chosen, or a new one by its name."""
        if not row["company"]:
            raise ValueError(_("Write the company's name, or empty this row."))
        refuse_long_name(row["company"])
        number = next(n for n, other in enumerate(self.typed) if other is row)
        found = self._company(number, row)
        texts = {n: row[n] for n in ("title", "role", "department")}
        return found | texts | self.period(row)

    def _company(self, number: int, row: Row) -> dict[str, Any]:
        known = companies.named(self.ctx, row["company"])
        chosen = next((c for c in known if str(c[0]) == row["company_id"]), None)
        if chosen is None and len(known) > 1:
            self.candidates[number] = [(str(i), _("%(name)s (no. %(id)s)", name=n, id=i)) for i, n in known]
            raise ValueError(_("There are several companies of this name. Choose one."))
        if chosen is None and known:
            chosen = known[0]
        if chosen is None:
            return {"company": row["company"]}
        return {"company_id": chosen[0], "company": chosen[1]}


class RelationRows(PeriodRows):
    """Who somebody is related to."""

    model = Relation
    row = "relation"
    columns = ("name", "other_id", "type", "started_on", "ended_on", "note")
    told = ("name", "note")
    single = "first"

    def __init__(self, ctx: Context, field: Field, value: Any = None) -> None:
        self.candidates: dict[int, Options] = {}
        super().__init__(ctx, field, value)
        self.add_label = _("Add a person")

    @property
    def types(self) -> Sequence[str]:
        """The words for relations that are known, from both sides."""
        return relations.known(self.ctx)

    def shown(self, value: Any) -> list[Row]:
        """Return the relations with their words in the reader's language."""
        rows = super().shown(value)
        for row in rows:
            row["type"] = relations.label(row["type"])
        return rows

    def value(self) -> list[dict[str, Any]]:
        """Return the relations."""
        return [{n: v for n, v in e.items() if n != self.single} for e in super().value()]

    def entry(self, row: Row) -> dict[str, Any]:
        """Return the relation; the person must be there already."""
        if not row["name"]:
            raise ValueError(_("Write the person's name, or empty this row."))
        number = next(n for n, other in enumerate(self.typed) if other is row)
        other_id, name = self._person(number, row)
        kind = relations.word_of(row["type"]) or "contact"
        return {"other_id": other_id, "name": name, "type": kind, "note": row["note"]} | self.period(row)

    def _person(self, number: int, row: Row) -> tuple[int, str]:
        keys = key_of_person(self.ctx, row["name"])
        query = select(Contact.id, Contact.formatted_name).where(Contact.name_key.in_(keys))
        known = [(r.id, r.formatted_name) for r in self.ctx.session.execute(query.limit(20))]
        if (
            row["other_id"].isdecimal()
            and len(row["other_id"]) < 10
            and int(row["other_id"]) not in {i for i, _n in known}
        ):
            kept = people.names(self.ctx, [("contact", int(row["other_id"]))])
            known += [(n.id, n.name) for n in kept.values() if fold(n.name) == fold(row["name"])]
        chosen = next((c for c in known if str(c[0]) == row["other_id"]), None)
        if chosen is None and len(known) == 1:
            chosen = known[0]
        if chosen is None and known:
            self.candidates[number] = [(str(i), _("%(name)s (no. %(id)s)", name=n, id=i)) for i, n in known]
            raise ValueError(_("Several people are called so. Choose one."))
        if chosen is None:
            raise ValueError(
                _("“%(name)s” is not among your contacts. Add the contact first.", name=row["name"])
            )
        return chosen


class Parent(Control):
    """The parent company by name; one that is not there is made."""

    template = "company"

    def shown(self, value: Any) -> str:
        """Return the name of the company."""
        if not value:
            return ""
        found = people.names(self.ctx, [("company", int(value))]).get(("company", int(value)))
        return found.name if found is not None else _("a company you cannot see")

    def value(self) -> int | str | None:
        """Return the id of the company, or the name of one to be made. Raises ValueError for an ambiguous name."""
        name = " ".join(str(self.typed).split())
        if not name:
            return None
        refuse_long_name(name)
        known = companies.named(self.ctx, name)
        if len(known) > 1:
            raise ValueError(
                _("There are several companies called “%(name)s”. Rename one of them first.", name=name)
            )
        if not known and not self.ctx.may("company.create"):
            raise ValueError(_("“%(name)s” is not among your companies.", name=name))
        return known[0][0] if known else name


class Flags(Control):
    """Channels by which somebody must not be reached, each with a reason."""

    template = "flags"

    def shown(self, value: Any) -> dict[str, dict[str, str]]:
        """Return reason and date by channel."""
        return {f["channel"]: {"reason": f["reason"], "since": f["since"]} for f in value or ()}

    @property
    def options(self) -> Options:
        """The channels as (value, label)."""
        return [(c.value, str(c.label)) for c in fields.choices(self.ctx, self.field)]

    def sent(self, data: Data) -> bool:
        """Tell whether a form held this control."""
        return f"{self.name}-there" in data

    def read(self, data: Data) -> None:
        """Take the flags that are set, with their reasons."""
        known = self.shown(self.stored)
        self.typed = {
            channel: {
                "reason": data.get(f"{self.name}-{channel}-reason", "").strip(),
                "since": known.get(channel, {}).get("since", ""),
            }
            for channel in data.getlist(self.name)
        }

    def value(self) -> list[dict[str, str]]:
        """Return the flags; a new one holds from now."""
        channels = [value for value, _label in self.options]
        return [
            {"channel": c, "reason": self.typed[c]["reason"], "since": self.typed[c]["since"] or self._now()}
            for c in sorted(channels)
            if c in self.typed
        ]

    def _now(self) -> str:
        return self.ctx.now.isoformat()


class WholeName(Control):
    """A name as one text; saving takes it apart."""

    def value(self) -> str:
        """Return the name. Raises ValueError when there is none."""
        name = " ".join(str(self.typed).split())
        if not name:
            raise ValueError(_("Write a name."))
        return name
