"""The columns of a table on the page of an import: what each may hold, in people's words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from app.formats.csv_table import Table
from app.formats.csv_targets import TARGETS, parse_target
from app.formats.csv_texts import FIELD, of_fields
from app.formats.profiles import catalogue
from app.formats.profiles.profile import Profile
from app.i18n import _, _l
from app.kernel.context import Context
from app.services import export_columns, import_mapping, import_tied
from app.services.import_fields import PLACE
from app.services.import_options import Options as Chosen

Options = list[tuple[str, Any]]
AS_FOUND = Chosen()

FIELDS: dict[str, Any] = {
    "skip": _l("Do not import"),
    "": _l("Keep under its own name"),
    "note": _l("Notes"),
    "formatted_name": _l("Name"),
    "honorific_prefix": _l("Title before the name"),
    "given_name": _l("Given name"),
    "additional_name": _l("Middle name"),
    "family_name": _l("Family name"),
    "honorific_suffix": _l("Title after the name"),
    "nickname": _l("Nickname"),
    "phonetic_given_name": _l("Given name as it sounds"),
    "phonetic_family_name": _l("Family name as it sounds"),
    "organization": _l("Company"),
    "department": _l("Department"),
    "title": _l("Job title"),
    "role": _l("Role"),
    "emails": _l("E-mail"),
    "phones": _l("Phone"),
    "addresses": _l("Address"),
    "urls": _l("Web page"),
    "impp": _l("Social or messenger"),
    "birthday": _l("Birthday"),
    "anniversary": _l("Anniversary"),
    "gender": _l("Gender"),
    "pronouns": _l("Pronouns"),
    "languages": _l("Languages"),
    "time_zone": _l("Time zone"),
    "geo": _l("Position on the map"),
    "categories": _l("Tags"),
    "related": _l("Related person"),
    "photo": _l("Photo"),
    "source": _l("Source"),
    "uid": _l("Identifier (UID)"),
    "events": _l("Date"),
    "custom": _l("Own field"),
}
PARTS: dict[str, Any] = {
    "street_address": _l("street and number"),
    "extended_address": _l("second line"),
    "post_office_box": _l("post office box"),
    "postal_code": _l("postal code"),
    "locality": _l("city"),
    "region": _l("region"),
    "country": _l("country"),
    "label": _l("as printed"),
    "year": _l("year"),
    "month": _l("month"),
    "day": _l("day"),
    "types": _l("kind"),
    "service": _l("service"),
}
SLOTS: dict[str, Any] = {
    "work": _l("work"),
    "home": _l("home"),
    "other": _l("other"),
    "cell": _l("mobile"),
    "fax": _l("fax"),
    "work-fax": _l("fax, work"),
    "home-fax": _l("fax, home"),
    "pager": _l("pager"),
    "billing": _l("billing"),
    "delivery": _l("delivery"),
    "spouse": _l("spouse"),
    "child": _l("child"),
    "manager": _l("manager"),
    "assistant": _l("assistant"),
    "referred-by": _l("referred by"),
}
GROUPS: Sequence[tuple[Any, frozenset[str]]] = (
    (_l("Name"), frozenset(n for n in FIELDS if n.endswith(("name", "prefix", "suffix")))),
    (_l("Work"), frozenset(("organization", "department", "title", "role"))),
    (_l("E-mail and phone"), frozenset(("emails", "phones"))),
    (_l("Address"), frozenset(("addresses",))),
    (_l("Web and social"), frozenset(("urls", "impp"))),
)
SERVICES = {"linkedin": "LinkedIn", "xing": "XING", "whatsapp": "WhatsApp"}


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column to be matched: its place, name, an example cell, the chosen target and all that may be chosen."""

    at: int
    name: str
    example: str
    target: str
    options: Options


def columns(asked: Context, entity: str, table: Table, options: Chosen = AS_FOUND) -> list[Column]:
    """Return the columns of a table; those that hold nothing in its first rows come last."""
    profile = catalogue.find(options.profile)
    if profile is not None:
        by_field, offers = not profile.cards, _of_profile(asked, profile)
    else:
        by_field = entity != import_mapping.CARD or of_fields(table.mapping)
        offers = field_options(asked, entity) if by_field else beside(asked, entity)
    found = [_column(table, at, offers, alone=by_field) for at in range(len(table.header))]
    return sorted(found, key=lambda column: not column.example)


def field_options(asked: Context, entity: str) -> Options:
    """Return the fields of an entity that a column may hold, addresses by their parts."""
    may = {f.key for f in import_mapping.importable(asked, entity)}
    found = [(f"{FIELD}{export_columns.UID}", _("Identifier (UID)"))]
    for one in export_columns.columns(asked, entity):
        if one.field is not None and (one.field.key in may or one.key in PLACE):
            found.append((f"{FIELD}{one.key}", one.label))
    return found + import_tied.choices(asked, entity)


def _of_profile(asked: Context, profile: Profile) -> Options:
    """Return the fields that a column may hold where a profile reads the file."""
    return field_options(asked, profile.entity)


def beside(asked: Context, entity: str) -> Options:
    """Return the fields of contacts that no address book has: owner, stage, what plugins add."""
    some = [f for f in import_mapping.importable(asked, entity) if import_mapping.is_beside(f)]
    return [(f"{FIELD}{f.key}", str(f.label)) for f in some]


def _column(table: Table, at: int, offers: Options, *, alone: bool) -> Column:
    cells = (row.cells[at] for row in table.rows if at < len(row.cells) and row.cells[at])
    example = next(cells, "")
    target = table.mapping.get(at, "")
    return Column(
        at=at,
        name=table.header[at] or _("Column %(number)s", number=at + 1),
        example=example[:120],
        target=target,
        options=[
            (_("In general"), [(target if target == "skip" else "", _("Do not import"))]),
            (_("Fields"), offers),
        ]
        if alone
        else [*_options(target, offers)],
    )


def _options(target: str, offers: Options) -> Options:
    known = [*_known(), *([(_("Further fields"), offers)] if offers else [])]
    if target in {value for _group, some in known for value, _label_ in some}:
        return [(str(group), [(v, str(t)) for v, t in some]) for group, some in known]
    first = (_("Recognised"), [(target, label(target))])
    return [first, *((str(group), [(v, str(t)) for v, t in some]) for group, some in known)]


def _known() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return what may be chosen, in groups; addresses of rarer kinds only where a header names them."""
    targets = [t for t in _offered() if parse_target(t).slot not in {"billing", "delivery"}]
    sorted_in: list[tuple[str, list[tuple[str, str]]]] = [
        (_("In general"), [(t, label(t)) for t in ("", "skip", "note")])
    ]
    used = {"skip", "note"}
    for group, names in GROUPS:
        some = [t for t in targets if parse_target(t).field in names]
        used |= set(some)
        sorted_in.append((str(group), [(t, label(t)) for t in some]))
    sorted_in.append((_("About the person"), [(t, label(t)) for t in targets if t not in used]))
    return sorted_in


@cache
def _offered() -> tuple[str, ...]:
    return tuple(target for target in TARGETS if target)


def label(target: str) -> str:
    """Return a target in words: "E-mail (work)", "Address: city (home)"."""
    parsed = parse_target(target)
    text = str(FIELDS.get(parsed.field, parsed.field))
    if parsed.part:
        text = f"{text}: {PARTS.get(parsed.part, parsed.part)}"
    if parsed.slot:
        slot = str(SLOTS.get(parsed.slot) or SERVICES.get(parsed.slot) or parsed.slot.capitalize())
        text = f"{text} ({slot})"
    if parsed.person > 1:
        text = _("%(field)s of person %(number)s", field=text, number=parsed.person)
    return text
