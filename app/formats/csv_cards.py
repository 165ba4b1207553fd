"""Rows of a table made into cards by a mapping of its columns."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.formats.card import (
    N_,
    Address,
    Card,
    Impp,
    Params,
    Photo,
    Problem,
    Property,
    Related,
    Value,
    left_out,
    problem,
)
from app.formats.card_draft import Draft
from app.formats.csv_dates import DateOrder, table_date
from app.formats.csv_headers import guess_target, types_of_words
from app.formats.csv_rows import Row
from app.formats.csv_targets import Target, parse_target
from app.formats.vcard_handlers import gender_of
from app.formats.vcard_names import country_code
from app.formats.vcard_values import escape, is_uri

_AT_MARKS = re.compile(r"[;,]")
SEVERAL = " ::: "
"""What Google Contacts puts between several values of one cell."""
_NOTHING = N_(
    "No column with a name, e-mail address, phone number or company is filled in this row. It was left out."
)
_DATE = N_(
    "It is not clear which number is the day and which the month. The date was kept as it stands; correct it."
)


@dataclass(frozen=True, slots=True)
class Plan:
    """How to read the columns of one table: targets by column, names of the columns, order of its dates."""

    targets: dict[int, Target]
    header: tuple[str, ...]
    order: DateOrder
    plain_notes: frozenset[int]

    @classmethod
    def of(cls, header: Sequence[str], mapping: Mapping[int, str], order: DateOrder) -> "Plan":
        """Return the plan for a header and a mapping (column to target)."""
        targets = {at: parse_target(text) for at, text in mapping.items() if text}
        notes = frozenset(at for at in targets if at < len(header) and guess_target(header[at]) == "note")
        return cls(targets, tuple(header), order, notes)

    def name(self, at: int) -> str:
        """Return what to call a column."""
        given = self.header[at] if at < len(self.header) else ""
        return given or f"#{at + 1}"


@dataclass(slots=True)
class _Person:
    """What a row says about one person, before the values of several columns are put together."""

    draft: Draft = field(default_factory=Draft)
    slots: dict[tuple[str, str], dict[str, list[str]]] = field(default_factory=dict)
    targets: dict[tuple[str, str], Target] = field(default_factory=dict)
    found: bool = False


def cards_of_row(row: Row, plan: Plan) -> Iterator[Card | Problem]:
    """Yield the people of a row, and a Problem for what the row does not say clearly."""
    people: dict[int, _Person] = {}
    for at, cell in enumerate(row.cells):
        target = plan.targets.get(at, Target("extra"))
        if not cell or target.field == "skip" or target.field.startswith("field:"):
            continue
        person = people.setdefault(target.person, _Person())
        yield from _take(person, row, at, plan)
    if not people:
        yield left_out(row.number, ", ".join(filter(None, row.cells)), _NOTHING)
    for person in people.values():
        for key, parts in person.slots.items():
            _put_together(person.draft, person.targets[key], parts)
        yield from _finished(person, row, plan)


def _take(person: _Person, row: Row, at: int, plan: Plan) -> Iterator[Problem]:
    """Put one cell where its column says."""
    target, cell, draft = plan.targets.get(at, Target("extra")), row.cells[at], person.draft
    if target.field == "note":
        draft.add_note(cell if at in plan.plain_notes else f"{plan.name(at)}: {cell}")
    elif target.field in _LISTS or target.part in ("year", "month", "day"):
        key = (target.field, target.slot or (f"column {at}" if target.field in _SPREAD else ""))
        person.slots.setdefault(key, {}).setdefault(target.part, []).append(cell)
        person.targets.setdefault(key, target)
    elif target.field in ("birthday", "anniversary"):
        text, clear = table_date(cell, plan.order)
        if not clear:
            yield problem(row.number, f"{plan.name(at)}: {cell}", _DATE)
        if not draft.put(target.field, text):
            draft.extra.append(kept_column(plan.name(at), cell))
    elif not _put_single(draft, target.field, cell):
        draft.extra.append(kept_column(plan.name(at), cell))
    person.found = person.found or target.field != "extra"


def kept_column(name: str, cell: str) -> Property:
    """Return the property that keeps a cell whose column has no field, with the name of the column."""
    return Property("x-column", (cell,), "text", {"x-name": (name,)})


def _put_single(draft: Draft, name: str, cell: str) -> bool:
    """Set a field of one value; return whether there is such a field and it was free."""
    if name in ("categories", "languages"):
        words = [word.strip().removeprefix("* ") for word in _several(cell, ";,")]
        if name == "categories":
            draft.add_categories(words)
        else:
            draft.languages += [Value(word) for word in words if word]
        return True
    if name == "photo":
        if draft.photo is None and is_uri(cell):
            draft.photo = Photo(uri=cell)
            return True
        return False
    if name == "gender":
        return draft.put(name, gender_of(cell))
    return name in _TEXTS and draft.put(name, cell)


def _several(cell: str, marks: str) -> list[str]:
    if SEVERAL.strip() in cell:
        return [part.strip() for part in cell.split(SEVERAL.strip())]
    mark = next((mark for mark in marks if mark in cell), "")
    return cell.split(mark) if mark else [cell]


def _values(name: str, cell: str) -> list[str]:
    """The values of one cell: Google's separator, a line each, e-mail addresses also with commas or semicolons."""
    if name not in ("emails", "phones", "urls", "impp"):
        return _several(cell, "")
    values = [line.strip() for part in _several(cell, "") for line in part.split("\n")]
    if name == "emails" and all(part.count("@") == 1 for value in values for part in _AT_MARKS.split(value)):
        values = [part.strip() for value in values for part in _AT_MARKS.split(value)]
    return values


def _put_together(draft: Draft, target: Target, parts: dict[str, list[str]]) -> None:
    if target.field == "birthday":
        _birthday(draft, parts)
        return
    if target.field == "addresses":
        _addresses(draft, target, parts)
        return
    labels = [label for cell in parts.get("types", []) for label in _several(cell, "")]
    values = [value for cell in parts.get("", []) for value in _values(target.field, cell)]
    for at, value in enumerate(values):
        label = labels[min(at, len(labels) - 1)] if labels else ""
        _put_value(draft, target, value, label, parts)
    if not values:
        held = [cell for cells in parts.values() for cell in cells if cell != "*"]
        draft.extra += [
            kept_column(f"{target.field} {target.slot}", cell) for cell in held if cell.strip("* ")
        ]


def _put_value(draft: Draft, target: Target, value: str, label: str, parts: dict[str, list[str]]) -> None:
    if not value:
        return
    words, pref = types_of_words(label)
    types, pref = tuple(dict.fromkeys((*target.types, *words))), 1 if target.preferred else pref
    match target.field:
        case "emails" | "phones" | "urls":
            getattr(draft, target.field).append(Value(value, types, pref))
        case "related":
            draft.related.append(Related(value, types, pref))
        case "impp":
            service = parts.get("service", [""])[0] or (target.types[0] if target.types else "")
            draft.impp.append(Impp(value, service, tuple(word for word in types if word != service), pref))
        case "events":
            _event(draft, value, label, words)
        case _:
            draft.extra.append(kept_column(label or f"{target.field} {target.slot}", value))


def _event(draft: Draft, value: str, label: str, words: tuple[str, ...]) -> None:
    """A labelled date of Google: an anniversary or birthday if the field is free, else kept as Apple's X-ABDATE."""
    text, _ = table_date(value, DateOrder.UNKNOWN)
    if words[:1] and words[0] in ("anniversary", "birthday") and draft.put(words[0], text):
        return
    group: Params = {"group": (f"event{1 + sum(1 for prop in draft.extra if prop.name == 'x-abdate')}",)}
    draft.extra.append(Property("x-abdate", (escape(text),), "unknown", group))
    if label:
        draft.extra.append(Property("x-ablabel", (escape(label),), "unknown", group))


def _addresses(draft: Draft, target: Target, parts: dict[str, list[str]]) -> None:
    """One address of its parts; several where Google joined several in each cell."""
    split = {name: [_several(cell, "") for cell in cells] for name, cells in parts.items()}
    count = max(len(texts) for cells in split.values() for texts in cells)
    for at in range(count):
        named = {name: [texts[at] for texts in cells if at < len(texts)] for name, cells in split.items()}
        joined = {
            name: ("\n" if name != "locality" else ", ").join(filter(None, cells))
            for name, cells in named.items()
        }
        words, pref = types_of_words(joined.pop("types", ""))
        types = tuple(dict.fromkeys((*target.types, *words)))
        if any(joined.values()):
            joined["street_address"] = joined.get("street_address", "") or joined.pop("", "")
            code = country_code(joined.get("country", ""))
            texts: dict[str, Any] = joined
            draft.addresses.append(Address(**texts, country_code=code, types=types, pref=pref))
        elif types:
            draft.extra.append(kept_column(f"addresses {target.slot}", " ".join(types)))


def _birthday(draft: Draft, parts: dict[str, list[str]]) -> None:
    year, month, day = (parts.get(name, [""])[0] for name in ("year", "month", "day"))
    if month.isdecimal() and day.isdecimal() and (not year or year.isdecimal()):
        text, _ = table_date(
            f"{year.zfill(4) if year else '--'}{month.zfill(2)}{day.zfill(2)}", DateOrder.UNKNOWN
        )
    else:
        text = "-".join(filter(None, (year, month, day)))
    if not draft.put("birthday", text):
        draft.extra.append(kept_column("birthday", text))


def _finished(person: _Person, row: Row, plan: Plan) -> Iterator[Card | Problem]:
    draft = person.draft
    named = any(draft.texts.get(name) for name in ("formatted_name", "given_name", "family_name", "nickname"))
    reach = draft.emails or draft.phones or draft.impp
    if not named and draft.texts.get("organization"):
        draft.kind = "org"
    elif not named and not reach:
        if person.found or person.draft.extra:
            words = ", ".join(f"{plan.name(at)}: {cell}" for at, cell in enumerate(row.cells) if cell)
            yield left_out(row.number, words, _NOTHING)
        return
    yield draft.finish()


_SPREAD = frozenset(("emails", "phones", "urls", "impp", "related", "custom", "events"))
"""Fields of which each column without a slot is a value of its own."""
_LISTS = _SPREAD | {"addresses"}
_TEXTS = frozenset(
    [
        "formatted_name",
        "honorific_prefix",
        "given_name",
        "additional_name",
        "family_name",
        "honorific_suffix",
        "nickname",
        "phonetic_given_name",
        "phonetic_family_name",
        "pronouns",
        "time_zone",
        "geo",
        "organization",
        "department",
        "title",
        "role",
        "source",
        "uid",
    ]
)
