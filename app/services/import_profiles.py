"""Profiles of other systems' exports in an import: which one a table looks like, and what follows for its columns and rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from app.formats.card import Card
from app.formats.csv_cards import kept_column
from app.formats.csv_dates import DateOrder, date_order
from app.formats.csv_table import Table
from app.formats.csv_texts import FIELD, decimal_mark, field_of
from app.formats.profiles import catalogue
from app.formats.profiles.profile import CARDS, Profile, plain
from app.formats.profiles.shape import mapping
from app.i18n import _, _l
from app.kernel.context import Context
from app.kernel.errors import Invalid
from app.services import card_details, card_values
from app.services.export_columns import UID, UID_LABEL
from app.services.import_mapping import importable
from app.services.import_options import NO_PROFILE, Options
from app.services.import_tied import COMPANY_ID

KINDS = {
    "contacts": _l("contacts"),
    "leads": _l("leads"),
    "companies": _l("companies"),
    "deals": _l("deals"),
    "activities": _l("activities"),
    "notes": _l("notes"),
    "calls": _l("calls"),
    "e-mails": _l("e-mails"),
    "meetings": _l("meetings"),
    "tasks": _l("tasks"),
}
"""What files of other systems hold, in words for the reader."""

NOTES = ("note", "description", "body")
_OPAQUE = re.compile(r"(?=.*\d)[\w:.#/-]{1,40}")
"""Ids of other systems, which say nothing to anybody where they stand for nothing."""


def title(profile: Profile) -> str:
    """Return what a profile is called: "HubSpot: contacts"."""
    return f"{profile.name}: {KINDS[profile.kind]}"


def fitting(ctx: Context, table: Table) -> list[Profile]:
    """Return the profiles of which a table has all that they need and whose records the principal may import."""
    may = _may(ctx)
    return [p for p in catalogue.ALL if p.needs and may(p) and catalogue.fits(p, table.header)]


def _may(ctx: Context) -> Callable[[Profile], bool]:
    kinds = {e.key for e in ctx.schema.entities() if e.importable and ctx.may(f"{e.key}.import")}
    return lambda profile: profile.entity in kinds


def of(ctx: Context, options: Options, table: Table) -> Profile | None:
    """Return the profile that was chosen, else the one that a table looks like; None for a file of our own."""
    if options.profile:
        return catalogue.find(options.profile)
    found = catalogue.recognise(table.header) if UID_LABEL not in table.header else None
    if found is not None and not _may(ctx)(found):
        what = title(found)
        raise Invalid(
            {"file": _("This looks like an export of %(what)s, which cannot be imported here.", what=what)}
        )
    return found


def header_row(table: Table) -> int | None:
    """Return the row of the column names where a table was thought to have none, but its first row is known."""
    first = table.rows[0] if table.rows and table.header_row == 0 else None
    found = catalogue.recognise(first.cells) if first is not None else None
    return first.number if first is not None and found is not None else None


def taken(options: Options, profile: Profile) -> Options:
    """Return the choices with what a profile says of a file as a whole."""
    return replace(options, profile=profile.key, entity=profile.entity, system=profile.system)


def columns(ctx: Context, profile: Profile, table: Table) -> dict[int, str]:
    """Return what each column holds by a profile, as far as the principal may write it."""
    kinds = CARDS if profile.cards else (profile.entity,)
    fields = {f.key for entity in kinds for f in importable(ctx, entity)} | {UID, COMPANY_ID}
    return mapping(
        profile, table.header, table.mapping, lambda t: not t.startswith(FIELD) or field_of(t) in fields
    )


def mapped(ctx: Context, options: Options, profile: Profile, table: Table) -> Options:
    """Return the choices with what a profile says of the columns, and how dates and fractions are written in them."""
    numbers = [at for at, name in enumerate(table.header) if "number" in _steps(profile, name)]
    cells = (cell.partition(" ")[0] for row in table.rows for cell in row.cells)
    shown = {DateOrder.DAY_FIRST: "day", DateOrder.MONTH_FIRST: "month"}.get(date_order(cells), "")
    told = next((profile.dates[n] for n in map(plain, table.header) if n in profile.dates), "")
    return replace(
        options,
        mapping=columns(ctx, profile, table),
        dates=options.dates or shown or told,
        decimal=options.decimal or decimal_mark(table, numbers),
    )


def _steps(profile: Profile, name: str) -> set[str]:
    return {step for line in profile.by_header.get(plain(name), ()) for step, _argument in line.how}


def problems_of(options: Options) -> dict[str, str]:
    """Return a sentence where a profile was chosen that there is not."""
    if options.profile in ("", NO_PROFILE) or catalogue.find(options.profile) is not None:
        return {}
    return {"profile": _("There is no profile “%(name)s”.", name=options.profile)}


def keep_texts(ctx: Context, entity: str, values: dict[str, Any], lost: Iterable[tuple[str, str]]) -> None:
    """Put what a field could not take into the text of a record, but for ids that stand for nothing here."""
    lines = [f"{label}: {text}" for label, text in lost if not _OPAQUE.fullmatch(text)]
    note = next((f.key for f in ctx.schema.fields(entity) if f.key in NOTES), "")
    if lines and note:
        values[note] = "\n\n".join(filter(None, [values.get(note, ""), "\n".join(lines)]))


def keep_properties(
    values: dict[str, Any], lost: Sequence[tuple[str, str]], said: Sequence[str]
) -> list[str]:
    """Put what a field could not take among the further properties of a person or company; return what to say of it.

    Of a company whose id is not known but whose name the row has nothing is lost.
    """
    named = bool(values.get("affiliations"))
    pairs = [(one, s) for one, s in zip(lost, said, strict=True) if not (named and one[0] == COMPANY_ID)]
    if pairs:
        properties = [kept_column(_("Company") if n == COMPANY_ID else n, text) for (n, text), _said in pairs]
        values["extra"] = card_details.added(values.get("extra", "[]"), properties)
    return [sentence for _lost, sentence in pairs]


def settle_place(values: dict[str, Any], card: Card, company_id: int) -> None:
    """Let a person work in the company whose id its row has, with the title that the card has for no company."""
    if values.get("affiliations"):
        values["affiliations"][0]["company_id"] = company_id
        return
    parts = {name: getattr(card, name) for name in ("title", "role", "department") if getattr(card, name)}
    values["affiliations"] = [{**parts, "company_id": company_id, "is_primary": True}]
    homeless = card_values.beyond_names(Card(formatted_name="-", **parts))
    values["extra"] = card_details.without(values.get("extra", "[]"), homeless)
